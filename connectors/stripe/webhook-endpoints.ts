// The account's webhook endpoints. Each shows its signing secret only once, when it is made, so that we never make one: the
// secret has to be among the settings. What was switched off, or lacks events, is mended in place and keeps its secret.
import type { Api } from "../../src/define/connector.ts";
import type { Subscriptions } from "../../src/define/subscriptions.ts";
import { ask } from "./ask.ts";
import { typesOf, WATCHED, type WatchedName } from "./observed.ts";

interface Endpoint {
  readonly id: string;
  readonly object: string;
  readonly url: string;
  readonly status: string;
  readonly enabled_events: readonly string[];
}

interface EndpointPage {
  readonly object: string;
  readonly data: readonly Endpoint[];
  readonly has_more: boolean;
}

const ROUTE = "/webhook_endpoints";
const PAGE_SIZE = 100;

export const subscriptions: Subscriptions = {
  how: "api",
  topics: (resources) => [...new Set(resources.filter(isWatched).flatMap(typesOf))],
  async list(api) {
    const endpoints = await endpointsOf(api);
    return endpoints.map(({ id, url, status, enabled_events: topics }) => ({
      id,
      topics,
      url,
      active: status === "enabled",
    }));
  },
  async ensure(api, url, topics) {
    const here = (await endpointsOf(api)).find((endpoint) => endpoint.url === url);
    if (here === undefined) {
      const todo =
        `make a webhook endpoint for ${url} in Stripe's dashboard, with the events of the resources that are read, and put ` +
        `its signing secret into the setting webhookSecret`;
      return { mended: [], todo };
    }
    const events = here.enabled_events.includes("*") ? ["*"] : [...new Set([...here.enabled_events, ...topics])];
    const added = events.filter((event) => !here.enabled_events.includes(event));
    const isOff = here.status !== "enabled";
    if (added.length === 0 && !isOff) return { mended: [] };
    await ask<Endpoint>(api, {
      method: "POST",
      route: `${ROUTE}/{id}`,
      id: here.id,
      safe: true,
      form: { enabled_events: events, ...(isOff ? { disabled: false } : {}) },
    });
    return { mended: isOff ? topics : added };
  },
  async remove(api, id) {
    await ask(api, { method: "DELETE", route: `${ROUTE}/{id}`, id });
  },
};

async function endpointsOf(api: Api): Promise<readonly Endpoint[]> {
  const all: Endpoint[] = [];
  for (let more = true; more;) {
    const after = all.at(-1)?.id;
    const form = { limit: PAGE_SIZE, ...(after === undefined ? {} : { starting_after: after }) };
    const page = await ask<EndpointPage>(api, { method: "GET", route: ROUTE, form });
    all.push(...page.data);
    more = page.has_more && page.data.length > 0;
  }
  return all;
}

function isWatched(name: string): name is WatchedName {
  return name in WATCHED;
}

// A small shop for tests of the whole engine: a provider that keeps customers and orders, and the connector that reads it.
import { z } from "zod";
import type { Api, Webhook } from "../define/connector.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import type { Page, PageQuery, Resource } from "../define/resource.ts";
import { signedWebhook } from "../server/testing/signed-webhook.ts";
import type { FetchHandler } from "../world/in-process.ts";
import type { Clock } from "../world/world.ts";
import { befallen, type Trouble } from "./troubles.ts";

export const SHOP = "https://shop.example";
const PAGE_RECORDS = 4;

const version = z.string();
const changedAt = z.number();
const customer = z.object({ id: z.string(), name: z.string(), version, changedAt });
export const order = z.object({
  id: z.string(),
  note: z.string(),
  customer: z.string().nullable(),
  paid: z.boolean(),
  version,
  changedAt,
});
export type Customer = z.infer<typeof customer>;
export type Order = z.infer<typeof order>;
type Kind = "customers" | "orders";

export interface SmallShop {
  readonly customers: Map<string, Customer>;
  readonly orders: Map<string, Order>;
  readonly troubles: Trouble[];
  /** Each request that came, such as "GET /orders?keys=1". */
  readonly calls: string[];
  token: string;
  putCustomer(id: string, name?: string): Customer;
  putOrder(id: string, changes?: Partial<Omit<Order, "id" | "version" | "changedAt">>): Order;
  readonly fetch: FetchHandler;
}

export function smallShop(clock: Clock): SmallShop {
  let count = 0;
  const stamp = () => ({ version: String((count += 1)).padStart(9, "0"), changedAt: clock.now() });
  const troubles: Trouble[] = [];
  const shop: SmallShop = {
    customers: new Map(),
    orders: new Map(),
    troubles,
    calls: [],
    token: "shop-token",
    putCustomer(id, name = `Customer ${id}`) {
      const put = { id, name, ...stamp() };
      shop.customers.set(id, put);
      return put;
    },
    putOrder(id, changes = {}) {
      const put = {
        id,
        note: `order ${id}`,
        customer: null,
        paid: true,
        ...shop.orders.get(id),
        ...changes,
        ...stamp(),
      };
      shop.orders.set(id, put);
      return put;
    },
    fetch: befallen(async (request) => {
      const url = new URL(request.url);
      shop.calls.push(`${request.method} ${url.pathname}${url.search}`);
      if (request.headers.get("x-token") !== shop.token) return Response.json({}, { status: 401 });
      return Response.json(answerOf([...shop[url.pathname.slice(1) as Kind].values()], url.searchParams));
    }, troubles),
  };
  return shop;
}

function answerOf(records: readonly (Customer | Order)[], query: URLSearchParams): unknown {
  const keys = query.get("keys")?.split(",");
  if (keys !== undefined) return { records: records.filter(({ id }) => keys.includes(id)) };
  const since = Number(query.get("since") ?? 0);
  const after = query.get("after") ?? "";
  const rest = records
    .filter((record) => record.changedAt >= since && record.id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const page = rest.slice(0, PAGE_RECORDS);
  return { records: page, ...(rest.length > page.length ? { next: page.at(-1)?.id } : {}) };
}

async function pageOf<Record>(api: Api, kind: Kind, { since, cursor }: Partial<PageQuery>): Promise<Page<Record>> {
  const answer = await api.request({ method: "GET", path: `/${kind}`, query: { since, after: cursor } });
  return answer.json as Page<Record>;
}

/** Lists its pages, changes since a time, and reads many keys at once. */
function listed<Record extends { readonly id: string; readonly version: string }>(
  name: Kind,
): Pick<Resource<Record>, "name" | "key" | "version" | "title" | "read" | "changes" | "everything"> {
  return {
    name,
    key: ({ id }) => id,
    version: (record) => record.version,
    title: ({ id }) => `#${id}`,
    read: {
      keysMax: 10,
      records: async (api, keys) => {
        const answer = await api.request({ method: "GET", path: `/${name}`, query: { keys: keys.join(",") } });
        return (answer.json as Page<Record>).records;
      },
    },
    changes: { overlapMs: 1_000, lookbackMaxMs: 7 * 86_400_000, page: (api, query) => pageOf(api, name, query) },
    everything: { page: (api, { cursor }) => pageOf(api, name, cursor === undefined ? {} : { cursor }) },
  };
}

/** Its body tells what changed: one event, or several. */
const shopWebhook: Webhook = {
  ...signedWebhook,
  secretSettings: ["webhookSecret"],
  events: ({ json }) => {
    const { events } = z.object({ events: z.array(z.looseObject({ resource: z.string() })) }).parse(json);
    return events as never;
  },
};

export const shopConnector = defineConnector({
  name: "small-shop",
  title: "Small Shop",
  settings: z.object({ token: z.string(), webhookSecret: z.string(), url: z.string() }),
  baseUrl: ({ url }) => url,
  auth: { kind: "header", header: "x-token", setting: "token" },
  limits: [],
  webhook: shopWebhook,
  resources: {
    customers: defineResource<Customer>({ ...listed<Customer>("customers"), schema: customer }),
    orders: defineResource<Order>({ ...listed<Order>("orders"), schema: order }),
  },
});

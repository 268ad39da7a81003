// Webhook subscriptions made through the API. Shopify deletes such a subscription after eight failed deliveries in a row,
// so they are compared with what is wanted from time to time and made anew.
import type { Api } from "../../src/define/connector.ts";
import type { Subscriptions } from "../../src/define/subscriptions.ts";
import { CallFailed, type OutcomeKind } from "../../src/define/outcome.ts";
import { ask, pageOf } from "./ask.ts";
import { SUBSCRIPTION_CREATE, SUBSCRIPTION_DELETE, SUBSCRIPTIONS_PAGE } from "./documents/subscriptions.ts";
import { gone } from "./gone.ts";

const PAGE_SIZE = 100;

export interface Subscription {
  readonly id: string;
  /** As in GraphQL: "ORDERS_CREATE". */
  readonly topic: string;
  readonly uri: string;
  readonly format: "JSON" | "XML";
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What tells of a change, by the resource. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  orders: [
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_PAID",
    "ORDERS_CANCELLED",
    "ORDERS_FULFILLED",
    "ORDERS_EDITED",
    "ORDERS_DELETE",
    "REFUNDS_CREATE",
    "FULFILLMENTS_CREATE",
    "FULFILLMENTS_UPDATE",
  ],
  customers: ["CUSTOMERS_CREATE", "CUSTOMERS_UPDATE", "CUSTOMERS_DELETE", "CUSTOMERS_MERGE"],
  products: ["PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE"],
  variants: ["PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE"],
};

/** Every topic that tells of a change in one of our resources. */
export const WANTED_TOPICS: readonly string[] = topicsOf(Object.keys(TOPICS));

export function topicsOf(resources: readonly string[]): readonly string[] {
  return [...new Set(resources.flatMap((name) => TOPICS[name] ?? []))];
}

export async function listSubscriptions(api: Api): Promise<readonly Subscription[]> {
  const all: Subscription[] = [];
  let cursor: string | undefined;
  do {
    const { nodes, next } = await pageOf(api, {
      document: SUBSCRIPTIONS_PAGE,
      field: "webhookSubscriptions",
      variables: {},
      size: PAGE_SIZE,
      cursor,
    });
    all.push(...(nodes as readonly Subscription[]));
    cursor = next;
  } while (cursor !== undefined);
  return all;
}

export async function createSubscription(api: Api, topic: string, uri: string): Promise<Subscription> {
  const data = await ask(api, SUBSCRIPTION_CREATE, { topic, subscription: { uri, format: "JSON" } });
  return (data["webhookSubscriptionCreate"] as { readonly webhookSubscription: Subscription }).webhookSubscription;
}

export async function deleteSubscription(api: Api, id: string): Promise<void> {
  await gone(ask(api, SUBSCRIPTION_DELETE, { id }));
}

/** What came of making subscriptions. */
export interface EnsuredSubscriptions {
  readonly made: readonly Subscription[];
  /** Topics that Shopify does not send to this app, mostly for want of a scope, and why. */
  readonly refused: readonly { readonly topic: string; readonly reason: string }[];
}

/** Makes the subscriptions that are missing for this address. A topic that is refused costs none of the others. */
export async function ensureSubscriptions(
  api: Api,
  uri: string,
  topics: readonly string[] = WANTED_TOPICS,
): Promise<EnsuredSubscriptions> {
  const there = await listSubscriptions(api);
  const missing = topics.filter((topic) => !there.some((one) => one.topic === topic && one.uri === uri));
  const made: Subscription[] = [];
  const refused: { readonly topic: string; readonly reason: string }[] = [];
  for (const topic of missing) {
    try {
      made.push(await createSubscription(api, topic, uri));
    } catch (error) {
      if (!(error instanceof CallFailed) || !REFUSED.has(error.outcome.kind)) throw error;
      refused.push({ topic, reason: error.outcome.reason ?? error.outcome.kind });
    }
  }
  return { made, refused };
}

const REFUSED: ReadonlySet<OutcomeKind> = new Set(["invalid", "denied"]);

/** Subscriptions of the app's own configuration are not in Shopify's list, and never lost: with those alone, nothing is made. */
export const subscriptions: Subscriptions = {
  how: "api",
  topics: topicsOf,
  async list(api) {
    const there = await listSubscriptions(api);
    return there.map(({ id, topic, uri }) => ({ id, topics: [topic], url: uri, active: true }));
  },
  async ensure(api, url, topics) {
    const { made, refused } = await ensureSubscriptions(api, url, topics);
    const mended = made.map(({ topic }) => topic);
    if (refused.length === 0) return { mended };
    const names = refused.map(({ topic, reason }) => `${topic} (${reason})`).join(", ");
    return { mended, todo: `give the app the scopes that these topics need: ${names}` };
  },
  remove: deleteSubscription,
};

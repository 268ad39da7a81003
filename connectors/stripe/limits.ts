// What Stripe allows one account: calls in a second over all, to each endpoint, to search, and at once.
import type { Limit } from "../../src/define/connector.ts";
import { isSandbox, type StripeSettings } from "./settings.ts";

const SECOND_MS = 1_000;
const LIVE_CALLS = 100;
const SANDBOX_CALLS = 25;
const ENDPOINT_CALLS = 25;
const SEARCH_CALLS = 20;
const CALLS_AT_ONCE = 25;

const SEARCH = "search";

const COLLECTIONS = [
  "/customers",
  "/products",
  "/prices",
  "/invoiceitems",
  "/invoices",
  "/payment_intents",
  "/charges",
  "/refunds",
  "/subscriptions",
] as const;

/** Each is an endpoint of its own to Stripe, whatever id it is called with. */
const ENDPOINTS: readonly string[] = [
  ...COLLECTIONS.flatMap((path) => [`GET ${path}`, `POST ${path}`, `GET ${path}/{id}`, `POST ${path}/{id}`]),
  ...["/customers", "/products", "/invoiceitems", "/invoices", "/subscriptions"].map((path) => `DELETE ${path}/{id}`),
  ...["finalize", "pay", "void", "mark_uncollectible", "add_lines", "remove_lines"].map(
    (action) => `POST /invoices/{id}/${action}`,
  ),
  "GET /invoices/{id}/lines",
  "GET /subscription_items",
  "POST /payment_intents/{id}/cancel",
  "POST /refunds/{id}/cancel",
  "GET /events",
  "GET /account",
  "GET /webhook_endpoints",
  "POST /webhook_endpoints/{id}",
  "DELETE /webhook_endpoints/{id}",
];

export function stripeLimits(settings: StripeSettings): readonly Limit[] {
  const {
    callsPerSecond = isSandbox(settings) ? SANDBOX_CALLS : LIVE_CALLS,
    callsPerSecondPerEndpoint = ENDPOINT_CALLS,
    callsAtOnce = CALLS_AT_ONCE,
  } = settings;
  const searches = Math.min(SEARCH_CALLS, callsPerSecond);
  return [
    { kind: "rate", name: "account", count: callsPerSecond, perMs: SECOND_MS, every: true },
    { kind: "concurrency", name: "at once", count: callsAtOnce, every: true },
    { kind: "rate", name: SEARCH, count: searches, perMs: SECOND_MS, every: false },
    ...ENDPOINTS.map((name): Limit => ({
      kind: "rate",
      name,
      count: callsPerSecondPerEndpoint,
      perMs: SECOND_MS,
      every: false,
    })),
  ];
}

/** The limit that a call takes from besides those for every call. */
export function limitOf(method: string, route: string): string {
  return route.endsWith("/search") ? SEARCH : `${method} ${route}`;
}

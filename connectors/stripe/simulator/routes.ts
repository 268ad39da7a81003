// Every endpoint of the simulated API, and how a call finds its own.
import { accountEndpoints } from "./account.ts";
import { numberOf, type Body } from "./body.ts";
import type { Call, Endpoint } from "./call.ts";
import { chargeEndpoints } from "./charges.ts";
import { customerEndpoints } from "./customers.ts";
import { invoiceEndpoints } from "./invoices.ts";
import { invoiceItemEndpoints } from "./invoice-items.ts";
import { amongst, equal, flagged, listAndRetrieve, parentSubscription, within } from "./lists.ts";
import type { StripeSimulatorSettings } from "./options.ts";
import type { Params } from "./params.ts";
import { paymentEndpoints } from "./payments.ts";
import { productEndpoints } from "./products.ts";
import { subscriptionEndpoints, subscriptionItems } from "./subscriptions.ts";

const TYPES_MAX = 20;

export type Route = (
  method: string,
  path: string,
) => { readonly endpoint: Endpoint; readonly ids: readonly string[] } | undefined;

export function routesOf(settings: StripeSimulatorSettings): Route {
  const patterns = endpointsOf(settings).map((endpoint) => ({
    endpoint,
    pattern: new RegExp(`^${endpoint.path.replaceAll("{id}", "([^/]+)")}$`),
  }));
  return (method, path) => {
    for (const { endpoint, pattern } of patterns) {
      const found = endpoint.method === method ? pattern.exec(path) : null;
      if (found !== null) return { endpoint, ids: found.slice(1).map(decodeURIComponent) };
    }
    return undefined;
  };
}

function endpointsOf({
  startingAfterDeletedFails,
  eventLagMs,
  eventRetentionMs,
}: StripeSimulatorSettings): readonly Endpoint[] {
  const common = { startingAfterDeletedFails };
  const isShown = (event: Body, { ledger }: Call): boolean => {
    const age = ledger.nowMs - (ledger.eventTimes.get(String(event["id"])) ?? 0);
    return age >= eventLagMs && age <= eventRetentionMs;
  };
  const parentOf = (body: Body): unknown => parentSubscription(body);
  return [
    ...accountEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "customer",
      path: "/v1/customers",
      permission: "customer",
      searchable: true,
      filters: [equal("email")],
    }),
    ...customerEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "product",
      path: "/v1/products",
      permission: "product",
      searchable: true,
      filters: [flagged("active"), amongst("ids", "id"), equal("url")],
    }),
    ...listAndRetrieve({
      ...common,
      kind: "price",
      path: "/v1/prices",
      permission: "price",
      searchable: true,
      filters: [
        flagged("active"),
        equal("product"),
        equal("currency"),
        equal("type"),
        amongst("lookup_keys", "lookup_key"),
      ],
    }),
    ...productEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "payment_intent",
      path: "/v1/payment_intents",
      permission: "payment_intent",
      searchable: true,
      filters: [equal("customer")],
    }),
    ...paymentEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "charge",
      path: "/v1/charges",
      permission: "charge",
      searchable: true,
      filters: [equal("customer"), equal("payment_intent")],
    }),
    ...listAndRetrieve({
      ...common,
      kind: "refund",
      path: "/v1/refunds",
      permission: "charge",
      filters: [equal("charge"), equal("payment_intent")],
    }),
    ...chargeEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "invoiceitem",
      path: "/v1/invoiceitems",
      permission: "invoice",
      filters: [equal("customer"), equal("invoice"), pendingOnly],
    }),
    ...invoiceItemEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "invoice",
      path: "/v1/invoices",
      permission: "invoice",
      searchable: true,
      filters: [equal("customer"), equal("status"), equal("collection_method"), within("subscription", parentOf)],
    }),
    ...listAndRetrieve({
      ...common,
      kind: "invoice_payment",
      path: "/v1/invoice_payments",
      permission: "invoice",
      filters: [equal("invoice"), equal("status")],
    }),
    ...invoiceEndpoints,
    ...listAndRetrieve({
      ...common,
      kind: "subscription",
      path: "/v1/subscriptions",
      permission: "subscription",
      searchable: true,
      filters: [equal("customer"), equal("collection_method")],
      unless: byStatus,
    }),
    ...subscriptionEndpoints,
    { method: "GET", path: "/v1/subscription_items", permission: "subscription_read", run: subscriptionItems },
    ...listAndRetrieve({
      ...common,
      kind: "event",
      path: "/v1/events",
      permission: "event",
      filters: [ofTypes],
      shown: isShown,
    }),
    ...listAndRetrieve({ ...common, kind: "webhook_endpoint", path: "/v1/webhook_endpoints", permission: "webhook" }),
  ];
}

/** `pending=true`: on no invoice yet. */
function pendingOnly(params: Params): ((body: Body) => boolean) | undefined {
  const wanted = params.flag("pending");
  return wanted === undefined ? undefined : (body) => (body["invoice"] === null) === wanted;
}

/** Canceled ones are shown only when they are asked for. */
function byStatus(params: Params): (body: Body) => boolean {
  const wanted = params.text("status");
  if (wanted === "all") return () => true;
  if (wanted === "ended") return (body) => numberOf(body, "ended_at") > 0;
  return wanted ? (body) => body["status"] === wanted : (body) => body["status"] !== "canceled";
}

/** `type=invoice.*` or up to 20 `types[]`. */
function ofTypes(params: Params): ((body: Body) => boolean) | undefined {
  const one = params.text("type");
  const several = params.texts("types").slice(0, TYPES_MAX);
  if (one) {
    const prefix = one.endsWith("*") ? one.slice(0, -1) : undefined;
    return (body) => (prefix === undefined ? body["type"] === one : String(body["type"]).startsWith(prefix));
  }
  return several.length === 0 ? undefined : (body) => several.includes(String(body["type"]));
}

// Shopify's webhooks: signed over their raw bytes, fat but in REST's shape. We take from them which record changed and when;
// the record itself is read through its resource.
import { createHash } from "node:crypto";
import type { Delivery, Verified, Webhook, WebhookEvent } from "../../src/define/connector.ts";
import { verifyHmac } from "../../src/define/hmac.ts";
import { utcSeconds } from "./shapes.ts";

const SIGNATURE = "x-shopify-hmac-sha256";

export const shopifyWebhook: Webhook = {
  secretSettings: ["webhookSecret", "clientSecret"],
  answerWithinMs: 5_000,
  verify,
  dedupeId,
  events: ({ headers, json }) => eventsOf(headers["x-shopify-topic"] ?? "", json),
};

function verify({ headers, body }: Delivery, secrets: readonly string[]): Verified {
  return verifyHmac({ given: headers[SIGNATURE], header: SIGNATURE, signed: [body], secrets, as: "base64" });
}

/**
 * A delivery keeps its id over its repetitions. The event's id only tells that deliveries come of one action of the merchant, which
 * may be on many records at once (shopify.dev, "Verify deliveries").
 */
function dedupeId({ headers, body }: Delivery): string {
  const topic = headers["x-shopify-topic"] ?? "";
  const delivery = headers["x-shopify-webhook-id"];
  if (delivery) return `${delivery}:${topic}`;
  return `${createHash("sha256").update(body).digest("base64url")}:${topic}`;
}

type Payload = Readonly<Record<string, unknown>>;

const TYPES = { orders: "Order", customers: "Customer", products: "Product", variants: "ProductVariant" } as const;
type ResourceName = keyof typeof TYPES;

/** Topics of a record that belongs to an order, by what stands before the slash. */
const OF_AN_ORDER = new Set(["refunds", "fulfillments", "order_transactions"]);

function eventsOf(topic: string, json: unknown): readonly WebhookEvent[] {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Error(`Cannot read a webhook of ${topic || "no topic"}: wanted a JSON object, got ${typeof json}`);
  }
  const payload = json as Payload;
  const [family = "", what = ""] = topic.split("/");
  if (OF_AN_ORDER.has(family)) return [{ resource: "orders", key: gidOf("orders", payload["order_id"], topic) }];
  if (topic === "orders/edited") {
    const edit = (payload["order_edit"] ?? {}) as Payload;
    return [{ resource: "orders", key: gidOf("orders", edit["order_id"], topic) }];
  }
  if (topic === "customers/merge") return mergeEvents(payload, topic);
  // Requests of the law, answered by a person; their payload is no customer.
  if (topic === "customers/redact" || topic === "customers/data_request") return [];
  switch (family) {
    case "orders":
    case "customers":
      return [eventOf(family, what, payload, topic)];
    case "products":
      return [eventOf(family, what, payload, topic), ...variantEvents(payload, topic)];
    default:
      return [];
  }
}

function eventOf(resource: ResourceName, what: string, payload: Payload, topic: string): WebhookEvent {
  const key = gidOf(resource, payload["admin_graphql_api_id"] ?? payload["id"], topic);
  if (what === "delete") return { resource, key, deleted: true };
  const updatedAt = payload["updated_at"];
  return typeof updatedAt === "string" ? { resource, key, version: utcSeconds(updatedAt) } : { resource, key };
}

/** A product's payload holds its variants; they have no topic of their own. */
function variantEvents(payload: Payload, topic: string): readonly WebhookEvent[] {
  const variants = payload["variants"];
  if (!Array.isArray(variants)) return [];
  return variants.map((variant) => eventOf("variants", "update", variant as Payload, topic));
}

function mergeEvents(payload: Payload, topic: string): readonly WebhookEvent[] {
  const kept = gidOf("customers", payload["admin_graphql_api_customer_kept_id"], topic);
  const gone = gidOf("customers", payload["admin_graphql_api_customer_deleted_id"], topic);
  return [
    { resource: "customers", key: kept },
    { resource: "customers", key: gone, deleted: true },
  ];
}

function gidOf(resource: ResourceName, id: unknown, topic: string): string {
  const prefix = `gid://shopify/${TYPES[resource]}/`;
  if (typeof id === "string" && id.startsWith(prefix)) return id;
  if ((typeof id === "number" && Number.isSafeInteger(id)) || (typeof id === "string" && /^\d+$/.test(id))) {
    return `${prefix}${id}`;
  }
  throw new Error(
    `Cannot read a webhook of ${topic}: wanted the id of a ${TYPES[resource]}, got ${JSON.stringify(id)}`,
  );
}

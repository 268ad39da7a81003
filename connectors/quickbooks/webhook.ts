// Webhooks: one signed array of thin events for all that changed. Each names a record; what it says now is read.
import { createHash } from "node:crypto";
import type { Delivery, Verified, Webhook, WebhookEvent } from "../../src/define/connector.ts";
import { verifyHmac } from "../../src/define/hmac.ts";

const SIGNATURE = "intuit-signature";

/** Which of our resources an entity is; of others we want to hear nothing. */
const RESOURCES: Readonly<Record<string, string>> = {
  customer: "customers",
  item: "items",
  invoice: "invoices",
  payment: "payments",
  creditmemo: "creditMemos",
  refundreceipt: "refundReceipts",
};

export const webhook: Webhook = {
  secretSettings: ["webhookVerifierToken"],
  answerWithinMs: 3_000,
  verify,
  dedupeId,
  events: ({ json }) => (Array.isArray(json) ? json.flatMap(cloudEvent) : legacyEvents(json)),
};

function verify({ headers, body }: Delivery, secrets: readonly string[]): Verified {
  return verifyHmac({ given: headers[SIGNATURE], header: SIGNATURE, signed: [body], secrets, as: "base64" });
}

/** Intuit may gather the same events anew when it tries again: their ids tell, in any order. */
function dedupeId({ body }: Delivery): string {
  const hash = createHash("sha256");
  const ids = eventIds(body);
  return ids === undefined ? `body-${hash.update(body).digest("hex")}` : `events-${hash.update(ids).digest("hex")}`;
}

function eventIds(body: Uint8Array): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  if (!Array.isArray(json) || json.length === 0) return undefined;
  const ids = json.map((event: unknown) => text(event, "id"));
  return ids.includes("") ? undefined : JSON.stringify(ids.toSorted());
}

/** An event never says "deleted" to the engine: reading the record is right in each case, and finds it gone. */
function cloudEvent(event: unknown): readonly WebhookEvent[] {
  const type = /^qbo\.([a-z]+)\.[a-z]+\.v\d+$/i.exec(text(event, "type"));
  const key = text(event, "intuitentityid");
  if (type === null || key === "") return [];
  const data = part(event, "data");
  const company = text(event, "intuitaccountid");
  return [...eventOf(type[1] ?? "", key, company), ...eventOf(type[1] ?? "", text(data, "deletedId"), company)];
}

function legacyEvents(json: unknown): readonly WebhookEvent[] {
  const notifications = part(json, "eventNotifications");
  if (!Array.isArray(notifications)) {
    throw new TypeError(
      "Could not read a webhook of QuickBooks: expected CloudEvents or eventNotifications, got neither",
    );
  }
  return notifications.flatMap((notification: unknown) => {
    const company = text(notification, "realmId");
    const entities = part(part(notification, "dataChangeEvent"), "entities");
    if (!Array.isArray(entities)) return [];
    return entities.flatMap((entity: unknown) => {
      const name = text(entity, "name");
      // A merge names the one that stays, and the one that went besides.
      return [...eventOf(name, text(entity, "id"), company), ...eventOf(name, text(entity, "deletedId"), company)];
    });
  });
}

/** One address serves every company of the app, and the Ids of two companies overlap: each event names its company. */
function eventOf(entity: string, key: string, company: string): readonly WebhookEvent[] {
  const resource = RESOURCES[entity.toLowerCase()];
  return resource === undefined || key === ""
    ? []
    : [{ resource, key, ...(company === "" ? {} : { account: company }) }];
}

function part(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(json: unknown, name: string): string {
  const value = part(json, name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

// Webhooks: thin events of all organisations that the app is connected to. Each names a record; what it says now is read.
import { createHash } from "node:crypto";
import type { Delivery, Verified, Webhook, WebhookEvent } from "../../src/define/connector.ts";
import { verifyHmac } from "../../src/define/hmac.ts";

const SIGNATURE = "x-xero-signature";

/** Which of our resources an event is about; of others we want to hear nothing. */
const RESOURCES: Readonly<Record<string, string>> = {
  CONTACT: "contacts",
  INVOICE: "invoices",
  CREDITNOTE: "creditNotes",
};

/**
 * Xero tries an address before it sends anything: deliveries without events, of which some are signed wrongly. They are
 * verified like all others, so right ones are answered 200 and wrong ones 401, as Xero wants it.
 */
export const webhook: Webhook = {
  secretSettings: ["webhookKey"],
  signature: "HMAC-SHA256 of the body",
  answerWithinMs: 5_000,
  verify,
  dedupeId,
  events: ({ json }) => {
    const events = part(json, "events");
    if (!Array.isArray(events)) {
      throw new TypeError("Could not read a webhook of Xero: expected a list of events and got none");
    }
    return events.flatMap(eventOf);
  },
};

/** The key is used as the text that it is, although it looks like Base64. */
function verify({ headers, body }: Delivery, secrets: readonly string[]): Verified {
  return verifyHmac({ given: headers[SIGNATURE], header: SIGNATURE, signed: [body], secrets, as: "base64" });
}

/** Events have no ids, and those of a failed delivery may come again in another one: their content tells. */
function dedupeId({ body }: Delivery): string {
  const hash = createHash("sha256");
  const identity = identityOf(body);
  if (identity === undefined) return `body-${hash.update(body).digest("hex")}`;
  return `events-${hash.update(identity).digest("hex")}`;
}

function identityOf(body: Uint8Array): string | undefined {
  let events: unknown;
  try {
    events = part(JSON.parse(new TextDecoder().decode(body)), "events");
  } catch {
    return undefined;
  }
  if (!Array.isArray(events) || events.length === 0) return undefined;
  const names = ["tenantId", "eventCategory", "resourceId", "eventType", "eventDateUtc"];
  const known = events.map((event: unknown) => names.map((name) => text(event, name)));
  if (known.some((fields) => fields.includes(""))) return undefined;
  const order = (left: string, right: string): number => (left < right ? -1 : 1);
  return known
    .map((fields) => JSON.stringify(fields))
    .toSorted(order)
    .join();
}

/** An archived, voided or merged record comes as an update: reading it tells. */
function eventOf(event: unknown): readonly WebhookEvent[] {
  const resource = RESOURCES[text(event, "eventCategory")];
  const key = text(event, "resourceId");
  if (resource === undefined || key === "") return [];
  const account = text(event, "tenantId");
  return [{ resource, key, ...(account === "" ? {} : { account }) }];
}

function part(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(json: unknown, name: string): string {
  const value = part(json, name);
  return typeof value === "string" ? value : "";
}

// Salesforce's core sends no signed webhook of its own. What an org can send is a change event, by a few lines of Apex (they
// stand in the README): its header as change data capture has it, signed by us and the org with one secret.
import { hash } from "node:crypto";
import type { Delivery, Verified, Webhook, WebhookEvent } from "../../src/define/connector.ts";
import { verifyHmac } from "../../src/define/hmac.ts";
import { longId } from "./record-id.ts";

const SIGNATURE_HEADER = "x-bowline-signature";
const TIME_HEADER = "x-bowline-time";
/** Older, or further ahead, than this a delivery is not taken, in milliseconds. */
const AGE_MAX_MS = 5 * 60_000;
const ANSWER_WITHIN_MS = 10_000;
const EVENTS_MAX = 2_000;

/** Resources by object: "Invoice__c" is "invoices". */
export function webhookFor(resources: ReadonlyMap<string, string>): Webhook {
  const byObject = new Map([...resources].map(([object, resource]) => [object.toLowerCase(), resource]));
  return {
    secretSettings: ["webhookSecret", "webhookSecretBefore"],
    answerWithinMs: ANSWER_WITHIN_MS,
    verify,
    // With its time: two changes of one record may be told in the same bytes, and the second is not the first again.
    dedupeId: ({ headers, body }) => `${headers[TIME_HEADER] ?? ""}.${hash("sha256", body, "base64url")}`,
    events: ({ json }) => eventsIn(json, byObject),
  };
}

function verify({ headers, body, at }: Delivery, secrets: readonly string[]): Verified {
  const time = headers[TIME_HEADER] ?? "";
  if (!/^\d{13}$/.test(time)) return { ok: false, reason: `${TIME_HEADER} is missing or no time in milliseconds` };
  if (Math.abs(at - Number(time)) > AGE_MAX_MS)
    return { ok: false, reason: "it was signed too long ago, or ahead of time" };
  const shown = { given: headers[SIGNATURE_HEADER], header: SIGNATURE_HEADER };
  return verifyHmac({ ...shown, signed: [`${time}.`, body], secrets, as: "base64" });
}

interface ChangeHeader {
  readonly entityName: string;
  readonly changeType: string;
  readonly recordIds: readonly string[];
}

function eventsIn(json: unknown, byObject: ReadonlyMap<string, string>): readonly WebhookEvent[] {
  const account = text(part(json, "organizationId"));
  const changes = part(json, "changes");
  if (!Array.isArray(changes)) {
    throw new TypeError("Could not read a webhook of Salesforce: expected `changes`, a list, and got none");
  }
  const events = changes.flatMap((change: unknown): readonly WebhookEvent[] => {
    const header = headerIn(change);
    const resource = byObject.get(header.entityName.toLowerCase());
    if (resource === undefined) return [];
    // After an overflow no ids are told: the next listing finds what it was about.
    return header.recordIds.map((key) => ({
      resource,
      key: longId(key),
      ...(DELETIONS.has(header.changeType) ? { deleted: true } : {}),
      ...(account === "" ? {} : { account: longId(account) }),
    }));
  });
  if (events.length > EVENTS_MAX) {
    throw new RangeError(
      `Could not read a webhook of Salesforce: expected at most ${EVENTS_MAX} records, got ${events.length}`,
    );
  }
  return events;
}

/** Of a merge, one event deletes the record that went and another updates the one that stays. */
const DELETIONS = new Set(["DELETE", "GAP_DELETE"]);

/** The header of a change event, alone or inside the event as streams carry it. */
function headerIn(change: unknown): ChangeHeader {
  const header = part(part(change, "payload") ?? change, "ChangeEventHeader") ?? change;
  const recordIds = part(header, "recordIds");
  const entityName = text(part(header, "entityName"));
  if (entityName === "" || !Array.isArray(recordIds)) {
    throw new TypeError("Could not read a webhook of Salesforce: expected entityName and recordIds of a change");
  }
  // A wildcard "*" stands for records that are not named.
  const ids = recordIds.map(text).filter((one) => /^[A-Za-z0-9]{15,18}$/.test(one));
  return { entityName, changeType: text(part(header, "changeType")), recordIds: ids };
}

function part(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

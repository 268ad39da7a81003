// Webhooks: arrays of up to 100 thin events of every account that uses the app, signed over method, address, body and time.
// An event names a record; what it says now is read.
import { createHash } from "node:crypto";
import type { Delivery, Verified, Webhook, WebhookEvent } from "../../src/define/connector.ts";
import { verifyHmac } from "../../src/define/hmac.ts";

const SIGNATURE = "x-hubspot-signature-v3";
const TIMESTAMP = "x-hubspot-request-timestamp";
/** A delivery is signed when it is sent, each try anew. */
const AGE_MAX_MS = 300_000;

export const webhook: Webhook = {
  secretSettings: ["clientSecret", "previousClientSecret"],
  answerWithinMs: 5_000,
  signature: "HMAC-SHA256 of method, address, body and time (version 3)",
  verify,
  dedupeId,
  events: ({ json }) => {
    if (Array.isArray(json)) return json.flatMap(eventsOf);
    throw new TypeError("Could not read a webhook of HubSpot: expected an array of events and got something else");
  },
};

function verify({ headers, body, at, method, url }: Delivery, secrets: readonly string[]): Verified {
  const timestamp = headers[TIMESTAMP] ?? "";
  if (!/^\d{10,16}$/.test(timestamp)) return { ok: false, reason: `the header ${TIMESTAMP} is missing or no time` };
  if (Math.abs(at - Number(timestamp)) > AGE_MAX_MS) {
    return { ok: false, reason: `the header ${TIMESTAMP} is more than five minutes off` };
  }
  const shown = { given: headers[SIGNATURE], header: SIGNATURE };
  // Everything is tried, also after one that fits: the time taken tells nothing.
  const tried = addressesOf(url).map((address) =>
    verifyHmac({ ...shown, signed: [method, address, body, timestamp], secrets, as: "base64" }),
  );
  return tried.find(({ ok }) => ok) ?? tried[0]!;
}

/** What HubSpot decodes in the address before it signs; the rest stays as it is. Its own SDKs decode nothing: both are taken. */
const DECODED: Readonly<Record<string, string>> = {
  "3A": ":",
  "2F": "/",
  "3F": "?",
  "40": "@",
  "21": "!",
  "24": "$",
  "27": "'",
  "28": "(",
  "29": ")",
  "2A": "*",
  "2C": ",",
  "3B": ";",
};

function addressesOf(url: string): readonly string[] {
  const bare = url.split("#", 1)[0] ?? "";
  const decoded = bare.replace(/%([0-9A-F]{2})/gi, (escape, hex: string) => DECODED[hex.toUpperCase()] ?? escape);
  return decoded === bare ? [bare] : [decoded, bare];
}

/** A second try counts itself in the body (`attemptNumber`), and `eventId` alone is not unique: what the events are of tells. */
function dedupeId({ body }: Delivery): string {
  const hash = createHash("sha256");
  const ids = identities(body);
  return ids === undefined ? `body-${hash.update(body).digest("hex")}` : `events-${hash.update(ids).digest("hex")}`;
}

const IDENTITY = [
  "portalId",
  "subscriptionId",
  "eventId",
  "subscriptionType",
  "objectId",
  "propertyName",
  "propertyValue",
  "occurredAt",
  "primaryObjectId",
  "mergedObjectIds",
  "newObjectId",
  "fromObjectId",
  "toObjectId",
];

function identities(body: Uint8Array): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  if (!Array.isArray(json) || json.length === 0) return undefined;
  const ids = json.map((event: unknown) => JSON.stringify(IDENTITY.map((name) => valueOf(event, name) ?? null)));
  return JSON.stringify(ids.toSorted());
}

const RESOURCES: Readonly<Record<string, string>> = {
  contact: "contacts",
  company: "companies",
  deal: "deals",
  ticket: "tickets",
  "0-1": "contacts",
  "0-2": "companies",
  "0-3": "deals",
  "0-5": "tickets",
};

function eventsOf(event: unknown): readonly WebhookEvent[] {
  // Old documents call it `eventType`.
  const type = textOf(event, "subscriptionType") || textOf(event, "eventType");
  const [kind = "", what = ""] = type.split(".", 2);
  const resource = RESOURCES[kind === "object" ? textOf(event, "objectTypeId") : kind];
  const account = idOf(event, "portalId");
  const about = (name: string | undefined, key: string, deleted = false): readonly WebhookEvent[] =>
    name === undefined || key === ""
      ? []
      : [{ resource: name, key, ...(deleted ? { deleted } : {}), ...(account === "" ? {} : { account }) }];
  if (what === "associationChange") return associationEvents(event, about);
  if (what === "merge") return mergeEvents(event, (key, deleted) => about(resource, key, deleted));
  // Deletions can be undone and events come in any order, so a deletion is read after too; what was erased stays so.
  return about(resource, idOf(event, "objectId"), what === "privacyDeletion");
}

type About = (resource: string | undefined, key: string, deleted?: boolean) => readonly WebhookEvent[];

function associationEvents(event: unknown, about: About): readonly WebhookEvent[] {
  const [from = "", to = ""] = textOf(event, "associationType").toLowerCase().split("_to_", 2);
  return [
    ...about(RESOURCES[from] ?? RESOURCES[textOf(event, "fromObjectTypeId")], idOf(event, "fromObjectId")),
    ...about(RESOURCES[to] ?? RESOURCES[textOf(event, "toObjectTypeId")], idOf(event, "toObjectId")),
  ];
}

/** One stays, perhaps under a new id; the others are gone for good. */
function mergeEvents(event: unknown, about: (key: string, deleted: boolean) => readonly WebhookEvent[]) {
  const primary = idOf(event, "primaryObjectId") || idOf(event, "objectId");
  const stays = idOf(event, "newObjectId") || primary;
  const merged = valueOf(event, "mergedObjectIds");
  const gone = new Set([primary, ...(Array.isArray(merged) ? merged.map(idText) : [])]);
  gone.delete(stays);
  return [...about(stays, false), ...[...gone].flatMap((key) => about(key, true))];
}

function valueOf(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
}

function textOf(json: unknown, name: string): string {
  const value = valueOf(json, name);
  return typeof value === "string" ? value : "";
}

function idOf(json: unknown, name: string): string {
  return idText(valueOf(json, name));
}

/** Ids are numbers in webhooks and text everywhere else; those too large for a number come as text. */
function idText(value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return /^\d{1,19}$/.test(text) && text !== "0" ? text : "";
}

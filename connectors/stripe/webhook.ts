// Webhooks: signed over their raw bytes and the time of the try. Each tells of one event; what its record says now is read,
// since events come late, twice and in any order.
import { createHash } from "node:crypto";
import type { Delivery, Verified, Webhook, WebhookEvent } from "../../src/define/connector.ts";
import { verifyHmac } from "../../src/define/hmac.ts";
import { toldBy } from "./observed.ts";

const SIGNATURE = "stripe-signature";
/** A try that is older was recorded and sent by somebody else. */
const TOLERANCE_MS = 300_000;

/** The account of events that name none: the one whose webhook endpoint it is. */
export const OWN_ACCOUNT = "own";

export const webhook: Webhook = {
  secretSettings: ["webhookSecret", "webhookSecretToo"],
  // Stripe does not say; it gives up somewhere between ten and thirty seconds.
  answerWithinMs: 10_000,
  verify,
  dedupeId,
  events: ({ json }) => eventsOf(json),
};

function verify({ headers, body, at }: Delivery, secrets: readonly string[]): Verified {
  const { timestamp, signatures } = partsOf(headers[SIGNATURE] ?? "");
  if (timestamp === undefined) return { ok: false, reason: `the header ${SIGNATURE} is missing, or holds no time` };
  const shown = { given: signatures, header: SIGNATURE };
  const verified = verifyHmac({ ...shown, signed: [`${timestamp}.`, body], secrets, as: "hex" });
  if (!verified.ok) return verified;
  const ageMs = at - Number(timestamp) * 1_000;
  // Seconds are cut: a try of up to a second more is as old as one of exactly the tolerance.
  if (ageMs < TOLERANCE_MS + 1_000) return verified;
  const reason = `it was signed ${Math.floor(ageMs / 1_000)} s ago, more than ${TOLERANCE_MS / 1_000} s`;
  return { ok: false, reason };
}

interface SignatureParts {
  readonly timestamp: string | undefined;
  readonly signatures: readonly string[];
}

/** `t=1492774577,v1=5257a869…,v1=…,v0=…`: several while a secret is rolled; schemes other than v1 prove nothing. */
function partsOf(header: string): SignatureParts {
  let timestamp: string | undefined;
  const signatures: string[] = [];
  for (const part of header.split(",")) {
    const [name = "", value = ""] = part.trim().split("=", 2);
    if (name === "t" && /^\d{1,12}$/.test(value)) timestamp = value;
    if (name === "v1" && /^[0-9a-f]{64}$/.test(value)) signatures.push(value);
  }
  return { timestamp, signatures };
}

/** The event's own id: it stays the same through every try and over every endpoint. */
function dedupeId({ body }: Delivery): string {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    const id = text(json, "id");
    if (id !== "") return id;
  } catch {
    // Not JSON: it is kept by its bytes, for a person to see.
  }
  return `body-${createHash("sha256").update(body).digest("hex")}`;
}

function eventsOf(json: unknown): readonly WebhookEvent[] {
  const object = text(json, "object");
  if (object === "v2.core.event") return thinEvents(json);
  const body = part(part(json, "data"), "object");
  if (object !== "event" || typeof body !== "object" || body === null) {
    throw new TypeError(
      `Could not read a webhook of Stripe: expected an event, got ${object === "" ? "none" : object}`,
    );
  }
  const account = text(json, "account") || OWN_ACCOUNT;
  return toldBy(text(json, "type"), body as Readonly<Record<string, unknown>>).map(({ resource, key, isFinal }) => ({
    resource,
    key,
    account,
    ...(isFinal ? { deleted: true } : {}),
  }));
}

/** A thin event names its object and does not show it. */
function thinEvents(json: unknown): readonly WebhookEvent[] {
  const related = part(json, "related_object");
  const type = text(json, "type").replace(/^v1\./, "");
  // Its context may be a path of accounts; the last is the one that it is of.
  const account = text(json, "context").split("/").at(-1) || OWN_ACCOUNT;
  const told = toldBy(type, { id: text(related, "id") });
  return told.map(({ resource, key, isFinal }) => ({ resource, key, account, ...(isFinal ? { deleted: true } : {}) }));
}

function part(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(json: unknown, name: string): string {
  const value = part(json, name);
  return typeof value === "string" ? value : "";
}

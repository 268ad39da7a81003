// What is sent of an alert: JSON for programs with one sentence for people, signed as Standard Webhooks are where a secret is set
// (https://www.standardwebhooks.com), so that whoever receives it can use any library for those.
import { createHash, createHmac } from "node:crypto";
import type { WireRequest } from "../world/world.ts";
import type { AlertCause, KeptAlert, Telling } from "./alert.ts";

export interface MessageOptions {
  readonly project: string;
  readonly telling: Telling | "test";
  readonly now: number;
  /** The address of the page; undefined: nobody knows it. */
  readonly pageUrl?: string;
}

const TIMEOUTS = { connectMs: 5_000, headersMs: 10_000, bodyIdleMs: 5_000, totalMs: 15_000 };
const ANSWER_BYTES_MAX = 64 * 1024;
/** Reasons quote providers, who can be long. */
const REASON_CHARS_MAX = 1_000;
/** A secret of this form is the key in base64, as the libraries take it. */
const ENCODED_SECRET = /^whsec_/;

const BEGINNINGS: Readonly<Record<Telling | "test", string>> = {
  opened: "",
  worse: "Much more: ",
  reminder: "Still: ",
  resolved: "Over: ",
  test: "A test: ",
};

/** One alert as one document. Times are in ISO 8601. */
export function messageOf(alert: AlertCause, options: MessageOptions): string {
  const { project, telling, now, pageUrl } = options;
  const { id, what, syncs, owners, connection, since, count, title, todo, path } = alert;
  const reason = short(alert.reason);
  const link = pageUrl === undefined ? undefined : `${pageUrl.replace(/\/+$/, "")}${path}`;
  const isOver = telling === "resolved";
  const text = [
    `[${project}] ${BEGINNINGS[telling]}${title}${isOver ? "." : `: ${reason}.`}`,
    ...(isOver ? [] : [`What to do: ${todo}.`]),
    ...(owners.length === 0 ? [] : [`Owner: ${owners.join(", ")}.`]),
    ...(link === undefined ? [] : [link]),
  ].join(" ");
  return JSON.stringify({
    type: `alert.${telling}`,
    id,
    project,
    what,
    sync: syncs.length === 1 ? syncs[0] : undefined,
    syncs,
    owner: owners.join(", "),
    connection,
    since: new Date(since).toISOString(),
    until: isOver ? new Date(now).toISOString() : undefined,
    count,
    title,
    reason,
    todo,
    link,
    text,
  });
}

/** The same for each attempt at one telling, so that whoever gets it twice can tell. */
export function messageId({ id, openedAt, told }: KeptAlert, telling: Telling): string {
  const parts = [id, openedAt, told?.times ?? 0, telling].join("\n");
  return `msg_${createHash("sha256").update(parts).digest("hex").slice(0, 32)}`;
}

export interface Envelope {
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly now: number;
  readonly secret?: string;
}

export function requestOf({ url, id, body, now, secret }: Envelope): WireRequest {
  const timestamp = String(Math.floor(now / 1_000));
  const signature =
    secret === undefined ? {} : { "webhook-signature": signatureOf(secret, `${id}.${timestamp}.${body}`) };
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      "user-agent": "bowline",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      ...signature,
    },
    body,
    timeouts: TIMEOUTS,
    bodyBytesMax: ANSWER_BYTES_MAX,
  };
}

function signatureOf(secret: string, signed: string): string {
  const key = ENCODED_SECRET.test(secret)
    ? Buffer.from(secret.replace(ENCODED_SECRET, ""), "base64")
    : Buffer.from(secret);
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

function short(text: string): string {
  const whole = text.trim().replace(/\.$/, "");
  return whole.length > REASON_CHARS_MAX ? `${whole.slice(0, REASON_CHARS_MAX)}…` : whole;
}

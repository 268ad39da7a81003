// A provider's webhook for the tests of the edge: HMAC-SHA256 of the time and the raw bytes, a window of five minutes, an id
// in a header.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Delivery, Verified, Webhook } from "../../define/connector.ts";

const WINDOW_MS = 300_000;

function signature(secret: string, at: number, body: Uint8Array | string): string {
  return createHmac("sha256", secret).update(`${at}.`).update(body).digest("base64");
}

/** The headers of a delivery as the provider sends them. */
export function signedHeaders(
  secret: string,
  at: number,
  body: Uint8Array | string,
  id = "event-1",
): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shop-id": id,
    "x-shop-time": String(at),
    "x-shop-signature": signature(secret, at, body),
  };
}

export const signedWebhook: Webhook = {
  secretSettings: ["secret"],
  verify,
  dedupeId: ({ headers }) => headers["x-shop-id"] ?? "",
  events: () => [],
  answerWithinMs: 5_000,
};

function verify({ headers, body, at }: Delivery, secrets: readonly string[]): Verified {
  const sentAt = Number(headers["x-shop-time"]);
  if (!(Math.abs(at - sentAt) <= WINDOW_MS)) return { ok: false, reason: "too old or from the future" };
  const given = Buffer.from(headers["x-shop-signature"] ?? "");
  for (const secret of secrets) {
    const expected = Buffer.from(signature(secret, sentAt, body));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return { ok: true };
  }
  return { ok: false, reason: "the signature does not fit" };
}

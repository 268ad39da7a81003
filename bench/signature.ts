// How the bench's webhooks are signed: base64 of HMAC-SHA256 over the raw body, and an id of the event, in headers.
import { createHmac, timingSafeEqual } from "node:crypto";

export const SIGNATURE_HEADER = "x-bench-signature";
export const EVENT_HEADER = "x-bench-event-id";
export const SECRET = "the bench signs with this";

export function sign(body: string | Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

export function isSigned(body: Uint8Array, signature: string | undefined, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(signature ?? "", "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

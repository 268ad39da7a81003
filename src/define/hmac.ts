// Is a delivery signed by one of these secrets? Every provider that signs asks for this, and each way of getting it wrong is a
// way in: so connectors of one's own need not write it anew.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Verified } from "./connector.ts";

export interface HmacSignature {
  /** What the delivery shows, such as a header; several while a secret is being replaced. Absent: nothing is proven. */
  readonly given: string | readonly string[] | undefined;
  /** The header that shows it, for the reason why it was not taken. */
  readonly header?: string;
  /** What was signed, in its order: text, and the body's raw bytes. */
  readonly signed: readonly (string | Uint8Array)[];
  /** The secrets that are valid now; without one nothing is proven. */
  readonly secrets: readonly string[];
  readonly as: "hex" | "base64";
  /** Default: sha256. */
  readonly hash?: "sha1" | "sha256" | "sha512";
}

/** For `verify` of a webhook. Takes the same time whichever secret fits, and fails closed. */
export function verifyHmac({ given, header, signed, secrets, as, hash = "sha256" }: HmacSignature): Verified {
  const within = header === undefined ? "" : ` in the header ${header}`;
  const usable = secrets.filter((secret) => secret !== "");
  if (usable.length === 0) return { ok: false, reason: "no signing secret is set" };
  const shown = [given ?? []]
    .flat()
    .filter((one) => one !== "")
    .slice(0, SIGNATURES_MAX);
  if (shown.length === 0) return { ok: false, reason: `there is no signature${within}` };
  let matches = false;
  // Everything is tried, also after one that fits: the time taken tells nothing.
  for (const secret of usable) {
    const hmac = createHmac(hash, secret);
    for (const part of signed) hmac.update(part);
    const expected = Buffer.from(hmac.digest(as));
    for (const one of shown) matches = isSame(expected, Buffer.from(as === "hex" ? one.toLowerCase() : one)) || matches;
  }
  return matches ? { ok: true } : { ok: false, reason: `the signature${within} is of other bytes or another secret` };
}

const SIGNATURES_MAX = 10;

function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

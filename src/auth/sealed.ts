// The bytes of everything sealed, secrets and data keys alike: AES-256-GCM with a fixed tag, a random IV, the id of the key in
// the header, and associated data that says what it is of. Whoever moves it or changes a bit of it gets nothing.
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from "node:crypto";

/** The first byte of everything sealed, so that another way of sealing can come later. */
const FORMAT = 1;
export const KEY_BYTES = 32;
export const KEY_ID_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const BODY_AT = HEADER_BYTES + IV_BYTES + TAG_BYTES;

/** Its randomness is always the machine's: a seeded one would repeat itself, and a repeated IV gives the key away. */
export function seal(plain: Uint8Array, key: KeyObject, keyId: string, associated: string): Buffer {
  const header = Buffer.concat([Buffer.of(FORMAT), Buffer.from(keyId, "hex")]);
  if (header.length !== HEADER_BYTES) {
    throw new RangeError(`could not seal: wanted a key id of ${KEY_ID_BYTES} bytes, got ${header.length - 1}`);
  }
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(associated)]));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), body]);
}

/** Throws when the key, the place or a bit is another. */
export function open(sealed: Uint8Array, key: KeyObject, associated: string): Buffer {
  const header = sealed.subarray(0, HEADER_BYTES);
  const iv = sealed.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([header, Buffer.from(associated)]));
  decipher.setAuthTag(sealed.subarray(HEADER_BYTES + IV_BYTES, BODY_AT));
  return Buffer.concat([decipher.update(sealed.subarray(BODY_AT)), decipher.final()]);
}

/** The id of the key it was sealed with, as its header says; undefined: these bytes were never sealed by us. */
export function keyIdOf(sealed: Uint8Array): string | undefined {
  if (sealed.length < BODY_AT || sealed[0] !== FORMAT) return undefined;
  return Buffer.from(sealed.subarray(1, HEADER_BYTES)).toString("hex");
}

// The data keys of a file of state: each tenant has its own, wrapped by a key that the file does not hold. One is unwrapped
// for each use and let go of again.
import { createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import type { DataKey, NewDataKey } from "../store/store.ts";
import type { KeyRing, WrappingKey } from "./key-ring.ts";
import { KEY_BYTES, KEY_ID_BYTES, keyIdOf, open, seal } from "./sealed.ts";

export function makeDataKey(tenant: string, by: WrappingKey, at: number): NewDataKey {
  const id = randomBytes(KEY_ID_BYTES).toString("hex");
  const bytes = randomBytes(KEY_BYTES);
  const wrapped = seal(bytes, by.key, by.id, associated(tenant, id));
  bytes.fill(0);
  return { tenant, id, wrapped, madeAt: at };
}

/** The id of the key that it is wrapped by; undefined: it was damaged. */
export const wrappedBy = (wrapped: Uint8Array): string | undefined => keyIdOf(wrapped);

/** Undefined: no key of the ring unwraps it, or it is another tenant's or was changed. */
export function unwrap(
  { tenant, id, wrapped }: Pick<DataKey, "tenant" | "id" | "wrapped">,
  ring: KeyRing,
): KeyObject | undefined {
  const by = keyOf(ring, wrapped);
  if (by === undefined) return undefined;
  try {
    const bytes = open(wrapped, by.key, associated(tenant, id));
    const key = createSecretKey(bytes);
    bytes.fill(0);
    return key;
  } catch {
    return undefined;
  }
}

/** The same key, wrapped by the ring's current one; undefined: it cannot be unwrapped. */
export function rewrap(key: DataKey, ring: KeyRing): Uint8Array | undefined {
  const unwrapped = unwrap(key, ring);
  if (unwrapped === undefined) return undefined;
  const bytes = unwrapped.export();
  const wrapped = seal(bytes, ring.current.key, ring.current.id, associated(key.tenant, key.id));
  bytes.fill(0);
  return wrapped;
}

function keyOf(ring: KeyRing, wrapped: Uint8Array): WrappingKey | undefined {
  const id = wrappedBy(wrapped);
  return [ring.current, ...ring.old].find((key) => key.id === id);
}

const associated = (tenant: string, id: string): string => `bowline data key|v1|${JSON.stringify([tenant, id])}`;

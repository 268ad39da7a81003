// Gives a file of state new keys while it is in use: a new wrapping key, and on request new data keys with every secret sealed
// anew. Each step leaves everything readable, so that a rotation that was cut off anywhere is ended by the next one.
import type { SealedRow } from "../store/store.ts";
import { rewrap, wrappedBy } from "./data-keys.ts";
import { addKey, keepFirstKey } from "./key-file.ts";
import { wrappingKey, type KeyRing } from "./key-ring.ts";
import { TOKENS_FIELD } from "./kept-tokens.ts";
import { keyIdOf } from "./sealed.ts";
import { VaultError, type KeptVault, type SealedFor, type WhyClosed } from "./vault.ts";

export interface RotateOptions {
  /** Puts a new wrapping key into the key file; where the key comes from elsewhere, whoever sets it there makes it. */
  readonly newKey: boolean;
  /** Makes new data keys and seals every secret anew. */
  readonly data: boolean;
}

export interface KeysRotated {
  /** The wrapping key from now on. */
  readonly key: string;
  /** A new wrapping key was made. */
  readonly made: boolean;
  readonly rewrapped: number;
  readonly resealed: number;
  readonly dropped: number;
  /** What no key opens was left as it is. */
  readonly unreadable: readonly Unreadable[];
  /** Data keys that no given key unwraps, or that still need an old one. */
  readonly onOldKeys: number;
  /** Where an old wrapping key is still given, though nothing needs it any more. */
  readonly toTakeOut: readonly string[];
}

export interface Unreadable extends SealedFor {
  readonly why: WhyClosed;
}

const SEALED_PAGE = 200;
/** Each pass finds what was saved during the one before; tokens are saved seldom. */
const PASSES_MAX = 20;

/** Of each vault, the last rotation that was asked for. */
const lastOf = new WeakMap<KeptVault, Promise<unknown>>();

/** One after the other: of two at once each would take the other's new key for one that nothing needs. */
export function rotateKeys(vault: KeptVault, options: RotateOptions): Promise<KeysRotated> {
  const before = lastOf.get(vault) ?? Promise.resolve();
  const rotated = before.then(() => rotate(vault, options));
  lastOf.set(
    vault,
    rotated.catch(() => undefined),
  );
  return rotated;
}

async function rotate(vault: KeptVault, { newKey, data }: RotateOptions): Promise<KeysRotated> {
  const made = newKey && vault.ring.file !== undefined;
  if (made) vault.useRing(await withNewKey(vault.ring, vault.ring.file));
  const rewrapped = await rewrapAll(vault);
  if (data) for (const tenant of vault.tenants) await vault.renew(tenant);
  const { resealed, unreadable } = await resealAll(vault);
  const dropped = await vault.store.dropUnusedDataKeys();
  await vault.read();
  const onOldKeys = vault.dataKeys.filter(({ wrapped }) => wrappedBy(wrapped) !== vault.keyId).length;
  if (onOldKeys === 0) await forgetOldKeys(vault);
  return {
    key: vault.keyId,
    made,
    rewrapped,
    resealed,
    dropped: dropped.length,
    unreadable,
    onOldKeys,
    toTakeOut: onOldKeys === 0 ? [...new Set(vault.ring.old.map(({ from }) => from))] : [],
  };
}

/** In the file before anything is wrapped with it: a key that is only in memory may be lost with what it wrapped. */
async function withNewKey(ring: KeyRing, file: string): Promise<KeyRing> {
  const current = wrappingKey(await addKey(file), file);
  return { ...ring, current, old: [ring.current, ...ring.old] };
}

async function rewrapAll(vault: KeptVault): Promise<number> {
  await vault.read();
  let rewrapped = 0;
  for (const key of vault.dataKeys) {
    if (wrappedBy(key.wrapped) === vault.keyId) continue;
    const wrapped = rewrap(key, vault.ring);
    if (wrapped !== undefined && (await vault.store.rewrapDataKey(key.id, key.wrapped, wrapped))) rewrapped += 1;
  }
  await vault.read();
  return rewrapped;
}

/** Seals anew what is sealed with a data key that is no longer its tenant's current one. */
async function resealAll(
  vault: KeptVault,
): Promise<{ readonly resealed: number; readonly unreadable: readonly Unreadable[] }> {
  const unreadable = new Map<string, Unreadable>();
  let resealed = 0;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    let found = 0;
    for await (const row of sealedRows(vault)) {
      if (vault.isCurrent(keyIdOf(row.sealed), row.tenant)) continue;
      const place = placeOf(row);
      const opened = tryOpen(vault, row);
      if (typeof opened !== "string") {
        unreadable.set(JSON.stringify(place), { ...place, why: opened.why });
        continue;
      }
      found += 1;
      const sealed = vault.seal(opened, place);
      if (await vault.store.reseal(row.connection, row.version, row.sealed, sealed)) resealed += 1;
    }
    if (found === 0) break;
  }
  return { resealed, unreadable: [...unreadable.values()] };
}

export async function* sealedRows({ store }: KeptVault): AsyncGenerator<SealedRow> {
  let after: string | undefined;
  for (;;) {
    const page = await store.sealed(after, SEALED_PAGE);
    yield* page;
    after = page.at(-1)?.connection;
    if (page.length < SEALED_PAGE) return;
  }
}

export function placeOf({ tenant, connection, version }: SealedRow): SealedFor {
  return { tenant, connection, field: TOKENS_FIELD, version };
}

export function tryOpen(vault: KeptVault, row: SealedRow): string | { readonly why: WhyClosed } {
  try {
    return vault.open(row.sealed, placeOf(row));
  } catch (error) {
    if (error instanceof VaultError && error.why !== undefined) return { why: error.why };
    throw error;
  }
}

async function forgetOldKeys(vault: KeptVault): Promise<void> {
  const { ring } = vault;
  if (ring.file !== undefined) await keepFirstKey(ring.file);
  vault.useRing({ ...ring, old: ring.old.filter(({ from }) => from !== ring.file) });
}

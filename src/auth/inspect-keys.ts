// What the keys of a file of state are, and whether they open all that is sealed: for people, without a byte of any key.
import { unwrap, wrappedBy } from "./data-keys.ts";
import { placeOf, sealedRows, tryOpen, type Unreadable } from "./rotate-keys.ts";
import { keyIdOf } from "./sealed.ts";
import type { KeptVault } from "./vault.ts";

export interface KeysStatus {
  /** The wrapping key that is used, and those that are given beside it. */
  readonly key: { readonly id: string; readonly from: string };
  readonly oldKeys: readonly { readonly id: string; readonly from: string; readonly wraps: number }[];
  readonly dataKeys: readonly DataKeyStatus[];
  /** Secrets whose data key is not current, is wrapped by an old key, or is not there at all. */
  readonly onOldKeys: number;
  /** Secrets whose data key cannot be had. */
  readonly withoutKey: number;
}

export interface DataKeyStatus {
  readonly id: string;
  readonly tenant: string;
  readonly current: boolean;
  /** The id of the wrapping key. */
  readonly wrappedBy: string | undefined;
  /** A key that was given unwraps it. */
  readonly readable: boolean;
  /** How many secrets are sealed with it now, and how often it sealed one. */
  readonly rows: number;
  readonly seals: number;
  readonly madeAt: number;
}

export interface KeysVerified {
  readonly rows: number;
  readonly opened: number;
  readonly unreadable: readonly Unreadable[];
  /** Data keys that no given key unwraps. */
  readonly lostDataKeys: readonly string[];
}

export async function keysStatus(vault: KeptVault): Promise<KeysStatus> {
  await vault.read();
  const { ring, dataKeys } = vault;
  const rows = new Map<string, number>();
  for await (const { sealed } of sealedRows(vault)) {
    const id = keyIdOf(sealed) ?? "";
    rows.set(id, (rows.get(id) ?? 0) + 1);
  }
  const told = dataKeys.map((key): DataKeyStatus => ({
    id: key.id,
    tenant: key.tenant,
    current: key.current,
    wrappedBy: wrappedBy(key.wrapped),
    readable: unwrap(key, ring) !== undefined,
    rows: rows.get(key.id) ?? 0,
    seals: key.seals,
    madeAt: key.madeAt,
  }));
  const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
  const countOf = (isSo: (key: DataKeyStatus) => boolean): number =>
    told.reduce((sum, key) => sum + (isSo(key) ? key.rows : 0), 0);
  return {
    key: { id: ring.current.id, from: ring.current.from },
    oldKeys: ring.old.map(({ id, from }) => ({
      id,
      from,
      wraps: told.filter((key) => key.wrappedBy === id).length,
    })),
    dataKeys: told,
    onOldKeys: all - countOf((key) => key.current && key.wrappedBy === ring.current.id),
    withoutKey: all - countOf((key) => key.readable),
  };
}

/** Opens every secret that is kept, and says which do not. */
export async function verifyKeys(vault: KeptVault): Promise<KeysVerified> {
  await vault.read();
  const unreadable: Unreadable[] = [];
  let rows = 0;
  for await (const row of sealedRows(vault)) {
    rows += 1;
    const opened = tryOpen(vault, row);
    if (typeof opened !== "string") unreadable.push({ ...placeOf(row), why: opened.why });
  }
  const lost = vault.dataKeys.filter((key) => unwrap(key, vault.ring) === undefined);
  return { rows, opened: rows - unreadable.length, unreadable, lostDataKeys: lost.map(({ id }) => id) };
}

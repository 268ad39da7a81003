// A small project for the exam: orders become invoices and receipts, customers become customers.
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  Claim,
  CredentialStore,
  Declaration,
  Link,
  NewArrival,
  Observation,
  PendingWrite,
  Settlement,
  Store,
} from "../store.ts";

/** A file of state that can be opened, closed and opened again. */
export interface ExamFile {
  open(): Promise<Store>;
  /** The credentials of the same file as another process reaches them, while the store is open. */
  openShared(): Promise<CredentialStore & { close(): void | Promise<void> }>;
  /** Makes the closed file one that was brought back from a backup of that time. */
  restored(madeAt: number): Promise<void>;
  remove(): Promise<void>;
}

export type MakeFile = () => Promise<ExamFile>;

export const ORDERS = "shop/orders";
export const CUSTOMERS = "shop/customers";
export const INVOICES = "orders-to-invoices";
export const RECEIPTS = "orders-to-receipts";
export const BUYERS = "customers-to-customers";

export const DECLARATION: Declaration = {
  connections: ["shop", "books"],
  resources: [ORDERS, CUSTOMERS, "books/invoices", "books/receipts", "books/customers"],
  syncs: [
    { name: INVOICES, from: ORDERS, to: "books/invoices" },
    { name: RECEIPTS, from: ORDERS, to: "books/receipts" },
    { name: BUYERS, from: CUSTOMERS, to: "books/customers" },
  ],
};

export const WRITE: PendingWrite = {
  id: "write-1",
  action: "create",
  fields: '{"DocNumber":"#1"}',
  armedAt: 5,
  sends: 1,
  recordHash: "a",
};

export const LINK: Link = { targetKey: "T1", base: '{"DocNumber":"#1"}', recordHash: "a" };

/** A test with a fresh file, opened and declared. */
export function examine(
  makeFile: MakeFile,
  rule: string,
  check: (store: Store, file: ExamFile) => Promise<void>,
): void {
  test(rule, async () => onDeclared(await makeFile(), check));
}

/** The file opened and declared, and removed afterwards. */
export async function onDeclared(
  file: ExamFile,
  check: (store: Store, file: ExamFile) => Promise<void>,
): Promise<void> {
  const store = await file.open();
  try {
    await store.declare(DECLARATION);
    await check(store, file);
  } finally {
    await store.close();
    await file.remove();
  }
}

export function arrival(dedupeId: string, fields: Partial<NewArrival> = {}): NewArrival {
  return { connection: "shop", dedupeId, at: 1, headers: { topic: "orders" }, body: Buffer.from("{}"), ...fields };
}

/** A poll that read the record with this hash. */
export function read(key: string, hash: string, fields: Partial<Observation> = {}): Observation {
  const seen = { kind: "record", hash, body: JSON.stringify({ key, hash }), title: `#${key}` } as const;
  return { resource: ORDERS, key, cause: "poll", priority: "scheduled", at: 10, seen, ...fields };
}

export function changed(key: string, fields: Partial<Observation> = {}): Observation {
  return read(key, "", { cause: "webhook", priority: "live", seen: { kind: "changed" }, ...fields });
}

export function deleted(key: string, fields: Partial<Observation> = {}): Observation {
  return read(key, "", { seen: { kind: "deleted" }, ...fields });
}

export async function claimed(store: Store, sync = INVOICES, at = 1000): Promise<Claim> {
  const [claim, ...others] = await store.claim({ sync, limit: 10, at });
  assert.ok(claim !== undefined, `expected a claim of ${sync}, got none`);
  assert.deepEqual(others, [], "expected one claim");
  return claim;
}

export async function claimedKeys(store: Store, sync = INVOICES, at = 1000, limit = 100): Promise<readonly string[]> {
  return (await store.claim({ sync, limit, at })).map(({ key }) => key);
}

/** What is left of a settlement when its claim is known. */
type Fate = Settlement extends infer Each
  ? Each extends Settlement
    ? Omit<Each, "sync" | "key" | "seq" | "at">
    : never
  : never;

export function settlement({ sync, key, seq }: Claim, fate: Fate, at = 50): Settlement {
  return { sync, key, seq, at, ...fate };
}

export async function settle(store: Store, claim: Claim, fate: Fate, at = 50): Promise<readonly string[]> {
  const { syncs } = await store.settle([settlement(claim, fate, at)]);
  return syncs;
}

export const AGREED = { to: "cleared", why: "agreed" } as const;
export const PARKED = { to: "parked", cause: "mapping", reason: "no customer", todo: "add one" } as const;

export async function syncStatus(store: Store, sync = INVOICES) {
  const found = (await store.status()).syncs.find((status) => status.sync === sync);
  assert.ok(found !== undefined);
  return found;
}

export async function tally(store: Store, name: string): Promise<number> {
  return (await store.status()).tallies[name] ?? 0;
}

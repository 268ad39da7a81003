import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { LiveSecrets } from "../call/live-secrets.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { wrappingKeyOf, type KeyRing } from "./key-ring.ts";
import { openVault, VaultError, vaultOf, type SealedFor, type VaultOptions } from "./vault.ts";

const place = { connection: "books", field: "oauth2", version: 3 };
const vault = vaultOf(Buffer.alloc(32, 7));

test("what was sealed opens at its place, and is never sealed alike twice", () => {
  const sealed = vault.seal("tök-1", place);
  assert.equal(vault.open(sealed, place), "tök-1");
  assert.equal(vault.open(sealed, { ...place, tenant: "default" }), "tök-1");
  assert.notDeepEqual(vault.seal("tök-1", place), sealed);
  assert.ok(!Buffer.from(sealed).includes("tök-1"));
});

for (const [what, elsewhere] of [
  ["of another connection", { ...place, connection: "shop" }],
  ["of another tenant", { ...place, tenant: "other" }],
  ["of another field", { ...place, field: "other" }],
  ["of an older version", { ...place, version: 2 }],
  ["whose parts are only shifted", { connection: 'books","oauth2', field: "", version: 3 }],
] as const) {
  test(`a place ${what} opens nothing`, () => {
    assert.throws(() => vault.open(vault.seal("x", place), elsewhere), isSealedOtherwise);
  });
}

test("one changed bit anywhere, a shorter tag or a piece cut off opens nothing", () => {
  const sealed = Buffer.from(vault.seal("secret", place));
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(() => vault.open(changed, place), isSealedOtherwise);
  }
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => vault.open(sealed.subarray(0, length), place), isSealedOtherwise);
  }
});

test("another key opens nothing, and neither the error nor the vault shows a secret", () => {
  const other = vaultOf(Buffer.alloc(32, 8));
  assert.notEqual(other.keyId, vault.keyId);
  assert.throws(
    () => other.open(vault.seal("shown?", place), place),
    (error) => isSealedOtherwise(error) && !/shown\?/.test(String((error as Error).stack)),
  );
  assert.ok(!JSON.stringify(vault).includes(Buffer.alloc(32, 7).toString("base64")));
});

test("a file of state keeps its data key wrapped, and another start opens what it sealed", async (t) => {
  const { open, store } = await setup(t);
  const first = await open();
  const sealed = first.seal("x", place);
  assert.equal((await open()).open(sealed, place), "x");
  const [key, ...others] = await store.dataKeys();
  assert.deepEqual(others, []);
  assert.equal(key?.wrapped.length, 1 + 8 + 12 + 16 + 32);
});

test("two that start together use one data key", async (t) => {
  const { open } = await setup(t);
  const [one, other] = await Promise.all([open(), open()]);
  assert.equal(other.open(one.seal("x", place), place), "x");
});

test("tenants have data keys of their own, and one tenant's opens nothing of another's", async (t) => {
  const { open, store } = await setup(t);
  const both = await open({ tenants: ["default", "other"] });
  assert.equal((await store.dataKeys()).length, 2);
  const sealed = both.seal("x", place);
  assert.throws(() => both.open(sealed, { ...place, tenant: "other" }), { why: "no-such-key" });
  assert.throws(() => both.seal("x", { ...place, tenant: "unknown" }), { code: "key" });
});

test("a secret that does not open raises an alert that names its place and says why", async (t) => {
  const alerts: (readonly [SealedFor, string])[] = [];
  const { open } = await setup(t);
  const here = await open({ alert: (at, why) => alerts.push([at, why]) });
  const sealed = here.seal("x", place);
  const elsewhere = { ...place, connection: "shop" };
  assert.throws(() => here.open(sealed, elsewhere), isSealedOtherwise);
  assert.throws(() => here.open(Buffer.from("junk"), place), isSealedOtherwise);
  assert.deepEqual(alerts, [
    [elsewhere, "changed"],
    [place, "format"],
  ]);
});

test("with another key the old secrets are closed, new ones can be kept, and the right key opens the old again", async (t) => {
  const { open } = await setup(t);
  const sealed = (await open()).seal("old", place);
  const stranger = await open({ ring: ringOf(2) });
  assert.throws(() => stranger.open(sealed, place), { why: "key-lost" });
  assert.equal(stranger.open(stranger.seal("new", place), place), "new");
  assert.equal((await open()).open(sealed, place), "old");
});

test("a data key that sealed enough is replaced, and what it sealed still opens", async (t) => {
  const { open, store } = await setup(t);
  const here = await open({ sealsMax: 2 });
  const sealed = [here.seal("a", place), here.seal("b", place)];
  const renewed = async (): Promise<boolean> => (await store.dataKeys()).length === 2;
  while (!(await renewed())) await store.status();
  const after = await open();
  assert.deepEqual(
    sealed.map((one) => after.open(one, place)),
    ["a", "b"],
  );
});

test("what goes through the vault is known to whoever cleans the log", async (t) => {
  const live = new LiveSecrets();
  const { open } = await setup(t);
  (await open({ live })).seal(
    JSON.stringify({ refreshToken: "r-0123456789", access: { token: "a-0123456789" } }),
    place,
  );
  assert.equal(live.text("r-0123456789 and a-0123456789"), "[secret] and [secret]");
});

export function ringOf(byte: number, ...old: readonly number[]): KeyRing {
  const keyOf = (one: number) => wrappingKeyOf(Buffer.alloc(32, one), `key ${one}`);
  return { current: keyOf(byte), old: old.map(keyOf) };
}

async function setup(t: TestContext) {
  const store: Store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  const open = (options: Partial<VaultOptions> = {}) =>
    openVault({ ring: ringOf(1), store, clock: new VirtualClock(), ...options });
  return { store, open };
}

function isSealedOtherwise(error: unknown): boolean {
  return error instanceof VaultError && error.code === "sealed-otherwise";
}

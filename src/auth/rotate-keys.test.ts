import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { keysStatus, verifyKeys } from "./inspect-keys.ts";
import { readKeyRing, type KeyRing } from "./key-ring.ts";
import { readTokens, saveTokens } from "./kept-tokens.ts";
import { rotateKeys } from "./rotate-keys.ts";
import { openVault, type KeptVault } from "./vault.ts";

const CONNECTIONS = ["books", "shop", "stock"];

async function setup(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "rotate-"));
  const store: Store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await store.declare({ connections: CONNECTIONS, resources: [], syncs: [] });
  const keyFile = join(folder, "state.key");
  const ring = (env = {}): Promise<KeyRing> => readKeyRing({ keyFile, env });
  const open = async (given?: KeyRing, over: Store = store): Promise<KeptVault> =>
    openVault({ ring: given ?? (await ring()), store: over, clock: new VirtualClock() });
  const vault = await open();
  for (const name of CONNECTIONS)
    await saveTokens(store, vault, name, 0, { refreshToken: `token of ${name}`, seed: "" });
  const tokens = async (opened: KeptVault): Promise<readonly unknown[]> =>
    Promise.all(CONNECTIONS.map(async (name) => (await readTokens(store, opened, name))?.tokens.refreshToken));
  const keys = async (): Promise<readonly string[]> => (await readFile(keyFile, "utf8")).trim().split("\n");
  return { store, keyFile, ring, open, vault, tokens, keys };
}

const ALL = CONNECTIONS.map((name) => `token of ${name}`);

test("a new wrapping key leaves every secret as it is, and the old one is gone from the file", async (t) => {
  const { vault, open, tokens, keys } = await setup(t);
  const [old] = await keys();
  const rotated = await rotateKeys(vault, { newKey: true, data: false });
  assert.deepEqual(
    { ...rotated, key: undefined },
    { key: undefined, made: true, rewrapped: 1, resealed: 0, dropped: 0, unreadable: [], onOldKeys: 0, toTakeOut: [] },
  );
  assert.deepEqual(await tokens(vault), ALL);
  assert.deepEqual(await tokens(await open()), ALL);
  const left = await keys();
  assert.ok(left.length === 1 && left[0] !== old);
});

test("two rotations that are asked for at once are made one after the other, and everything opens", async (t) => {
  const { vault, open, tokens, keys } = await setup(t);
  const [first, second] = await Promise.all([
    rotateKeys(vault, { newKey: true, data: true }),
    rotateKeys(vault, { newKey: true, data: true }),
  ]);
  assert.deepEqual([first.onOldKeys, second.onOldKeys, second.unreadable], [0, 0, []]);
  assert.notEqual(first.key, second.key);
  assert.equal((await keys()).length, 1);
  assert.deepEqual(await tokens(await open()), ALL);
});

test("a rotation that fails keeps nobody from the next one", async (t) => {
  const { vault, keyFile, open, tokens } = await setup(t);
  await mkdir(`${keyFile}.next`);
  await assert.rejects(rotateKeys(vault, { newKey: true, data: false }), { name: "VaultError", message: /state\.key/ });
  await rmdir(`${keyFile}.next`);
  await rotateKeys(vault, { newKey: true, data: false });
  assert.deepEqual(await tokens(await open()), ALL);
});

test("new data keys seal everything anew, keep versions and refreshes, and the old ones are taken away", async (t) => {
  const { vault, store, open, tokens } = await setup(t);
  const before = await store.credential("books");
  await rotateKeys(vault, { newKey: false, data: true });
  const after = await store.credential("books");
  assert.equal(after?.version, before?.version);
  assert.notDeepEqual(after?.sealed, before?.sealed);
  assert.deepEqual(await tokens(await open()), ALL);
  const status = await keysStatus(vault);
  assert.deepEqual(
    status.dataKeys.map(({ rows, current, readable }) => ({ rows, current, readable })),
    [{ rows: 3, current: true, readable: true }],
  );
  assert.equal(status.onOldKeys, 0);
});

test("a key from the environment is replaced by the one that is set there, and the old one can be taken out", async (t) => {
  const { ring, open, tokens } = await setup(t);
  const key = Buffer.alloc(32, 9).toString("base64");
  const moved = await open(await ring({ BOWLINE_KEY: key }));
  assert.equal((await keysStatus(moved)).onOldKeys, 3);
  const rotated = await rotateKeys(moved, { newKey: true, data: false });
  assert.equal(rotated.made, false);
  assert.equal(rotated.toTakeOut.length, 1);
  const alone = await openVault({
    ring: await readKeyRing({ keyFile: "/nowhere/none", env: { BOWLINE_KEY: key } }),
    store: moved.store,
    clock: new VirtualClock(),
  });
  assert.deepEqual(await tokens(alone), ALL);
});

const STEPS = ["addDataKey", "rewrapDataKey", "reseal", "dropUnusedDataKeys"] as const;
for (const step of STEPS) {
  for (const when of ["before", "after"] as const) {
    test(`a rotation cut off ${when} ${step} leaves all readable, and the next one ends it`, async (t) => {
      const { store, open, tokens, keys } = await setup(t);
      const cut: Store = {
        ...store,
        [step]: async (...given: readonly never[]) => {
          if (when === "after") await (store[step] as (...given: readonly never[]) => Promise<unknown>)(...given);
          throw new Error("cut off");
        },
      };
      const vault = await open(undefined, cut);
      await assert.rejects(rotateKeys(vault, { newKey: true, data: true }), /cut off/);
      const next = await open();
      assert.deepEqual(await tokens(next), ALL);
      assert.equal((await rotateKeys(next, { newKey: false, data: true })).onOldKeys, 0);
      assert.deepEqual(await tokens(await open()), ALL);
      assert.equal((await keys()).length, 1);
      assert.equal((await keysStatus(next)).dataKeys.length, 1);
    });
  }
}

test("tokens that are saved while it rotates are neither lost nor left on an old key", async (t) => {
  const { vault, store, tokens } = await setup(t);
  const busy: Store = {
    ...store,
    async reseal(connection, version, was, sealed) {
      // Somebody refreshes the very connection that is being sealed anew.
      await saveTokens(store, vault, connection, version, { refreshToken: "fresh", seed: "" });
      return store.reseal(connection, version, was, sealed);
    },
  };
  const rotating = await openVault({ ring: vault.ring, store: busy, clock: new VirtualClock() });
  await rotateKeys(rotating, { newKey: false, data: true });
  await vault.read();
  assert.deepEqual(await tokens(vault), ["fresh", "fresh", "fresh"]);
});

test("what does not open is named, left as it is, and its keys are kept", async (t) => {
  const { vault, store } = await setup(t);
  const shop = await store.credential("shop");
  assert.ok(shop !== undefined);
  await store.saveCredential("books", 1, shop.sealed);
  const { unreadable, resealed } = await rotateKeys(vault, { newKey: true, data: true });
  assert.deepEqual(unreadable, [
    { tenant: "default", connection: "books", field: "oauth2", version: 2, why: "changed" },
  ]);
  assert.equal(resealed, 2);
  const verified = await verifyKeys(vault);
  assert.deepEqual([verified.rows, verified.opened, verified.unreadable], [3, 2, unreadable]);
  assert.equal((await keysStatus(vault)).dataKeys.length, 2);
});

test("when a data key is lost, the keys of the file are kept and the status says so", async (t) => {
  const { store, ring, keys } = await setup(t);
  const stranger = await readKeyRing({
    keyFile: "/nowhere/none",
    env: { BOWLINE_KEY: Buffer.alloc(32, 5).toString("base64") },
  });
  const vault = await openVault({
    ring: { ...stranger, file: (await ring()).file! },
    store,
    clock: new VirtualClock(),
  });
  const rotated = await rotateKeys(vault, { newKey: true, data: true });
  assert.equal(rotated.unreadable.length, 3);
  assert.equal(rotated.onOldKeys, 1);
  assert.equal((await keys()).length, 2);
  assert.equal((await keysStatus(vault)).withoutKey, 3);
});

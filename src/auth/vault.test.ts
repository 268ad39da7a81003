import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openVault, VaultError, vaultOf } from "./vault.ts";

const place = { connection: "books", field: "oauth2", version: 3 };
const vault = vaultOf(Buffer.alloc(32, 7));

test("what was sealed opens at its place, and is never sealed alike twice", () => {
  const sealed = vault.seal("tök-1", place);
  assert.equal(vault.open(sealed, place), "tök-1");
  assert.notDeepEqual(vault.seal("tök-1", place), sealed);
  assert.ok(!Buffer.from(sealed).includes("tök-1"));
});

for (const [what, elsewhere] of [
  ["of another connection", { ...place, connection: "shop" }],
  ["of another field", { ...place, field: "other" }],
  ["of an older version", { ...place, version: 2 }],
  ["whose parts are only shifted", { connection: 'books"|"oauth2', field: "", version: 3 }],
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

test("a key file is made once, readable by its owner only, and opens what it sealed after a new start", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "vault-"));
  t.after(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, "state.key");
  const [first, second] = await Promise.all([openVault({ keyFile, env: {} }), openVault({ keyFile, env: {} })]);
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  assert.equal(second.open(first.seal("x", place), place), "x");
  const key = (await readFile(keyFile, "utf8")).trim();
  const given = await openVault({ keyFile: join(folder, "none"), env: { BOWLINE_KEY: key } });
  assert.equal(given.open(first.seal("x", place), place), "x");
  await assert.rejects(stat(join(folder, "none")));
});

test("a key of the wrong length stops the start and says how to make one", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "vault-"));
  t.after(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, "state.key");
  await assert.rejects(openVault({ keyFile, env: { BOWLINE_KEY: "c2hvcnQ=" } }), /wanted 32 bytes in base64, got 5/);
  await writeFile(keyFile, "");
  await assert.rejects(openVault({ keyFile, env: {} }), /got 0; make one with/);
});

function isSealedOtherwise(error: unknown): boolean {
  return error instanceof VaultError && error.code === "sealed-otherwise";
}

import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { keyLinesFromCommand } from "./key-command.ts";
import { addKey, keepFirstKey } from "./key-file.ts";
import { readKeyRing, wrappingKey } from "./key-ring.ts";

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const idOf = (byte: number): string => wrappingKey(keyOf(byte), "test").id;

async function setup(t: TestContext): Promise<{ readonly keyFile: string; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "keys-"));
  t.after(() => rm(folder, { recursive: true }));
  return { folder, keyFile: join(folder, "state.key") };
}

test("a key file is made once, readable by its owner only, and the same for all who start together", async (t) => {
  const { keyFile, folder } = await setup(t);
  const rings = await Promise.all([1, 2, 3].map(() => readKeyRing({ keyFile, env: {} })));
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  assert.equal(new Set(rings.map(({ current }) => current.id)).size, 1);
  assert.equal(rings[0]?.file, keyFile);
  assert.deepEqual(await readdir(folder), ["state.key"]);
});

test("the environment's key goes before the file's, which then is an old one", async (t) => {
  const { keyFile, folder } = await setup(t);
  await writeFile(keyFile, `${keyOf(2)}\n`, { mode: 0o400 });
  const env = { BOWLINE_KEY: keyOf(1), BOWLINE_KEY_OLD: `${keyOf(3)}, ${keyOf(1)}` };
  const ring = await readKeyRing({ keyFile, env });
  assert.equal(ring.current.id, idOf(1));
  assert.deepEqual(
    ring.old.map(({ id }) => id),
    [idOf(2), idOf(3)],
  );
  assert.equal(ring.file, undefined);
  const none = await readKeyRing({ keyFile: join(folder, "none"), env: { BOWLINE_KEY: keyOf(1) } });
  assert.deepEqual(none.old, []);
  await assert.rejects(stat(join(folder, "none")), "no file is made where it is not needed");
});

test("a key of the wrong length stops the start and says how to make one", async (t) => {
  const { keyFile } = await setup(t);
  await assert.rejects(readKeyRing({ keyFile, env: { BOWLINE_KEY: "c2hvcnQ=" } }), /wanted 32 bytes in base64, got 5/);
  await writeFile(keyFile, "", { mode: 0o600 });
  await assert.rejects(readKeyRing({ keyFile, env: {} }), /got 0; make one with/);
});

test("a key file that others may read is refused", { skip: process.platform === "win32" }, async (t) => {
  const { keyFile } = await setup(t);
  await writeFile(keyFile, `${keyOf(1)}\n`, { mode: 0o600 });
  for (const mode of [0o644, 0o640, 0o604]) {
    await chmod(keyFile, mode);
    await assert.rejects(readKeyRing({ keyFile, env: {} }), { code: "key", message: /chmod 600/ });
  }
  await chmod(keyFile, 0o400);
  assert.equal((await readKeyRing({ keyFile, env: {} })).current.id, idOf(1));
});

test("a command gives the key and old ones, without a shell and without the project's secrets", async (t) => {
  const { keyFile } = await setup(t);
  const script = "console.log(process.env.MINE ?? process.env.KEPT); console.log(process.argv[1])";
  const command = JSON.stringify([process.execPath, "-e", script, keyOf(2)]);
  const env = { BOWLINE_KEY_COMMAND: command, MINE: "a secret of the project", KEPT: keyOf(1) };
  const ring = await readKeyRing({ keyFile, env, withheld: ["MINE"] });
  assert.equal(ring.current.id, idOf(1));
  assert.deepEqual(
    ring.old.map(({ id }) => id),
    [idOf(2)],
  );
  await assert.rejects(stat(keyFile));
  const words = await keyLinesFromCommand(`${process.execPath} -p 1;2`, {});
  assert.deepEqual(words, ["2"], "a semicolon is a character like others");
});

test("a command that fails, hangs or says nothing stops the start, and what it printed is not repeated", async () => {
  const run = (script: string, timeoutMs?: number): Promise<readonly string[]> =>
    keyLinesFromCommand(JSON.stringify([process.execPath, "-e", script]), {}, timeoutMs);
  const fails = run('console.log("half a key"); console.error("half a key"); process.exit(3)');
  await assert.rejects(
    fails,
    (error: Error) =>
      /it ended with 3/.test(error.message) && !/half a key/.test(String(error.stack) + String(error.cause)),
  );
  await assert.rejects(run("setInterval(() => {}, 1000)", 50), /longer than 50 ms/);
  await assert.rejects(run(""), /got nothing/);
  await assert.rejects(keyLinesFromCommand("[1]", {}), /JSON array of texts/);
  await assert.rejects(keyLinesFromCommand("there-is-no-such-program", {}), /ENOENT/);
});

test("two places that both claim to hold the key stop the start", async (t) => {
  const { keyFile } = await setup(t);
  const env = { BOWLINE_KEY: keyOf(1), BOWLINE_KEY_COMMAND: "true" };
  await assert.rejects(readKeyRing({ keyFile, env }), /both set/);
});

test("a new key goes first and the old one stays until it is taken out; what was cut off is written over", async (t) => {
  const { keyFile, folder } = await setup(t);
  const before = await readKeyRing({ keyFile, env: {} });
  await writeFile(`${keyFile}.next`, "cut off", { mode: 0o600 });
  await addKey(keyFile);
  const both = await readKeyRing({ keyFile, env: {} });
  assert.deepEqual(
    both.old.map(({ id }) => id),
    [before.current.id],
  );
  await keepFirstKey(keyFile);
  const after = await readKeyRing({ keyFile, env: {} });
  assert.equal(after.current.id, both.current.id);
  assert.deepEqual(after.old, []);
  assert.equal((await readFile(keyFile, "utf8")).split("\n").length, 2);
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ["state.key"]);
});

test("nothing that people print shows a key", async (t) => {
  const { keyFile } = await setup(t);
  const ring = await readKeyRing({ keyFile, env: { BOWLINE_KEY: keyOf(1) } });
  const { inspect } = await import("node:util");
  const shown = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify(ring);
  assert.ok(!shown.includes(keyOf(1)) && !shown.includes("0101"));
});

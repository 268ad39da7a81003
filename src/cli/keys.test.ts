// `bowline keys` as people and programs use it: while Bowline runs, and while it does not.
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { KeysStatus } from "../auth/inspect-keys.ts";
import type { KeysRotated } from "../auth/rotate-keys.ts";
import { openEngine } from "../engine.ts";
import { loadProject } from "./load-project.ts";
import { simulatedProject, type SimulatedProject } from "./testing/simulated-project.ts";

/** A project whose books were signed in to, so that a token is kept. */
async function signedIn(t: TestContext): Promise<SimulatedProject & { readonly keyFile: string }> {
  const project = await simulatedProject(t);
  project.shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  const { exitCode, err } = await project.run("sync", "customers");
  assert.equal(exitCode, 0, err);
  return { ...project, keyFile: join(project.folder, "state", "bowline.db.key") };
}

test("status tells the keys by their ids and what is under each", async (t) => {
  const { run, keyFile } = await signedIn(t);
  const { exitCode, out } = await run("keys", "status");
  assert.equal(exitCode, 0, out);
  assert.match(out, /^[0-9a-f]{16} +current +1 +.*bowline\.db\.key$/m);
  assert.match(out, /^[0-9a-f]{16} +default +current +[0-9a-f]{16} +1 /m);
  assert.ok(!out.includes((await readFile(keyFile, "utf8")).trim()));
});

test("rotate gives new keys while nothing runs, and everything opens afterwards", async (t) => {
  const { run, keyFile } = await signedIn(t);
  const before = await readFile(keyFile, "utf8");
  const rotated = await run("keys", "rotate", "--data");
  assert.equal(rotated.exitCode, 0, rotated.err);
  assert.match(
    rotated.out,
    /The new key is [0-9a-f]{16}: 1 data key wrapped anew, 1 secret sealed anew, 1 old data key taken/,
  );
  assert.notEqual(await readFile(keyFile, "utf8"), before);
  const verified = await run("keys", "verify");
  assert.deepEqual([verified.exitCode, verified.out], [0, "1 of 1 secret opens\n"]);
  assert.equal((await run("sync", "customers")).exitCode, 0);
});

test("a running Bowline is asked to rotate, and goes on with the new keys", async (t) => {
  const { run, folder, environment, shop, books } = await signedIn(t);
  const { project, dataPath } = await loadProject(folder, undefined);
  const engine = await openEngine({ project, dataPath, environment });
  t.after(() => engine.stop());
  await engine.start();
  const before = (await run("keys", "status", "--json")).json as KeysStatus;
  const { exitCode, json, err } = await run("keys", "rotate", "--data", "--json");
  assert.equal(exitCode, 0, err);
  const rotated = json as KeysRotated;
  assert.notEqual(rotated.key, before.key.id);
  assert.deepEqual([rotated.resealed, rotated.onOldKeys, rotated.unreadable], [1, 0, []]);
  shop.addCustomer({ firstName: "Grace", lastName: "Hopper" });
  await run("sync", "customers");
  await engine.quiet();
  assert.equal(books.truth.customers.size, 2);
});

test("a secret that does not open ends verify and status with 1, and is named", async (t) => {
  const { run, keyFile } = await signedIn(t);
  await writeFile(keyFile, `${Buffer.alloc(32, 7).toString("base64")}\n`);
  const verified = await run("keys", "verify");
  assert.equal(verified.exitCode, 1);
  assert.match(verified.out, /^books +oauth2 +\d+ +key-lost$/m);
  assert.match(verified.out, /No given key unwraps the data keys [0-9a-f]{16}/);
  const status = await run("keys", "status");
  assert.equal(status.exitCode, 1);
  assert.match(status.out, /1 secret that no given key opens/);
});

test("a key that is none ends with 4 and says how to make one", async (t) => {
  const { run, keyFile } = await signedIn(t);
  await writeFile(keyFile, "no key\n");
  const { exitCode, err } = await run("keys", "status");
  assert.equal(exitCode, 4);
  assert.match(err, /openssl rand -base64 32/);
});

test("tokens whose key is lost for good are let go of; tokens that open never are", async (t) => {
  const { run, keyFile } = await signedIn(t);
  for (const more of [[], ["--yes"]]) {
    const refused = await run("keys", "forget", "books", ...more);
    assert.equal(refused.exitCode, 2, refused.out);
    assert.match(refused.err, /there are none|those of books open/);
  }
  await rm(keyFile);
  const asked = await run("keys", "forget", "books");
  assert.equal(asked.exitCode, 1, asked.err);
  assert.match(asked.err, /No key opens the tokens of books. Is the key lost for good\? Say --yes/);
  assert.match((await run("keys", "forget", "shp", "--yes")).err, /did you mean "shop"\?/);
  const forgotten = await run("keys", "forget", "books", "--yes", "--json");
  assert.equal(forgotten.exitCode, 0, forgotten.err);
  assert.deepEqual(forgotten.json, { connection: "books", next: "settings", dropped: 1 });
  const verified = await run("keys", "verify");
  assert.deepEqual([verified.exitCode, verified.out], [0, "1 of 1 secret opens\n"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { peopleProject } from "./testing/people-project.ts";
import { simulatedProject } from "./testing/simulated-project.ts";

test("webhooks are shown for each connection, and a project without an address is told so", async (t) => {
  const { run } = await simulatedProject(t);
  const shown = await run("webhooks");
  assert.equal(shown.exitCode, 0, shown.err);
  assert.match(shown.out, /shop +shop\/customers +0 by Bowline +never/);
  assert.match(shown.out, /shop: Bowline can subscribe to none: the project has no publicUrl/);
  assert.doesNotMatch(shown.out, /books/);
  const ensured = await run("webhooks", "ensure", "shop");
  assert.equal(ensured.exitCode, 4, ensured.err);
  assert.match(ensured.err, /no publicUrl/);
  assert.equal((await run("webhooks", "ensure", "shp")).exitCode, 2);
});

test("of webhooks that a person subscribes to, it is told where and to which path, and not that nobody can", async (t) => {
  const { run } = await peopleProject(t);
  const { out, err } = await run("webhooks");
  const told = (connection: string): RegExp =>
    new RegExp(`^${connection}: a person subscribes to them: .*; they have to be sent to /hooks/${connection} at`, "m");
  assert.match(out, told("crm"), err);
  assert.match(out, told("marketing"));
  assert.doesNotMatch(out, /can subscribe to none/);
});

test("drift is nothing in a project that was just made, and a document with --json", async (t) => {
  const { run } = await simulatedProject(t);
  const { exitCode, out } = await run("drift");
  assert.equal(exitCode, 0);
  assert.equal(out, "Nothing drifted.\n");
  assert.deepEqual((await run("drift", "--json")).json, []);
});

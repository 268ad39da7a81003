// `bowline deletions` as people and programs use it, between two systems that are served over real HTTP.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { peopleProject, type PeopleProject } from "./testing/people-project.ts";

const COUNT = 14;
/** The most that are believed whatever their share. */
const FEW = 10;
const HELD = COUNT - FEW;

async function deletedTogether(t: TestContext): Promise<PeopleProject> {
  const project = await peopleProject(t);
  const { crm, sync } = project;
  for (let one = 0; one < COUNT; one += 1) crm.edit(`a${one}`, { email: `a${one}@example.com`, name: "A" });
  await sync();
  for (let one = 0; one < COUNT; one += 1) crm.remove(`a${one}`);
  assert.equal((await sync()).exitCode, 1);
  return project;
}

test("deletions tells how many are held of which sync, and ends with 1", async (t) => {
  const { run } = await deletedTogether(t);
  const listed = await run("deletions");
  assert.equal(listed.exitCode, 1, listed.err);
  assert.match(listed.out, new RegExp(`^SYNC +HELD\\npeople +${HELD}$`, "m"));
  assert.deepEqual((await run("deletions", "--json")).json, { held: [{ sync: "people", count: HELD }] });
});

test("allowed deletions go on", async (t) => {
  const { run, sync, marketing } = await deletedTogether(t);
  const allowed = await run("deletions", "allow", "people");
  assert.equal(allowed.exitCode, 0, allowed.err);
  assert.equal(allowed.out, `${HELD} deletions go on when Bowline runs next\n`);
  assert.equal((await sync()).exitCode, 0);
  assert.equal(marketing.all.size, 0);
});

test("of refused deletions the counterparts are kept", async (t) => {
  const { run, sync, marketing, crm } = await deletedTogether(t);
  const refused = await run("deletions", "refuse", "people", "--json");
  assert.equal(refused.exitCode, 0, refused.err);
  assert.equal((refused.json as { refused: readonly unknown[] }).refused.length, HELD);
  assert.equal((await sync()).exitCode, 0);
  assert.deepEqual([marketing.all.size, crm.all.size], [HELD, 0]);
});

test("where nothing is held there is nothing to allow or to refuse, and a wrong name is told", async (t) => {
  const { run } = await peopleProject(t);
  assert.deepEqual(await run("deletions").then(({ exitCode, out }) => [exitCode, out]), [0, "No deletion is held.\n"]);
  for (const word of ["allow", "refuse"]) {
    const none = await run("deletions", word, "people");
    assert.deepEqual([none.exitCode, none.out], [1, "No deletion of it is held.\n"]);
    const wrong = await run("deletions", word, "peple");
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.err, /did you mean "people"\?/);
  }
  const mistyped = await run("deletions", "alow", "people");
  assert.equal(mistyped.exitCode, 2);
  assert.match(mistyped.err, /did you mean "allow"\?/);
});

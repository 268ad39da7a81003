// `bowline conflicts` as people and programs use it, between two systems that are served over real HTTP.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { ConflictRow } from "../control.ts";
import { peopleProject, type PeopleProject } from "./testing/people-project.ts";

/** A name that the CRM won as conflict 1, and a phone number that a person decides on as conflict 2. */
async function editedTwice(t: TestContext): Promise<PeopleProject & { readonly otherKey: string }> {
  const project = await peopleProject(t);
  const { crm, marketing, sync } = project;
  crm.edit("a1", { email: "ada@example.com", name: "Ada", phone: "1" });
  await sync();
  const [otherKey = ""] = [...marketing.all.keys()];
  crm.edit("a1", { name: "Ada L", phone: "2" });
  marketing.edit(otherKey, { name: "Ada M", phone: "3" });
  assert.equal((await sync()).exitCode, 1);
  return { ...project, otherKey };
}

test("conflicts lists the values that lost and those that wait, and ends with 1 while any waits", async (t) => {
  const { run, otherKey } = await editedTwice(t);
  const listed = await run("conflicts");
  assert.equal(listed.exitCode, 1, listed.err);
  assert.match(listed.out, /^ *1 +people +a1 +name .* crm "Ada L", marketing "Ada M" +crm$/m);
  assert.match(listed.out, /^ *2 +people +a1 +phone .* crm "2", marketing "3" +waits for a person$/m);
  const { conflicts, more } = (await run("conflicts", "--json", "--key", otherKey, "--limit", "1")).json as {
    conflicts: readonly ConflictRow[];
    more: boolean;
  };
  assert.deepEqual([conflicts.map(({ id }) => id), more], [[2], true]);
  assert.doesNotMatch((await run("conflicts", "--open")).out, /"Ada M"/);
  const none = await run("conflicts", "--key", "nobody");
  assert.deepEqual([none.exitCode, none.out], [0, "No value in record nobody lost.\n"]);
});

test("conflicts show tells both values, what was agreed on before, and the rule", async (t) => {
  const { run } = await editedTwice(t);
  const lost = await run("conflicts", "show", "1");
  assert.equal(lost.exitCode, 0, lost.err);
  assert.match(lost.out, /^crm +"Ada L"\nmarketing +"Ada M"\ncrm before +"Ada"$/m);
  assert.match(lost.out, /^rule +this side wins\ntaken +crm$/m);
  const open = await run("conflicts", "show", "2", "--json");
  assert.equal(open.exitCode, 1);
  assert.deepEqual((open.json as ConflictRow).values, ['"2"', '"3"']);
});

test("put-back writes the value that lost into both systems, and what waits goes on with the side that is named", async (t) => {
  const { crm, marketing, run, sync, otherKey } = await editedTwice(t);
  const back = await run("conflicts", "put-back", "1");
  assert.equal(back.exitCode, 0, back.err);
  assert.equal(back.out, "The value is written into a1 of people when Bowline runs next\n");
  const decided = await run("conflicts", "put-back", "2", "--side", "marketing", "--json");
  assert.deepEqual(decided.json, { conflict: 2, sync: "people", key: "a1" });
  assert.equal((await sync()).exitCode, 0);
  const agreed = { email: "ada@example.com", name: "Ada M", phone: "3" };
  assert.deepEqual([crm.fields("a1"), marketing.fields(otherKey)], [agreed, agreed]);
  assert.equal((await run("conflicts")).exitCode, 0);
});

test("conflicts refuses what makes no sense, and says what does", async (t) => {
  const { run } = await editedTwice(t);
  const cases: readonly (readonly [args: readonly string[], hint: RegExp])[] = [
    [["--sync", "peple"], /did you mean "people"\?/],
    [["shwo", "1"], /no command of conflicts "shwo": did you mean "show"\?/],
    [["show", "one"], /Expected the number of a conflict/],
    [["show", "99"], /there is no conflict 99: see them with "bowline conflicts"/],
    [["put-back", "99"], /there is no conflict 99/],
    [["put-back", "1", "--side", "crn"], /no side named crn\. Did you mean "crm"\?/],
    [["put-back", "2"], /say whose value with --side crm or --side marketing/],
  ];
  for (const [args, hint] of cases) {
    const { exitCode, err, out } = await run("conflicts", ...args);
    assert.equal(exitCode, 2, `${args.join(" ")}: ${err}`);
    assert.match(err, hint);
    assert.equal(out, "");
  }
});

// `bowline audit` and `bowline backtest` of a two-way sync, between two systems that are served over real HTTP.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { peopleProject } from "./testing/people-project.ts";

const LONG_AGO = 1;

async function twoPairs(t: Parameters<typeof peopleProject>[0]) {
  const project = await peopleProject(t);
  project.crm.edit("a1", { email: "ada@example.com", name: "Ada", phone: "1" });
  project.marketing.edit("m2", { email: "grace@example.com", name: "Grace" });
  assert.equal((await project.sync()).exitCode, 0);
  return project;
}

test("audit tells which side of a pair differs, and mends it when told to", async (t) => {
  const { crm, marketing, run } = await twoPairs(t);
  const agreed = await run("audit", "people");
  assert.equal(agreed.exitCode, 0, agreed.out + agreed.err);
  assert.match(
    agreed.out,
    /2 pairs among 2 records of crm\/people and 2 of marketing\/people were compared: they agree/,
  );
  crm.all.set("a1", { ...crm.edit("a1", { name: "Augusta" }), changedAt: LONG_AGO });
  marketing.all.set("m3", { ...marketing.edit("m3", { email: "grace@example.com" }), changedAt: LONG_AGO });
  const differs = await run("audit", "people", "--repair", "--dry-run");
  assert.equal(differs.exitCode, 1, differs.err);
  assert.match(differs.out, /^different a1 \(Ada\) → marketing-new-1$/m);
  assert.match(differs.out, /^ +marketing name: expected "Augusta", got "Ada"\n +a repair would update$/m);
  assert.match(differs.out, /^duplicate marketing m3$/m);
  assert.match(differs.out, /^ +found by the same: crm-new-1, m2$/m);
  const mended = await run("audit", "people", "--repair", "--json");
  const { result, findings } = mended.json as {
    result: { counts: { mended: number; duplicates: number } };
    findings: readonly { key: string; side?: string; repair?: string }[];
  };
  assert.deepEqual([mended.exitCode, result.counts.mended, result.counts.duplicates], [1, 1, 1]);
  assert.deepEqual(
    findings.map(({ key, side, repair }) => [key, side, repair]),
    [
      ["a1", undefined, "mended"],
      ["m3", "marketing", undefined],
    ],
  );
  assert.equal(marketing.fields("marketing-new-1")?.name, "Augusta");
  assert.equal((await run("audit", "people", "--history")).out.trim().split("\n").length, 4);
});

test("backtest tells what a changed two-way sync would write on each side, and writes it when told to", async (t) => {
  const { folder, crm, marketing, run } = await twoPairs(t);
  const { href: config } = new URL("./testing/people.config.ts", import.meta.url);
  const source = `
    import project from ${JSON.stringify(config)};
    const [people] = project.twoWaySyncs;
    const score = { fields: ["score", "score"], rule: { kind: "greatest" } };
    export default { ...project, twoWaySyncs: [{ ...people, pairs: [...people.pairs, score] }] };`;
  await writeFile(join(folder, "changed.config.ts"), source);
  assert.equal((await run("backtest", "people", "--since", "7d")).exitCode, 0);
  crm.edit("a1", { score: 3 });
  marketing.edit("m2", { score: 4 });
  assert.equal((await run("sync", "people")).exitCode, 0);
  const changed = await run("--config", "changed.config.ts", "backtest", "people");
  assert.equal(changed.exitCode, 1, changed.err);
  assert.match(changed.out, /people: 2 differ of 2 records/);
  assert.match(changed.out, /fills crm score: 1 record\n +Grace +nothing → 4/);
  assert.match(changed.out, /fills marketing score: 1 record\n +Ada +nothing → 3/);
  const applied = await run("--config", "changed.config.ts", "backtest", "people", "--apply", "--json");
  assert.equal((applied.json as { noted: number }).noted, 2, applied.err);
  assert.equal((await run("--config", "changed.config.ts", "sync", "people")).exitCode, 0);
  assert.equal(marketing.fields("marketing-new-1")?.score, 3);
  assert.equal((await run("--config", "changed.config.ts", "backtest", "people")).exitCode, 0);
});

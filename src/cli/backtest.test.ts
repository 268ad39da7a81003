import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { simulatedProject } from "./testing/simulated-project.ts";

/** The same project with a mapping that writes family names in capitals. */
async function withChangedMapping(t: TestContext) {
  const project = await simulatedProject(t);
  const { href: config } = new URL("./testing/bowline.config.ts", import.meta.url);
  const { href: define } = new URL("../define/define-sync.ts", import.meta.url);
  const source = `
    import project from ${JSON.stringify(config)};
    import { defineSync } from ${JSON.stringify(define)};
    const [{ name, purpose, owner, from, to, onDelete }] = project.syncs;
    const changed = defineSync({
      name, purpose, owner, from, to, onDelete,
      freshWithin: "1m",
      pollEvery: "30s",
      everythingEvery: "24h",
      map: ({ field }) => ({
        DisplayName: field((customer) => customer.displayName + " (" + customer.legacyResourceId + ")"),
        GivenName: field((customer) => customer.firstName).orOmit(),
        FamilyName: field((customer) => customer.lastName.toUpperCase()),
      }),
    });
    export default { ...project, syncs: [changed] };`;
  await writeFile(join(project.folder, "changed.config.ts"), source);
  for (const lastName of ["Lovelace", "Hopper"]) project.shop.addCustomer({ firstName: "A", lastName });
  const { exitCode, err } = await project.run("sync", "customers");
  assert.equal(exitCode, 0, err);
  const families = (): ReadonlySet<string> =>
    new Set([...project.books.truth.customers.values()].map((one) => String(one["FamilyName"])));
  return { ...project, families };
}

test("backtest ends with 0 when nothing differs, and with 1 and the fields when something does", async (t) => {
  const { run } = await withChangedMapping(t);
  const same = await run("backtest", "customers", "--since", "7d");
  assert.equal(same.exitCode, 0, same.err);
  const changed = await run("--config", "changed.config.ts", "backtest", "customers", "--json");
  assert.equal(changed.exitCode, 1, changed.err);
  const { groups, different } = changed.json as {
    groups: readonly { kind: string; field: string }[];
    different: number;
  };
  assert.equal(different, 2);
  assert.deepEqual(
    groups.map(({ kind, field }) => [kind, field]),
    [["changes", "FamilyName"]],
  );
  const text = await run("--config", "changed.config.ts", "backtest", "customers");
  assert.match(text.out, /changes FamilyName: 2 records/);
  assert.match(text.out, /"Lovelace" → "LOVELACE"/);
});

test("a changed mapping is written only when told to, and says how many first", async (t) => {
  const { run, families } = await withChangedMapping(t);
  assert.equal((await run("--config", "changed.config.ts", "sync", "customers")).exitCode, 0);
  assert.deepEqual(families(), new Set(["Hopper", "Lovelace"]));
  const { exitCode, err } = await run("--config", "changed.config.ts", "sync", "customers", "--changed-mapping");
  assert.equal(exitCode, 0, err);
  assert.match(err, /2 of 2 records of customers are written differently/);
  assert.deepEqual(families(), new Set(["HOPPER", "LOVELACE"]));
});

test("a wrong time and a file that is not there are told", async (t) => {
  const { run } = await simulatedProject(t);
  assert.equal((await run("backtest", "customers", "--since", "lately")).exitCode, 2);
  const { exitCode, err } = await run("backtest", "customers");
  assert.equal(exitCode, 4, err);
  assert.match(err, /start Bowline once/);
});

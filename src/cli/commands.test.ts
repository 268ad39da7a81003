// The commands as people and programs use them, on a project whose systems are simulated over real HTTP.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openEngine } from "../engine.ts";
import { loadProject } from "./load-project.ts";
import { simulatedProject, type SimulatedProject } from "./testing/simulated-project.ts";

/** Two customers that agree after a sync, and one that is parked: it has no family name. */
async function synced(
  t: TestContext,
): Promise<SimulatedProject & { readonly adaKey: string; readonly parkedKey: string }> {
  const project = await simulatedProject(t);
  const ada = project.shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  project.shop.addCustomer({ firstName: "太郎", lastName: "山田" });
  const { id } = project.shop.addCustomer({ firstName: "Cher" });
  const { exitCode, err } = await project.run("sync", "customers");
  assert.equal(exitCode, 1, err);
  return { ...project, adaKey: ada.id, parkedKey: id };
}

test("sync stays until both systems agree, and ends with 1 when something is parked", async (t) => {
  const { books, run } = await synced(t);
  assert.equal(books.truth.customers.size, 2);
  const again = await run("sync", "customers", "--full", "--json");
  assert.equal(again.exitCode, 1);
  assert.deepEqual(
    { ...(again.json as object), read: undefined, cleared: undefined },
    { sync: "customers", pending: 0, parked: 1, done: true, read: undefined, cleared: undefined },
  );
  assert.equal(books.truth.customers.size, 2);
});

test("a wrong name ends with 2 and gives the nearest right one", async (t) => {
  const { run } = await simulatedProject(t);
  const cases: readonly (readonly [args: readonly string[], hint: RegExp])[] = [
    [["sync", "custmers"], /there is no sync "custmers": did you mean "customers"\?/],
    [["parked", "--sync", "customer"], /did you mean "customers"\?/],
    [["parked", "--cause", "maping"], /did you mean "mapping"\?/],
    [["replay", "--since", "2h", "--connection", "shp"], /did you mean "shop"\?/],
    [["replay", "--since", "yesterday"], /expected how long ago, such as 2h/],
    [["parked", "retry"], /--all for every one/],
    [["parked", "discard", "--all"], /--reason/],
    [["parked", "retyr"], /did you mean "retry"\?/],
    [["stauts"], /Did you mean status\?/],
    [["status", "--jsn"], /Did you mean --json\?/],
    [["record"], /missing required argument 'key'/],
    [["requests", "--limit", "many"], /argument 'many' is invalid\. Expected a whole number from 1 to 10000\./],
  ];
  for (const [args, hint] of cases) {
    const { exitCode, err, out } = await run(...args);
    assert.equal(exitCode, 2, `${args.join(" ")}: ${err}`);
    assert.match(err, hint);
    assert.equal(out, "");
  }
});

test("wrong usage leads to the help of the command that was meant, whatever the words after it", async (t) => {
  const { run } = await simulatedProject(t);
  const cases: readonly (readonly [args: readonly string[], help: string])[] = [
    [["parked", "show", "customers"], "bowline parked show --help"],
    [["record", "status", "--nothing"], "bowline record --help"],
    [["sync", "--json"], "bowline sync --help"],
    [["stauts"], "bowline --help"],
  ];
  for (const [args, help] of cases) {
    const { err } = await run(...args);
    assert.ok(err.endsWith(`See "${help}".\n`), err);
  }
});

test("with --json a fault is one JSON document too", async (t) => {
  const { run } = await simulatedProject(t);
  const { exitCode, json, err } = await run("sync", "nothing", "--json");
  assert.equal(exitCode, 2);
  assert.equal((json as { error: { exitCode: number } }).error.exitCode, 2);
  assert.match(err, /nothing/);
});

test("status tells that nothing runs, and what is parked", async (t) => {
  const { run } = await synced(t);
  const status = await run("status");
  assert.equal(status.exitCode, 1);
  assert.match(status.out, /command-line {2}not running/);
  assert.match(status.out, /^customers {2}parked/m);
  assert.match(status.out, /^shop +shopify +active/m);
  const { json } = await run("status", "--json");
  assert.equal((json as { running: boolean }).running, false);
  assert.equal((json as { syncs: readonly { parked: number }[] }).syncs[0]?.parked, 1);
});

test("parked lists what waits, and shows one with what to do", async (t) => {
  const { run, parkedKey } = await synced(t);
  const list = await run("parked");
  assert.equal(list.exitCode, 1);
  assert.match(list.out, /a customer in the books needs a family name/);
  const show = await run("parked", "show", "customers", parkedKey);
  assert.equal(show.exitCode, 1);
  assert.match(show.out, /^to do/m);
  assert.equal((await run("parked", "show", "customers", "nobody")).exitCode, 2);
  const none = await run("parked", "--cause", "denied");
  assert.equal(none.exitCode, 0);
  assert.equal(none.out, "Nothing is parked.\n");
});

test("a correction is written instead of the mapping's value, until it is taken back", async (t) => {
  const { run, adaKey, books } = await synced(t);
  const familyNames = (): unknown[] => [...books.truth.customers.values()].map((customer) => customer["FamilyName"]);
  const wrong = await run("parked", "edit", "customers", adaKey, "--set", "FamilyName=Byron");
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.err, /for a text write --set 'FamilyName="Byron"'/);
  const number = await run("parked", "edit", "customers", adaKey, "--set", "FamilyName=1");
  assert.equal(number.exitCode, 2, number.err);
  assert.match(
    number.err,
    /books\/customers would not take 1: FamilyName: .*expected string, received number; .*quotes/,
  );
  const edited = await run("parked", "edit", "customers", adaKey, "--set", 'FamilyName="Byron"');
  assert.equal(edited.exitCode, 0, edited.err);
  await run("sync", "customers");
  assert.ok(familyNames().includes("Byron"));
  await run("parked", "edit", "customers", adaKey, "--unset", "FamilyName");
  await run("sync", "customers");
  assert.ok(familyNames().includes("Lovelace"));
});

test("parked link names a key that the target does not have", async (t) => {
  const { run, parkedKey, books } = await synced(t);
  const nobody = await run("parked", "link", "customers", parkedKey, "999");
  assert.equal(nobody.exitCode, 2, nobody.err);
  assert.match(nobody.err, /expected a record 999 of books\/customers, got none/);
  const { Id } = books.person.create("Customer", { DisplayName: "Cher" });
  const linked = await run("parked", "link", "customers", parkedKey, String(Id));
  assert.equal(linked.exitCode, 0, linked.err);
  assert.equal(linked.out, `${parkedKey} of customers is ${String(Id)} of the target from now on\n`);
});

test("parked retry and discard work in bulk, by cause", async (t) => {
  const { run, parkedKey } = await synced(t);
  const retried = await run("parked", "retry", "--cause", "mapping", "--json");
  assert.equal(retried.exitCode, 0, retried.err);
  assert.deepEqual(retried.json, { retried: [{ sync: "customers", key: parkedKey }] });
  assert.equal((await run("sync", "customers")).exitCode, 1);
  const discarded = await run("parked", "discard", "--cause", "mapping", "--reason", "a test customer");
  assert.equal(discarded.exitCode, 0, discarded.err);
  assert.equal(discarded.out, "1 record is discarded\n");
  assert.match((await run("record", parkedKey)).out, /a test customer/);
  assert.equal((await run("parked", "discard", "--all", "--reason", "none is left")).exitCode, 1);
});

test("record tells the story and requests the calls", async (t) => {
  const { run, parkedKey } = await synced(t);
  const story = await run("record", parkedKey);
  assert.equal(story.exitCode, 0);
  assert.match(story.out, /^TIME +WHAT +WHERE +KEY +TEXT$/m);
  assert.match(story.out, /parked/);
  assert.equal((await run("record", "nobody")).exitCode, 2);
  const requests = await run("requests", "--connection", "books", "--json");
  const rows = requests.json as readonly { connection: string }[];
  assert.ok(rows.length > 0 && rows.every(({ connection }) => connection === "books"));
});

test("requests are found by what is known of them, shown whole, and repeated only when that is safe", async (t) => {
  const { run } = await synced(t);
  const found = async (...options: readonly string[]) =>
    (await run("requests", "--json", ...options)).json as readonly { id: number; method: string; repeats?: number }[];
  assert.equal((await found("--outcome", "throttled")).length, 0);
  assert.ok((await found("--status", "200", "--path", "/v3/company", "--since", "1d")).length > 0);
  assert.equal((await found("--until", "2000-01-01")).length, 0);
  const [read] = await found("--connection", "shop");
  const shown = await run("requests", "show", String(read!.id));
  assert.match(shown.out, /^request \d+ .* shop[^]*\nPOST http:\/\/127\.0\.0\.1:\d+\/[^]*"query": [^]*\n200 +done/);
  const unsure = await run("requests", "repeat", String(read!.id));
  assert.equal(unsure.exitCode, 1);
  assert.match(unsure.err, /say --yes to do it/);
  const repeated = await run("requests", "repeat", String(read!.id), "--yes", "--json");
  assert.equal(repeated.exitCode, 0, repeated.err);
  assert.equal((repeated.json as { repeats: number }).repeats, read!.id);
  const [write] = await found("--connection", "books", "--method", "post", "--sync", "customers");
  // Its key stands in the address: made again, it changes nothing more.
  const madeAgain = await run("requests", "repeat", String(write!.id), "--yes", "--json");
  assert.equal((madeAgain.json as { repeats: number }).repeats, write!.id);
  const refused = await run("requests", "repeat", "999999", "--yes");
  assert.equal(refused.exitCode, 2);
  assert.match(refused.err, /999999/);
  assert.equal((await run("requests", "show", "999999")).exitCode, 2);
  assert.equal((await run("requests", "shwo", "1")).exitCode, 2);
  assert.match((await run("requests", "--outcome", "doen")).err, /done/);
});

test("replay says how many webhooks it takes up again", async (t) => {
  const { run } = await simulatedProject(t);
  const replayed = await run("replay", "--since", "2h", "--json");
  assert.equal(replayed.exitCode, 0, replayed.err);
  assert.equal((replayed.json as { replayed: number }).replayed, 0);
});

test("check tells every fault with its place", async (t) => {
  const { run, folder } = await simulatedProject(t);
  const good = await run("check");
  assert.equal(good.exitCode, 0, good.err + good.out);
  assert.match(good.out, /It checks: 1 sync between 2 connections; 0 errors/);
  await writeFile(join(folder, "empty.config.ts"), "export default {};\n");
  const wrong = await run("check", "--config", "empty.config.ts");
  assert.equal(wrong.exitCode, 3);
  assert.match(wrong.err, /was not passed to defineConfig/);
  await writeFile(join(folder, "broken.config.ts"), "enum A { B }\nexport default A;\n");
  assert.match((await run("check", "--config", "broken.config.ts")).err, /enums, namespaces/);
  await writeFile(join(folder, "misspelt.config.ts"), "const a = 1;\nexport defalt a;\n");
  assert.match((await run("check", "--config", "misspelt.config.ts")).err, /misspelt\.config\.ts:2$/m);
  assert.equal((await run("check", "--config", "missing.ts")).exitCode, 3);
});

test("a misspelt key of the configuration is a fault of the project, not of Bowline", async (t) => {
  const { run, folder } = await simulatedProject(t);
  const { href } = new URL("../index.ts", import.meta.url);
  const lines = [
    `import { defineConfig } from ${JSON.stringify(href)};`,
    "export default defineConfig({ conections: [], syncs: [] });",
  ];
  await writeFile(join(folder, "bowline.config.js"), lines.join("\n"));
  const { exitCode, err } = await run("check", "--config", "bowline.config.js");
  assert.equal(exitCode, 3, err);
  assert.match(err, /"conections" is not known here\. Did you mean "connections"\?\n +at .*bowline\.config\.js:2/);
});

test("a state that another process owns ends with 4", async (t) => {
  const { run, folder, environment } = await simulatedProject(t);
  const { project, dataPath } = await loadProject(folder, undefined);
  const engine = await openEngine({ project, dataPath, environment, listen: false });
  t.after(() => engine.stop());
  const { exitCode, err } = await run("status");
  assert.equal(exitCode, 4);
  assert.match(err, /expected to be its only user, but process \d+ has it/);
});

test("import takes the good rows and names the bad ones by file and line", async (t) => {
  const { run, folder, shop } = await simulatedProject(t);
  shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  assert.equal((await run("sync", "customers")).exitCode, 0);
  await writeFile(join(folder, "bad.csv"), 'id,displayName\n1,Ada\n"x\n');
  const imported = await run("import", "bad.csv", "--to", "shop/customers", "--json");
  assert.equal(imported.exitCode, 1);
  assert.match(imported.err, /^bad\.csv:2: .+$/m);
  assert.match(imported.err, /^bad\.csv:3: a quote on this line is never closed/m);
  assert.equal((imported.json as { faultCount: number }).faultCount, 2);
  const wrong = await run("import", "bad.csv", "--to", "shop/customer");
  assert.match(wrong.err, /did you mean "shop\/customers"\?/);
  assert.equal((await run("import", "bad.xlsx", "--to", "shop/customers")).exitCode, 2);
});

test("import takes a record that a file has twice with different content once, and names both lines", async (t) => {
  const { run, folder, shop } = await simulatedProject(t);
  const { id } = shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  const at = "2026-08-20T12:00:00Z";
  const record = (firstName: string): string =>
    JSON.stringify({
      id,
      legacyResourceId: "1",
      displayName: firstName,
      firstName,
      lastName: "Lovelace",
      state: "ENABLED",
      note: null,
      tags: [],
      taxExempt: false,
      locale: "en",
      verifiedEmail: true,
      numberOfOrders: "0",
      amountSpent: { amount: "0.00", currencyCode: "USD" },
      createdAt: at,
      updatedAt: at,
      defaultEmailAddress: null,
      defaultPhoneNumber: null,
      defaultAddress: null,
      addressesV2: [],
    });
  const rows = [record("Augusta"), record("Augusta"), record("Ada")];
  await writeFile(join(folder, "twice.ndjson"), rows.join("\n"));
  const imported = await run("import", "twice.ndjson", "--to", "shop/customers", "--json");
  assert.equal(imported.exitCode, 1, imported.err);
  const { taken, faults } = imported.json as { taken: number; faults: readonly { line: number; fault: string }[] };
  assert.deepEqual([taken, faults.map(({ line }) => line)], [2, [3]], imported.err);
  assert.ok(faults[0]?.fault.startsWith(`record ${id} is on line 2 already, with other content`), imported.err);
});

test("a wrong use of a command leads to that command's help", async (t) => {
  const { run } = await simulatedProject(t);
  assert.match((await run("audit")).err, /missing required argument 'name'\nSee "bowline audit --help"\.$/m);
  assert.match((await run("statu")).err, /See "bowline --help"\.$/m);
});

test("help shows examples and what exit codes mean", async (t) => {
  const { run } = await simulatedProject(t);
  const help = await run("--help");
  assert.equal(help.exitCode, 0);
  assert.match(help.out, /Exit codes:\n {4}0 {2}it was done/);
  const listed = [...help.out.matchAll(/^ {2}([a-z]+)(?: \[| <| {2})/gm)].flatMap(([, name]) => name ?? []);
  const names = listed.filter((name) => name !== "help");
  assert.ok(names.includes("alerts") && names.includes("deletions") && names.length > 20, names.join());
  for (const name of names) {
    const { out, exitCode } = await run(name, "--help");
    assert.equal(exitCode, 0);
    assert.match(out, /Examples:\n {2}\$ .*bowline/, name);
    assert.match(out, /--json/, name);
  }
});

// `bowline audit` as people and programs use it, on a project whose systems are simulated over real HTTP.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../rehearse/simulators.ts";
import { runIn, simulatedProject } from "./testing/simulated-project.ts";
import { testShell } from "./testing/test-shell.ts";

interface Answer {
  readonly result: { readonly verdict: string; readonly counts: Readonly<Record<string, number>> };
  readonly findings: readonly {
    readonly kind: string;
    readonly cause: { readonly code: string };
    readonly write?: string;
  }[];
}

test("audit refuses options that contradict each other, rather than leave out what was asked for", async (t) => {
  const { run } = await simulatedProject(t);
  const cases: readonly (readonly [options: readonly string[], said: RegExp])[] = [
    [["--history", "--repair", "--up-to", "20"], /could not use --repair with --history/],
    [["--history", "--sample", "10"], /could not use --sample with --history/],
    [["--history", "--dry-run"], /could not use --dry-run alone/],
  ];
  for (const [options, said] of cases) {
    const { exitCode, err } = await run("audit", "customers", ...options);
    assert.deepEqual([exitCode, said.test(err)], [2, true], err);
  }
});

test("audit tells whether both systems agree, what differs, and mends it when told to", async (t) => {
  const { shop, books, run } = await simulatedProject(t);
  shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  shop.addCustomer({ firstName: "Grace", lastName: "Hopper" });
  const synced = await run("sync", "customers");
  assert.equal(synced.exitCode, 0, synced.err);

  const agreed = await run("audit", "customers");
  assert.equal(agreed.exitCode, 0, agreed.out + agreed.err);
  assert.match(agreed.out, /2 records of shop\/customers and 2 of books\/customers were compared: they agree/);

  const [ada] = [...books.truth.customers.values()];
  assert.ok(ada !== undefined);
  books.person.update("Customer", String(ada["Id"]), { GivenName: "Augusta" });
  const differs = await run("audit", "customers", "--repair", "--dry-run", "--json");
  assert.equal(differs.exitCode, 1, differs.err);
  const { result, findings } = differs.json as Answer;
  assert.equal(result.verdict, "differ");
  assert.deepEqual(
    findings.map(({ kind, cause, write }) => `${kind} ${cause.code} ${write}`),
    ["different target-edited update"],
  );

  const mended = await run("audit", "customers", "--repair");
  assert.equal(mended.exitCode, 0, mended.out + mended.err);
  assert.match(mended.out, /1 were mended/);
  const history = await run("audit", "customers", "--history");
  assert.equal(history.out.trim().split("\n").length, 4, history.out);
});

test("audit of a connection that is paused ends at once and says what to do, and goes on once it is connected", async (t) => {
  const { shop, run } = await simulatedProject(t);
  shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  assert.equal((await run("sync", "customers")).exitCode, 0);
  await run("disconnect", "shop");
  const held = await run("audit", "customers");
  assert.equal(held.exitCode, 1, held.out + held.err);
  assert.match(
    held.out,
    /^customers: held, and it goes on from here afterwards: connection shop is paused: disconnected by hand; connect it again with: bowline connect shop$/m,
  );
  const told = await run("audit", "customers", "--json");
  const { waits } = told.json as { waits?: { connection: string; forPerson: boolean } };
  assert.deepEqual([waits?.connection, waits?.forPerson], ["shop", true], told.err);
  assert.equal((await run("connect", "shop")).exitCode, 0);
  const agreed = await run("audit", "customers");
  assert.equal(agreed.exitCode, 0, agreed.out + agreed.err);
});

test("audit tells what it waits for while a system is down", async (t) => {
  const { shop, run, folder, environment } = await simulatedProject(t);
  shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  assert.equal((await run("sync", "customers")).exitCode, 0);
  // Nobody listens on a port that a server had and gave back.
  const gone = await serve(() => Promise.resolve(new Response("")));
  await gone.close();
  const shell = testShell({ isTTY: true, folder, environment: { ...environment, SHOPIFY_URL: gone.url } });
  const pause = async (): Promise<void> => {
    await shell.pause(0);
    shell.advance(300);
    if (/it waits/.test(shell.err.text)) shell.askToStop();
  };
  const { exitCode, out, err } = await runIn({ ...shell, pause }, ["audit", "customers"]);
  assert.equal(exitCode, 1, out + err);
  assert.match(err, /source: 0 and 0 read, it waits, and tries again: POST/);
  assert.match(out, /^.*customers.*: .*running, and it goes on from here when Bowline runs: POST .* of shop ended/m);
});

test("audit refuses what makes no sense, and says what does", async (t) => {
  const { run } = await simulatedProject(t);
  const cases: readonly (readonly [args: readonly string[], hint: RegExp])[] = [
    [["audit", "custmers"], /customers/],
    [["audit", "customers", "--dry-run"], /expected it with --repair/],
    [["audit", "customers", "--sample", "none"], /whole number from 1/],
  ];
  for (const [args, hint] of cases) {
    const { exitCode, err } = await run(...args);
    assert.equal(exitCode, 2, err);
    assert.match(err, hint);
  }
});

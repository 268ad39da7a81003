import assert from "node:assert/strict";
import { test } from "node:test";
import { contacts } from "./contacts.ts";
import { invoices } from "./invoices.ts";
import { allPages } from "../../src/testing/all-pages.ts";
import { setup, type Setup } from "./test-api.ts";

function people({ simulator }: Setup, count: number, from = 0): string[] {
  const names = Array.from({ length: count }, (_, index) => `Person ${from + index}`);
  return names.map((Name) => String(simulator.person.create("Contacts", { Name })["ContactID"]));
}

const changesOf = (world: Setup, since: number, between?: (pages: number) => Promise<void>) =>
  allPages((cursor) => contacts.changes!.page(world.api, { since, ...cursor }), between);

test("changes are those since then, in whole seconds that begin early", async () => {
  await using world = await setup();
  people(world, 2);
  await world.clock.advance(10_000);
  const since = world.clock.now() + 900;
  await world.clock.advance(1);
  const keys = people(world, 3, 10);
  const told = await changesOf(world, since);
  assert.deepEqual(new Set(told.records.map(({ ContactID }) => ContactID)), new Set(keys));
  assert.equal(world.api.sent.at(-1)?.headers?.["if-modified-since"], "2026-08-20T12:00:10");
  assert.equal(world.api.sent.at(-1)?.query?.["pageSize"], 1_000);
});

test("a record that is changed while its listing is read draws none past the border of a page", async () => {
  await using world = await setup();
  const keys: string[] = [];
  for (let second = 0; second < 35; second += 1) {
    keys.push(...people(world, 100, second * 100));
    await world.clock.advance(1_000);
  }
  const edit = async (pages: number): Promise<void> => {
    for (let index = 0; index < 40; index += 1) {
      const id = keys[(pages * 400 + index * 3) % keys.length]!;
      world.simulator.person.update("Contacts", id, { FirstName: `edited ${pages}` });
    }
    await world.clock.advance(1_500);
  };
  const told = await allPages(
    (cursor) => contacts.everything!.page(world.api, cursor),
    (pages) => (pages <= 5 ? edit(pages) : undefined),
  );
  const seen = new Set(told.records.map(({ ContactID }) => ContactID));
  assert.deepEqual(
    keys.filter((key) => !seen.has(key)),
    [],
  );
});

test("thousands of records of one moment are all told, although some change meanwhile", async () => {
  await using world = await setup();
  const keys = people(world, 3_400);
  await world.clock.advance(5_000);
  const told = await allPages(
    (cursor) => contacts.everything!.page(world.api, cursor),
    (pages) => {
      const changed = pages === 1 ? keys.slice(0, 1) : pages === 2 ? keys.slice(100, 400) : [];
      for (const id of changed) world.simulator.person.update("Contacts", id, { FirstName: "edited" });
    },
  );
  const seen = new Set(told.records.map(({ ContactID }) => ContactID));
  assert.deepEqual(
    keys.filter((key) => !seen.has(key)),
    [],
  );
});

test("a listing without changes ends, and reads a page hardly more than once", async () => {
  await using world = await setup();
  for (let second = 0; second < 25; second += 1) {
    people(world, 100, second * 100);
    await world.clock.advance(1_000);
  }
  const told = await allPages((cursor) => contacts.everything!.page(world.api, cursor));
  assert.equal(new Set(told.records.map(({ ContactID }) => ContactID)).size, 2_500);
  assert.ok(told.pages <= 4, `${told.pages} pages`);
});

test("everything includes the archived and the voided with their lines, and tells deletions as such", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const [id] = people(world, 1);
  const line = { Description: "Rope", UnitAmount: "1.00", AccountCode: "200" };
  const invoice = (more: object): string => {
    const sale = { Type: "ACCREC", Contact: { ContactID: id }, LineItems: [line], DueDate: "2026-09-01", ...more };
    return String(person.create("Invoices", sale)["InvoiceID"]);
  };
  const [voided, gone] = [invoice({ Status: "AUTHORISED" }), invoice({})];
  person.void(voided);
  person.deleteInvoice(gone);
  person.archive(id!);
  const told = await allPages((cursor) => invoices.everything!.page(world.api, cursor));
  assert.deepEqual(
    told.records.map(({ InvoiceID, Status, LineItems }) => [InvoiceID, Status, LineItems?.length]),
    [[voided, "VOIDED", 1]],
  );
  assert.deepEqual(told.deleted, [gone]);
  const contactsTold = await allPages((cursor) => contacts.everything!.page(world.api, cursor));
  assert.equal(contactsTold.records[0]?.ContactStatus, "ARCHIVED");
});

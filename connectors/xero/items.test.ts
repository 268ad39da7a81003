import assert from "node:assert/strict";
import { test } from "node:test";
import { creditNotes } from "./credit-notes.ts";
import { items, type XeroItemFields } from "./items.ts";
import { allPages } from "../../src/testing/all-pages.ts";
import { failure, setup } from "./test-api.ts";

const write = items.write!;

const ROPE: XeroItemFields = {
  Code: "ROPE",
  Name: "Rope",
  Description: "By the metre",
  IsSold: true,
  IsPurchased: true,
  SalesDetails: { UnitPrice: "1.2345", AccountCode: "200", TaxType: "OUTPUT2" },
};

test("an item reads back as the fields that were sent, with prices of four digits", async () => {
  await using world = await setup();
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields: ROPE });
  const [record] = await items.read!.records(world.api, [key]);
  assert.ok(record !== undefined && !(await items.schema["~standard"].validate(record)).issues);
  assert.deepEqual(write.fieldsOf!(record), ROPE);
});

test("an update names the code besides, and changes what it names", async () => {
  await using world = await setup();
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields: ROPE });
  const fields = { ...ROPE, SalesDetails: { UnitPrice: "2.00", AccountCode: "200" } };
  await write.update!(world.api, { idempotencyKey: "k2", key, fields, changed: ["SalesDetails"] });
  const { body } = world.api.sent.at(-1)!;
  assert.deepEqual(Object.keys(JSON.parse(body as string).Items[0]), ["ItemID", "Code", "SalesDetails"]);
  const [record] = await items.read!.records(world.api, [key]);
  assert.deepEqual([record?.Description, record?.SalesDetails?.UnitPrice], ["By the metre", "2.00"]);
});

test("a code that is in use is a conflict, and the lookup finds who has it", async () => {
  await using world = await setup();
  const first = await write.create(world.api, { idempotencyKey: "k1", fields: ROPE });
  assert.equal((await failure(write.create(world.api, { idempotencyKey: "k2", fields: ROPE }))).kind, "conflict");
  const found = await write.lookup!(world.api, { idempotencyKey: "k2", fields: ROPE });
  assert.deepEqual(
    found.map(({ key }) => key),
    [first.key],
  );
});

test("a deleted item is gone, twice over, and missing from a listing of all", async () => {
  await using world = await setup();
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields: ROPE });
  world.simulator.person.create("Items", { Code: "KNOT" });
  await write.removals!.delete(world.api, { idempotencyKey: "k2", key });
  await write.removals!.delete(world.api, { idempotencyKey: "k3", key });
  assert.deepEqual(await items.read!.records(world.api, [key]), []);
  const { records, pages } = await allPages((cursor) => items.everything!.page(world.api, cursor));
  assert.deepEqual([records.map(({ Code }) => Code), pages], [["KNOT"], 1]);
  assert.equal(items.changes!.tellsDeletions, false);
});

test("credit notes are read with their lines, and listed as they change", async () => {
  await using world = await setup();
  const LineItems = [{ Description: "Rope", UnitAmount: "10.00", AccountCode: "200", TaxType: "OUTPUT2" }];
  const note = world.simulator.person.createCreditNote({ Contact: { Name: "Amy" }, LineItems });
  const [record] = await creditNotes.read!.records(world.api, [String(note["CreditNoteID"])]);
  assert.ok(record !== undefined && !(await creditNotes.schema["~standard"].validate(record)).issues);
  assert.deepEqual([record.RemainingCredit, record.LineItems?.[0]?.LineAmount], ["11.50", "10.00"]);
  const told = await creditNotes.changes!.page(world.api, { since: world.clock.now() - 1_000 });
  assert.equal(told.records.length, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { contacts } from "./contacts.ts";
import { invoices, type XeroInvoiceFields } from "./invoices.ts";
import { failure, setup, type Setup } from "./test-api.ts";

const write = invoices.write!;
const read = invoices.read!;

async function fieldsFor({ api }: Setup, name = "Amy"): Promise<XeroInvoiceFields> {
  const contact = await contacts.write!.create(api, { idempotencyKey: `contact-${name}`, fields: { Name: name } });
  return {
    Type: "ACCREC",
    Contact: { ContactID: contact.key },
    InvoiceNumber: "#1001",
    Reference: "order 1001",
    Date: "2026-08-19",
    DueDate: "2026-09-18",
    LineAmountTypes: "Exclusive",
    Status: "DRAFT",
    LineItems: [
      { Description: "Rope", Quantity: "3", UnitAmount: "19.9025", AccountCode: "200", TaxType: "OUTPUT2" },
      {
        Description: "Knot",
        Quantity: "1",
        UnitAmount: "10.00",
        AccountCode: "200",
        TaxType: "NONE",
        DiscountRate: "10",
      },
    ],
  };
}

test("an invoice reads back as the fields that were sent, with days, sums and prices of four digits", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const written = await write.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read.records(world.api, [written.key]);
  assert.ok(record !== undefined && !(await invoices.schema["~standard"].validate(record)).issues);
  assert.deepEqual(write.fieldsOf!(record), { ...fields, CurrencyCode: "NZD", CurrencyRate: "1" });
  assert.deepEqual(
    [record.SubTotal, record.TotalTax, record.Total, record.AmountDue],
    ["68.71", "8.96", "77.67", "77.67"],
  );
  assert.equal(record.UpdatedDateUTC, "2026-08-20T12:00:00.000Z");
  assert.equal(written.version, record.UpdatedDateUTC);
});

test("money leaves as a number with exactly its digits, and comes back so", async () => {
  await using world = await setup();
  const LineItems = [
    { Description: "Ship", Quantity: "1", UnitAmount: "9876543210.12", AccountCode: "200", TaxType: "NONE" },
  ];
  const fields = { ...(await fieldsFor(world)), LineItems };
  const written = await write.create(world.api, { idempotencyKey: "k1", fields });
  const { body } = world.api.sent.at(-1)!;
  assert.match(typeof body === "string" ? body : "", /"UnitAmount":9876543210\.12,/);
  assert.equal(written.record?.Total, "9876543210.12");
});

test("an update sends what changed and no line loses its id", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const { key, record } = await write.create(world.api, { idempotencyKey: "k1", fields });
  const [rope, knot] = fields.LineItems;
  const changed = {
    ...fields,
    LineItems: [{ ...knot!, Quantity: "2" }, { Description: "New", UnitAmount: "1.00" }, rope!],
  };
  const updated = await write.update!(world.api, {
    idempotencyKey: "k2",
    key,
    fields: changed,
    changed: ["LineItems"],
  });
  const ids = (of: typeof record): (string | undefined)[] => (of?.LineItems ?? []).map((line) => line.LineItemID);
  const [ropeId, knotId] = ids(record);
  assert.deepEqual([ids(updated.record)[0], ids(updated.record)[2]], [knotId, ropeId]);
  assert.ok(![ropeId, knotId].includes(ids(updated.record)[1]));
  assert.equal(updated.record?.Reference, "order 1001");
  assert.deepEqual(Object.keys(JSON.parse(world.api.sent.at(-1)!.body as string).Invoices[0]), [
    "InvoiceID",
    "LineItems",
  ]);
});

test("a field can be taken away where Xero allows it, and is refused where not", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields });
  const { Reference: _gone, ...rest } = fields;
  const updated = await write.update!(world.api, { idempotencyKey: "k2", key, fields: rest, changed: ["Reference"] });
  assert.equal(write.fieldsOf!(updated.record!).Reference, undefined);
  const { DueDate: _due, ...undated } = fields;
  const order = { idempotencyKey: "k3", key, fields: undated, changed: ["DueDate"] as const };
  const outcome = await failure(write.update!(world.api, order));
  assert.equal(outcome.kind, "invalid");
  assert.match(outcome.reason ?? "", /DueDate/);
});

test("a draft becomes authorised, is paid, and is shown as it was written", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields });
  const authorised = { ...fields, Status: "AUTHORISED" } as const;
  await write.update!(world.api, { idempotencyKey: "k2", key, fields: authorised, changed: ["Status"] });
  world.simulator.person.create("Payments", { Invoice: { InvoiceID: key }, Account: { Code: "090" }, Amount: "77.67" });
  const [record] = await read.records(world.api, [key]);
  assert.deepEqual([record?.Status, record?.AmountDue, record?.FullyPaidOnDate], ["PAID", "0.00", "2026-08-20"]);
  assert.equal(write.fieldsOf!(record!).Status, "AUTHORISED");
  const order = { idempotencyKey: "k3", key, fields, changed: ["LineItems"] as const };
  assert.equal((await failure(write.update!(world.api, order))).kind, "invalid");
});

test("a draft is deleted, an authorised one voided, twice over; the wrong way is refused", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const draft = await write.create(world.api, { idempotencyKey: "k1", fields });
  await write.removals!.delete(world.api, { idempotencyKey: "k2", key: draft.key });
  await write.removals!.delete(world.api, { idempotencyKey: "k3", key: draft.key });
  assert.deepEqual(await read.records(world.api, [draft.key]), []);
  const final = { ...fields, InvoiceNumber: "#1002", Status: "AUTHORISED" } as const;
  const sent = await write.create(world.api, { idempotencyKey: "k4", fields: final });
  const wrong = await failure(write.removals!.delete(world.api, { idempotencyKey: "k5", key: sent.key }));
  assert.deepEqual([wrong.kind, wrong.reason], ["invalid", "Invoice not of valid status for modification"]);
  await write.removals!.void(world.api, { idempotencyKey: "k6", key: sent.key });
  const again = await write.removals!.void(world.api, { idempotencyKey: "k7", key: sent.key });
  assert.equal(again?.record?.Status, "VOIDED");
});

test("a number that is in use is a conflict, and the lookup finds who has it", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const first = await write.create(world.api, { idempotencyKey: "k1", fields });
  const outcome = await failure(write.create(world.api, { idempotencyKey: "k2", fields }));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "ValidationException"]);
  const found = await write.lookup!(world.api, { idempotencyKey: "k2", fields });
  assert.deepEqual(
    found.map(({ key }) => key),
    [first.key],
  );
});

test("a lookup tells a number with quotes, the supplier of a bill, and whoever has no number by day and amounts", async () => {
  await using world = await setup();
  const fields = { ...(await fieldsFor(world)), InvoiceNumber: 'say "A"' };
  const quoted = await write.create(world.api, { idempotencyKey: "k1", fields });
  const keys = async (given: XeroInvoiceFields): Promise<string[]> =>
    (await write.lookup!(world.api, { idempotencyKey: "x", fields: given })).map(({ key }) => key);
  assert.deepEqual(await keys(fields), [quoted.key]);
  const { Reference: _reference, LineItems, ...bill } = { ...fields, Type: "ACCPAY" as const };
  const lines = [LineItems[0]!];
  const other = await fieldsFor(world, "Bob");
  const ours = await write.create(world.api, { idempotencyKey: "k2", fields: { ...bill, LineItems: lines } });
  await write.create(world.api, {
    idempotencyKey: "k3",
    fields: { ...bill, Contact: other.Contact, LineItems: lines },
  });
  assert.deepEqual(await keys({ ...bill, LineItems: lines }), [ours.key]);
  const { InvoiceNumber: _number, ...numberless } = fields;
  assert.deepEqual(await keys(numberless), [quoted.key]);
  assert.deepEqual(await keys({ ...numberless, Date: "2026-08-18" }), []);
  const { Date: _date, ...dateless } = numberless;
  assert.equal((await failure(write.lookup!(world.api, { idempotencyKey: "x", fields: dateless }))).kind, "unknown");
});

test("what Xero would refuse anyway is told before it is sent", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world);
  const issues = async (given: object): Promise<number> =>
    ((await write.fields["~standard"].validate({ ...fields, ...given })).issues ?? []).length;
  assert.equal(await issues({}), 0);
  const bill = { Type: "ACCPAY", Reference: undefined };
  const lines = fields.LineItems.map(({ DiscountRate: _rate, ...line }) => line);
  assert.equal(await issues({ ...bill, LineItems: lines }), 0);
  const wrong = [
    { Status: "PAID" },
    { Status: "AUTHORISED", DueDate: undefined },
    { Type: "ACCPAY", LineItems: lines },
    bill,
    { LineItems: [] },
    { LineItems: [{ UnitAmount: "1.00001" }] },
    { Contact: { ContactID: "Amy" } },
    { Nonsense: 1 },
  ];
  for (const given of wrong) assert.ok((await issues(given)) > 0, JSON.stringify(given));
});

test("a contact who is not there, an archived one and a closed period are invalid, in Xero's words", async () => {
  await using world = await setup({ settings: { periodLockDate: "2026-03-31" } });
  const fields = await fieldsFor(world);
  const outcome = async (given: object): Promise<string> => {
    const order = { idempotencyKey: JSON.stringify(given).length.toString(), fields: { ...fields, ...given } };
    const { kind, reason = "" } = await failure(write.create(world.api, order));
    return `${kind}: ${reason}`;
  };
  assert.match(
    await outcome({ Contact: { ContactID: "00000000-0000-4000-8000-000000000000" } }),
    /^invalid: .*could not be found/,
  );
  assert.match(await outcome({ Date: "2026-03-31" }), /^invalid: .*period lock date/);
  assert.match(
    await outcome({ LineItems: [{ Description: "x", AccountCode: "999" }] }),
    /^invalid: Account code '999'/,
  );
  world.simulator.person.archive(fields.Contact.ContactID);
  assert.match(await outcome({}), /^invalid: .*archived/);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import { customerFields, customerRecord, customers } from "./customers.ts";
import { testShop } from "./test-shop.ts";

const write = customers.write!;
const ada = { email: "Ada@Example.com ".trim(), firstName: " Ada ", lastName: "Łovelace", tags: ["vip", "VIP"] };

function failedWith(kind: string): (error: unknown) => boolean {
  return (error) => error instanceof CallFailed && error.outcome.kind === kind;
}

describe("customers", () => {
  test("all addresses are read, however many", async () => {
    await using shop = await testShop();
    const addresses = Array.from({ length: 33 }, (_, index) => ({ address1: `${index} Road`, countryCode: "IE" }));
    const { id } = shop.simulator.addCustomer({ email: "a@example.com", addresses });
    const [customer] = await customers.read!.records(shop.api, [id]);
    assert.deepEqual(
      customerRecord.parse(customer).addressesV2.map(({ address1 }) => address1),
      addresses.map(({ address1 }) => address1),
    );
  });

  test("changes ask for a day more, because the filter is documented to match whole days", async () => {
    await using shop = await testShop();
    await customers.changes!.page(shop.api, { since: Date.UTC(2026, 7, 20, 12) });
    const { variables } = shop.api.requests[0]!.body as { variables: { query: string } };
    assert.equal(variables.query, "updated_at:>='2026-08-19T12:00:00Z'");
  });

  test("creating the same customer twice leaves one, as the shop spells it", async () => {
    await using shop = await testShop();
    const order = { idempotencyKey: "op_1", fields: ada };
    const first = await write.create(shop.api, order);
    const again = await write.create(shop.api, order);
    assert.equal(shop.simulator.customers.size, 1);
    assert.equal(again.key, first.key);
    assert.deepEqual(
      (await write.lookup!(shop.api, order)).map(({ key }) => key),
      [first.key],
    );
    const { email, firstName, tags, phone } = write.fieldsOf!(first.record!);
    assert.deepEqual(
      { email, firstName, tags, phone },
      { email: "ada@example.com", firstName: "Ada", tags: ["VIP"], phone: null },
    );
  });

  test("a customer without an e-mail is known by the phone", async () => {
    await using shop = await testShop();
    const order = { idempotencyKey: "op_2", fields: { phone: "+15551234567", firstName: "Bo" } };
    const { key } = await write.create(shop.api, order);
    assert.deepEqual(
      (await write.lookup!(shop.api, order)).map((found) => found.key),
      [key],
    );
  });

  test("a customer with neither could not be found again, and is refused before it is sent", async () => {
    const checked = await customerFields["~standard"].validate({ firstName: "Nobody" });
    assert.match(String(checked.issues?.[0]?.message), /could not be found again/);
  });

  test("an update sends only what changed, and empties what is null", async () => {
    await using shop = await testShop();
    const { key } = await write.create(shop.api, { idempotencyKey: "op_3", fields: { ...ada, note: "old" } });
    const fields = { email: "ada@example.com", firstName: "Other", note: null };
    const updated = await write.update!(shop.api, { idempotencyKey: "op_4", key, fields, changed: ["note"] });
    assert.equal(updated.record?.note, null);
    assert.equal(updated.record?.firstName, "Ada");
  });

  test("an e-mail of somebody else is a conflict, a bad one is invalid, a customer who is gone is missing", async () => {
    await using shop = await testShop();
    shop.simulator.addCustomer({ email: "taken@example.com" });
    const { key } = await write.create(shop.api, { idempotencyKey: "op_5", fields: ada });
    const change = (email: string, to = key): Promise<unknown> =>
      write.update!(shop.api, { idempotencyKey: "op_6", key: to, fields: { email }, changed: ["email"] });
    await assert.rejects(change("taken@example.com"), failedWith("conflict"));
    await assert.rejects(change("nonsense"), failedWith("invalid"));
    await assert.rejects(change("x@example.com", "gid://shopify/Customer/1"), failedWith("missing"));
  });

  test("a customer with orders cannot be deleted; one without can, twice", async () => {
    await using shop = await testShop();
    const buyer = shop.simulator.addCustomer({ email: "b@example.com" });
    shop.simulator.addOrder({ customerId: buyer.id });
    const remove = (key: string): Promise<unknown> => write.removals!.delete(shop.api, { idempotencyKey: "op_7", key });
    await assert.rejects(remove(buyer.id), failedWith("invalid"));
    const other = shop.simulator.addCustomer({ email: "c@example.com" });
    await remove(other.id);
    await remove(other.id);
    assert.deepEqual([...shop.simulator.customers.keys()], [buyer.id]);
  });

  test("a token that was replaced asks for a new one", async () => {
    await using shop = await testShop();
    shop.simulator.replaceAccessToken("shpat_other");
    await assert.rejects(customers.read!.records(shop.api, ["gid://shopify/Customer/1"]), failedWith("reauthorize"));
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import { orders } from "./orders.ts";
import { orderRecord } from "./order-record.ts";
import { populateShop } from "./population.ts";
import { testShop } from "./test-shop.ts";

const write = orders.write!;
const priceSet = { shopMoney: { amount: "19.99", currencyCode: "USD" } };
const newOrder = { lineItems: [{ title: "Rope", quantity: 2, priceSet }], email: "Made@Example.com", note: "hello" };

function failedWith(kind: string): (error: unknown) => boolean {
  return (error) => error instanceof CallFailed && error.outcome.kind === kind;
}

describe("reading orders", () => {
  test("an order is whole however long its lists are", async () => {
    await using shop = await testShop();
    const lines = Array.from({ length: 61 }, (_, index) => ({ title: `Line ${index}`, unitPrice: "1.01" }));
    const shipping = Array.from({ length: 5 }, (_, index) => ({ title: `Parcel ${index}`, price: "2.00" }));
    const { id, lineItems } = shop.simulator.addOrder({ lines, shipping });
    shop.simulator.refundOrder(id);
    const [order] = await orders.read!.records(shop.api, [id]);
    assert.deepEqual(
      order?.lineItems.map((line) => line.id),
      lineItems.map((line) => line.id),
    );
    assert.equal(order?.shippingLines.length, 5);
    assert.equal(order?.refunds[0]?.refundLineItems.length, 61);
    orderRecord.parse(order);
  });

  test("an order that is edited between its pages is not patched together from two states", async () => {
    let edits = 0;
    await using shop = await testShop({
      spoil: (answer) => {
        if (edits++ === 0) shop.simulator.editOrder(id, { quantities: { [lastLine]: 5 } });
        return answer;
      },
    });
    const lines = Array.from({ length: 12 }, () => ({ title: "Line" }));
    const { id, lineItems } = shop.simulator.addOrder({ lines });
    const lastLine = lineItems.at(-1)!.id;
    await shop.clock.advance(5000);
    await assert.rejects(orders.read!.records(shop.api, [id]), failedWith("unavailable"));
    const [order] = await orders.read!.records(shop.api, [id]);
    assert.equal(order?.lineItems.at(-1)?.quantity, 5);
    assert.equal(order?.totalPriceSet.shopMoney.amount, "160.0");
  });

  test("keys that are not there, or are no orders, are not in the answer", async () => {
    await using shop = await testShop();
    const customer = shop.simulator.addCustomer({ email: "a@example.com" });
    const order = shop.simulator.addOrder({ customerId: customer.id });
    const read = await orders.read!.records(shop.api, [order.id, "gid://shopify/Order/1", customer.id]);
    assert.deepEqual(read.map(orders.key), [order.id]);
  });

  test("everything reads every order once, though others are edited meanwhile; each fits the schema", async () => {
    await using shop = await testShop({ plan: "enterprise" });
    populateShop(shop.simulator, {
      random: shop.random,
      now: shop.clock.now(),
      customers: 40,
      orders: 130,
      products: 20,
    });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await orders.everything!.page(shop.api, cursor === undefined ? {} : { cursor });
      for (const record of page.records) seen.push(orderRecord.parse(record).id);
      cursor = page.next;
      shop.simulator.editOrder(seen[0]!, { note: `edited ${seen.length}` });
    } while (cursor !== undefined);
    assert.deepEqual(seen.toSorted(), [...shop.simulator.orders.keys()].toSorted());
  });

  test("changes are those since a time, and an order that is edited during the scan is not lost", async () => {
    await using shop = await testShop();
    const ids = Array.from({ length: 45 }, () => shop.simulator.addOrder({}).id);
    await shop.clock.advance(3_600_000);
    const since = shop.clock.now();
    for (const id of ids.slice(0, 44)) shop.simulator.editOrder(id, { note: "later" });
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await orders.changes!.page(shop.api, cursor === undefined ? { since } : { since, cursor });
      for (const record of page.records) seen.add(record.id);
      cursor = page.next;
      await shop.clock.advance(1000);
      shop.simulator.editOrder(ids[30]!, { note: "again" });
    } while (cursor !== undefined);
    assert.deepEqual([...seen].toSorted(), ids.slice(0, 44).toSorted());
  });

  test("the search shows a change late, and the overlap is longer than that", async () => {
    await using shop = await testShop({ searchLagMs: 2000 });
    const since = shop.clock.now();
    shop.simulator.addOrder({});
    assert.equal((await orders.changes!.page(shop.api, { since })).records.length, 0);
    await shop.clock.advance(2000);
    assert.equal((await orders.changes!.page(shop.api, { since })).records.length, 1);
    assert.ok(orders.changes!.overlapMs > 2000);
  });

  test("a shop whose queries are dearer than we reckon gets smaller pages, and keeps them", async () => {
    await using shop = await testShop({ connectionCost: "linear" });
    for (let count = 0; count < 12; count += 1) shop.simulator.addOrder({});
    let cursor: string | undefined;
    let records = 0;
    do {
      const page = await orders.everything!.page(shop.api, cursor === undefined ? {} : { cursor });
      records += page.records.length;
      cursor = page.next;
    } while (cursor !== undefined);
    assert.equal(records, 12);
    const sizes = shop.api.requests.map(({ body }) => (body as { variables: { first: number } }).variables.first);
    assert.ok(
      sizes.slice(0, 2).every((size, index) => index === 0 || size < sizes[index - 1]!),
      String(sizes),
    );
    assert.ok(
      sizes.slice(2).every((size) => size <= sizes[1]!),
      String(sizes),
    );
    assert.equal((await orders.read!.records(shop.api, [...shop.simulator.orders.keys()])).length, 12);
  });
});

describe("writing orders", () => {
  test("an order that is made carries a name of ours, and is found again by it", async () => {
    await using shop = await testShop();
    const order = { idempotencyKey: "op_01J", fields: newOrder };
    assert.deepEqual(await write.lookup!(shop.api, order), []);
    const made = await write.create(shop.api, order);
    assert.equal(made.record?.totalPriceSet.shopMoney.amount, "39.98");
    assert.equal(made.record?.sourceIdentifier, "op_01J");
    const found = await write.lookup!(shop.api, order);
    assert.deepEqual(found, [made]);
    assert.equal((await write.lookup!(shop.api, { ...order, idempotencyKey: "op_01" })).length, 0);
  });

  test("the base is what the shop made of it", async () => {
    await using shop = await testShop();
    const made = await write.create(shop.api, {
      idempotencyKey: "op_2",
      fields: { ...newOrder, tags: ["b ", "a", "A"] },
    });
    assert.deepEqual(write.fieldsOf!(made.record!), {
      email: "made@example.com",
      phone: null,
      note: "hello",
      poNumber: null,
      tags: ["A", "b"],
    });
  });

  test("what may be changed is changed, and nothing else is sent", async () => {
    await using shop = await testShop();
    const { key } = await write.create(shop.api, { idempotencyKey: "op_3", fields: newOrder });
    const fields = { ...newOrder, note: "other", email: "new@example.com" };
    const updated = await write.update!(shop.api, { idempotencyKey: "op_4", key, fields, changed: ["note"] });
    assert.equal(updated.record?.note, "other");
    assert.equal(updated.record?.email, "made@example.com");
    const refused = write.update!(shop.api, { idempotencyKey: "op_5", key, fields, changed: ["lineItems"] });
    await assert.rejects(refused, failedWith("invalid"));
  });

  test("an order that is only being cancelled is not cancelled yet, and is once the shop has done it", async () => {
    await using shop = await testShop({ cancelLagMs: 5_000 });
    const { id } = shop.simulator.addOrder({});
    const cancel = () => write.removals!.cancel(shop.api, { idempotencyKey: "op_8", key: id });
    await assert.rejects(cancel(), failedWith("unknown"));
    await shop.clock.advance(5_000);
    assert.notEqual((await cancel())?.record?.cancelledAt, null);
  });

  test("cancelling twice is cancelled once, and gives no money back", async () => {
    await using shop = await testShop();
    const { id } = shop.simulator.addOrder({});
    const first = await write.removals!.cancel(shop.api, { idempotencyKey: "op_6", key: id });
    const second = await write.removals!.cancel(shop.api, { idempotencyKey: "op_6", key: id });
    assert.notEqual(first?.record?.cancelledAt, null);
    assert.deepEqual(second, first);
    assert.equal(first?.record?.refunds.length, 0);
    const missing = write.removals!.cancel(shop.api, { idempotencyKey: "op_7", key: "gid://shopify/Order/1" });
    await assert.rejects(missing, failedWith("missing"));
  });

  test("deleting what is gone already is done", async () => {
    await using shop = await testShop();
    const { id } = shop.simulator.addOrder({});
    for (let times = 0; times < 2; times += 1) {
      assert.equal(await write.removals!.delete(shop.api, { idempotencyKey: "op_8", key: id }), undefined);
    }
    assert.equal(shop.simulator.orders.size, 0);
  });

  test("an answer that is cut off leaves the outcome unknown, and the order is found", async () => {
    let spoiling = true;
    await using shop = await testShop({
      spoil: (answer, { writes }) =>
        writes === true && spoiling ? { ...answer, json: undefined, text: "<html>" } : answer,
    });
    const order = { idempotencyKey: "op_9", fields: newOrder };
    await assert.rejects(write.create(shop.api, order), failedWith("unknown"));
    spoiling = false;
    assert.equal((await write.lookup!(shop.api, order)).length, 1);
  });
});

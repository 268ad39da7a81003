import assert from "node:assert/strict";
import { test } from "node:test";
import { madeAgain } from "../../src/testing/made-again.ts";
import { customers } from "./customers.ts";
import { orders } from "./orders.ts";
import { products } from "./products.ts";
import { testShop } from "./test-shop.ts";
import { createSubscription, deleteSubscription, listSubscriptions } from "./subscriptions.ts";

test("what is said to be safe changes nothing the second time: customers, products, subscriptions", async () => {
  await using shop = await testShop();
  const operations: unknown[] = [];
  const again = async (): Promise<void> => {
    const sent = shop.api.requests.splice(0);
    await madeAgain(shop.api, sent);
    shop.api.requests.length = 0;
    const safe = sent.filter((request) => request.safe === true);
    operations.push(...safe.map(({ body }) => (body as { operationName: string }).operationName));
  };
  const ada = { email: "ada@example.com", firstName: "Ada" };
  const { key } = await customers.write!.create(shop.api, { idempotencyKey: "k1", fields: ada });
  await again();
  const changed = { ...ada, firstName: "Adele" };
  await customers.write!.update!(shop.api, { idempotencyKey: "k2", key, fields: changed, changed: ["firstName"] });
  await again();
  assert.deepEqual(
    [...shop.simulator.customers.values()].map(({ firstName }) => firstName),
    ["Adele"],
  );
  await products.write!.create(shop.api, { idempotencyKey: "k3", fields: { handle: "cup", title: "Cup" } });
  await again();
  assert.equal(shop.simulator.products.size, 1);
  const { id } = await createSubscription(shop.api, "ORDERS_UPDATED", "https://a.example/hooks");
  await again();
  assert.equal((await listSubscriptions(shop.api)).length, 1);
  await deleteSubscription(shop.api, id);
  await again();
  assert.deepEqual(operations, [
    "CustomerSet",
    "CustomerSet",
    "ProductSet",
    "SubscriptionCreate",
    "SubscriptionDelete",
  ]);
});

test("making an order is not safe: the shop would make another", async () => {
  await using shop = await testShop();
  const lineItems = [{ title: "Cup", quantity: 1, priceSet: { shopMoney: { amount: "4.00", currencyCode: "USD" } } }];
  await orders.write!.create(shop.api, { idempotencyKey: "op_1", fields: { lineItems } as never });
  assert.deepEqual(await madeAgain(shop.api, [...shop.api.requests]), []);
});

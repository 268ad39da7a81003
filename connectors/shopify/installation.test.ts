import assert from "node:assert/strict";
import { test } from "node:test";
import { about, hiddenOrders } from "./installation.ts";
import { testShop } from "./test-shop.ts";

const DAY_MS = 86_400_000;

test("a credential tells its shop, plan and scopes", async () => {
  await using shop = await testShop({ scopes: ["read_orders"], plan: "plus" });
  assert.deepEqual(await about(shop.api), {
    id: "gid://shopify/Shop/1",
    name: "demo",
    plan: "plus",
    sandbox: false,
    scopes: ["read_orders"],
  });
});

test("which orders are not shown is told by the oldest that is; with the scope for all, none is hidden", async () => {
  for (const [scopes, expected] of [
    [["read_orders"], [true, false, false]],
    [
      ["read_orders", "read_all_orders"],
      [false, false, false],
    ],
  ] as const) {
    await using shop = await testShop({ scopes });
    const old = shop.simulator.at(shop.clock.now() - 61 * DAY_MS, () => shop.simulator.addOrder());
    const shown = shop.simulator.at(shop.clock.now() - 59 * DAY_MS, () => shop.simulator.addOrder());
    const deleted = shop.simulator.addOrder();
    shop.simulator.deleteOrder(deleted.id);
    const isHidden = await hiddenOrders(shop.api);
    assert.deepEqual([old.id, shown.id, deleted.id].map(isHidden), expected);
  }
});

test("where nothing was ordered lately, no order that is not there is taken for deleted", async () => {
  await using shop = await testShop({ scopes: ["read_orders"] });
  const isHidden = await hiddenOrders(shop.api);
  assert.equal(isHidden("gid://shopify/Order/5400000000001"), true);
});

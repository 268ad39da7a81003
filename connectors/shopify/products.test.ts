import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import { productRecord, products } from "./products.ts";
import { testShop } from "./test-shop.ts";
import { variantRecord, variants } from "./variants.ts";

function failedWith(kind: string): (error: unknown) => boolean {
  return (error) => error instanceof CallFailed && error.outcome.kind === kind;
}

const shirt = { handle: "harbour-tee", title: "Harbour Tee", vendor: "Bowline", tags: ["new"] };

describe("products", () => {
  const write = products.write!;

  test("creating the same product twice leaves one", async () => {
    await using shop = await testShop();
    const order = { idempotencyKey: "op_1", fields: shirt };
    const first = await write.create(shop.api, order);
    const again = await write.create(shop.api, order);
    assert.equal(again.key, first.key);
    assert.equal(shop.simulator.products.size, 1);
    assert.deepEqual(await write.lookup!(shop.api, order), [again]);
    const { handle, title, vendor, tags } = write.fieldsOf!(productRecord.parse(first.record));
    assert.deepEqual({ handle, title, vendor, tags }, shirt);
  });

  test("a product is changed, archived, and deleted", async () => {
    await using shop = await testShop();
    const { key } = await write.create(shop.api, { idempotencyKey: "op_1", fields: shirt });
    const fields = { ...shirt, title: "Other" };
    const updated = await write.update!(shop.api, { idempotencyKey: "op_2", key, fields, changed: ["title"] });
    assert.equal(updated.record?.title, "Other");
    const { variables } = shop.api.requests.at(-1)!.body as { variables: object };
    assert.deepEqual(variables, { product: { id: key, title: "Other" } });
    const archived = await write.removals!.archive(shop.api, { idempotencyKey: "op_3", key });
    assert.equal(archived?.record?.status, "ARCHIVED");
    await write.removals!.delete(shop.api, { idempotencyKey: "op_4", key });
    await write.removals!.delete(shop.api, { idempotencyKey: "op_4", key });
    assert.equal(shop.simulator.products.size, 0);
    const late = write.update!(shop.api, { idempotencyKey: "op_5", key, fields, changed: ["title"] });
    await assert.rejects(late, failedWith("missing"));
  });

  test("the handle of another product is a conflict", async () => {
    await using shop = await testShop();
    shop.simulator.addProduct({ title: "Taken" });
    const { key } = await write.create(shop.api, { idempotencyKey: "op_1", fields: shirt });
    const fields = { ...shirt, handle: "taken" };
    const update = write.update!(shop.api, { idempotencyKey: "op_2", key, fields, changed: ["handle"] });
    await assert.rejects(update, failedWith("conflict"));
  });
});

describe("variants", () => {
  const write = variants.write!;
  const large = (productId: string) => ({
    productId,
    optionValues: [{ optionName: "Size", name: "L" }],
    price: "21.50",
    sku: "HT-L",
  });

  test("a variant is made, found by its options, changed, and deleted", async () => {
    await using shop = await testShop();
    const product = shop.simulator.addProduct({
      title: "Tee",
      variants: [{ options: { Size: "S" }, price: "20", sku: "HT-S" }],
    });
    const order = { idempotencyKey: "op_1", fields: large(product.id) };
    assert.deepEqual(await write.lookup!(shop.api, order), []);
    const made = await write.create(shop.api, order);
    assert.deepEqual(await write.lookup!(shop.api, order), [made]);
    assert.equal(variantRecord.parse(made.record).sku, "HT-L");
    assert.deepEqual(write.fieldsOf!(made.record!).optionValues, order.fields.optionValues);
    await assert.rejects(write.create(shop.api, order), failedWith("conflict"));
    const fields = { ...order.fields, price: "22", sku: "HT-LL" };
    const updated = await write.update!(shop.api, {
      idempotencyKey: "op_2",
      key: made.key,
      fields,
      changed: ["price", "sku"],
    });
    assert.deepEqual([updated.record?.price, updated.record?.sku], ["22.00", "HT-LL"]);
    await write.removals!.delete(shop.api, { idempotencyKey: "op_3", key: made.key });
    await write.removals!.delete(shop.api, { idempotencyKey: "op_3", key: made.key });
    assert.deepEqual(
      [...shop.simulator.variants.values()].map(({ sku }) => sku),
      ["HT-S"],
    );
  });

  test("a variant stays with its product", async () => {
    await using shop = await testShop();
    const product = shop.simulator.addProduct({});
    const key = product.variants[0]!.id;
    const fields = large("gid://shopify/Product/1");
    const moved = write.update!(shop.api, { idempotencyKey: "op_1", key, fields, changed: ["productId"] });
    await assert.rejects(moved, failedWith("invalid"));
  });

  test("a variant changes with its price, and so does its product", async () => {
    await using shop = await testShop();
    const product = shop.simulator.addProduct({ variants: [{ price: "1.00" }] });
    await shop.clock.advance(60_000);
    const since = shop.clock.now();
    shop.simulator.editVariant(product.variants[0]!.id, { price: "2.00" });
    assert.equal((await variants.changes!.page(shop.api, { since })).records[0]?.price, "2.00");
    assert.equal((await products.changes!.page(shop.api, { since })).records.length, 1);
  });
});

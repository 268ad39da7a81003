import assert from "node:assert/strict";
import { test } from "node:test";
import { quickbooks } from "./connector.ts";
import { customers } from "./customers.ts";
import { failure, setup } from "./test-api.ts";

const SETTINGS = { realmId: "123", clientId: "a", clientSecret: "b", refreshToken: "c" };

test("the company's address follows from environment, or from an address of its own", () => {
  assert.equal(quickbooks.baseUrl(SETTINGS), "https://quickbooks.api.intuit.com/v3/company/123");
  assert.match(quickbooks.baseUrl({ ...SETTINGS, environment: "sandbox" }), /^https:\/\/sandbox-quickbooks\./);
  assert.equal(quickbooks.baseUrl({ ...SETTINGS, baseUrl: "http://[::1]:1/" }), "http://[::1]:1/v3/company/123");
});

test("settings are checked by name", async () => {
  const issues = async (settings: object): Promise<readonly unknown[]> =>
    (await quickbooks.settings["~standard"].validate(settings)).issues ?? [];
  assert.equal((await issues(SETTINGS)).length, 0);
  for (const wrong of [{ realmId: "company" }, { enviroment: "sandbox" }, { baseUrl: "not an address" }]) {
    assert.ok((await issues({ ...SETTINGS, ...wrong })).length > 0, JSON.stringify(wrong));
  }
});

test("a company that no longer pays denies everything, until it pays again", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { DisplayName: "Amy" } };
  world.simulator.lapse(true);
  assert.equal((await failure(customers.write!.create(world.api, order))).kind, "denied");
  world.simulator.lapse(false);
  await customers.write!.create(world.api, order);
  assert.equal(world.simulator.truth.customers.size, 1);
});

test("a connection has each resource as a property", () => {
  const books = quickbooks.connect("books", SETTINGS);
  assert.equal(books.invoices.id, "books/invoices");
  assert.deepEqual(Object.keys(quickbooks.resources), [
    "customers",
    "items",
    "invoices",
    "payments",
    "creditMemos",
    "refundReceipts",
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { PROJECT_LIMITS } from "./config.ts";
import { defineConfig } from "./define-config.ts";
import { defineOwner } from "./define-owner.ts";
import { defineSync, type SyncOptions } from "./define-sync.ts";
import { booksConnector, shopConnector } from "./testing/small-project.ts";

const shop = shopConnector.connect("shop", { token: "1" });
const books = booksConnector.connect("books", { token: "1", company: "1" });

type Options = SyncOptions<
  { name: string; id: string; referrer: string | null },
  { name: string },
  "deactivate",
  "name"
>;

function sync(options: Partial<Options> = {}) {
  return defineSync({
    name: "customers",
    purpose: "Whoever buys is a buyer.",
    from: shop.customers,
    to: books.buyers,
    freshWithin: "5m",
    map: ({ field }) => ({ name: field((customer) => customer.name) }),
    onDelete: "deactivate",
    ...options,
  } as Options);
}

test("what is left open has careful defaults", () => {
  const { onExisting, onOutOfScope, everythingEveryMs, pollEveryMs, freshWithinMs, unreadable, from, to } = sync();
  assert.deepEqual(
    { onExisting, onOutOfScope, everythingEveryMs, pollEveryMs, freshWithinMs, unreadable },
    {
      onExisting: "park",
      onOutOfScope: "keep",
      everythingEveryMs: 86_400_000,
      pollEveryMs: 150_000,
      freshWithinMs: 300_000,
      unreadable: {},
    },
  );
  assert.deepEqual([from.id, to.id], ["shop/customers", "books/buyers"]);
});

const POLLS = [
  ["1s", 5_000],
  ["20s", 10_000],
  ["7d", 900_000],
] as const;

for (const [freshWithin, pollEveryMs] of POLLS) {
  test(`a sync fresh within ${freshWithin} is polled every ${pollEveryMs} ms, unless it says otherwise`, () => {
    assert.equal(sync({ freshWithin }).pollEveryMs, pollEveryMs);
    assert.equal(sync({ freshWithin, pollEvery: "3s" }).pollEveryMs, 3_000);
  });
}

test("an owner is a value, or just a name", () => {
  const finance = defineOwner({ name: "Finance", email: "finance@example.com" });
  assert.equal(sync({ owner: finance }).owner, finance);
  assert.deepEqual(sync({ owner: "Finance" }).owner, { name: "Finance" });
  assert.equal("owner" in sync(), false);
});

test("a duration that cannot be read is kept for the check instead of stopping the load", () => {
  const { unreadable, freshWithinMs } = sync({ freshWithin: "5 minutes" as "5m", everythingEvery: "0d" });
  assert.deepEqual(unreadable, { freshWithin: "5 minutes", everythingEvery: "0d" });
  assert.equal(freshWithinMs, Number.NaN);
});

test("a project has a default for everything but what is connected and kept in agreement", () => {
  const project = defineConfig({ connections: [shop, books], syncs: [sync()], limits: { bodyBytesMax: 10 } });
  const { name, data, host, port, network, limits } = project;
  assert.deepEqual(
    { name, data, host, port, network, limits },
    {
      name: "bowline",
      data: "bowline.db",
      host: "127.0.0.1",
      port: 4_600,
      network: { privateAddresses: [] },
      limits: { ...PROJECT_LIMITS, bodyBytesMax: 10 },
    },
  );
  assert.equal("publicUrl" in project, false);
});

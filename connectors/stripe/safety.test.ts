import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import { failure } from "../../src/testing/connector-api.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import { customers } from "./customers.ts";
import { invoices } from "./invoices.ts";
import { paymentIntents } from "./payment-intents.ts";
import { products } from "./products.ts";
import { refunds } from "./refunds.ts";
import type { Sabotage } from "./simulator.ts";
import { KEY, RESTRICTED, setup, type Setup } from "./test-api.ts";

const LOST: readonly Sabotage["how"][] = ["cut-before", "cut-after", "gateway-after", "truncated", "error-after"];

/** Repeats one order a little later, as the engine does, until its outcome is known. */
async function untilKnown<Answer>({ clock }: Setup, order: () => Promise<Answer>, timesMax = 6): Promise<Answer> {
  for (let times = 1; ; times += 1) {
    try {
      return await order();
    } catch (error) {
      const kind = error instanceof CallFailed ? error.outcome.kind : "";
      if (!["unknown", "unavailable", "throttled"].includes(kind) || times >= timesMax) throw error;
      await clock.advance(60_000);
    }
  }
}

for (const how of LOST) {
  test(`a write that is repeated after ${how} leaves one object`, async () => {
    await using world = await setup();
    const order = { idempotencyKey: "w1", fields: { email: "amy@example.com" } };
    world.simulator.sabotage({ how, method: "POST" });
    assert.equal((await failure(customers.write!.create(world.api, order))).kind, "unknown");
    const { key } = await untilKnown(world, () => customers.write!.create(world.api, order));
    assert.equal(world.simulator.truth.customers.size, 1);
    assert.ok(world.simulator.truth.customers.has(key));
  });
}

for (const how of ["locked", "conflict", "limited"] as const) {
  test(`a write refused as ${how} was not executed, and is made by the next try under the same key`, async () => {
    await using world = await setup();
    const order = { idempotencyKey: "w1", fields: { name: "Amy" } };
    world.simulator.sabotage({ how, method: "POST" });
    const { kind } = await failure(customers.write!.create(world.api, order));
    assert.equal(kind, how === "limited" ? "throttled" : "unavailable");
    assert.equal(world.simulator.truth.customers.size, 0);
    await world.clock.advance(60_000);
    await customers.write!.create(world.api, order);
    assert.equal(world.simulator.truth.customers.size, 1);
  });
}

test("a failure that Stripe keeps stays unknown, and nothing is made a second time behind its back", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "w1", fields: { email: "amy@example.com" } };
  world.simulator.sabotage({ how: "error-before", method: "POST" });
  for (let times = 0; times < 3; times += 1) {
    assert.equal((await failure(customers.write!.create(world.api, order))).kind, "unknown");
  }
  assert.equal(world.simulator.truth.customers.size, 0);
  assert.deepEqual(await customers.write!.lookup!(world.api, order), []);
  await world.clock.advance(25 * 3_600_000);
  await customers.write!.create(world.api, order);
  assert.equal(world.simulator.truth.customers.size, 1);
});

test("an update that failed and was kept is sent again under another key, since it says the same", async () => {
  await using world = await setup();
  const id = String(world.simulator.person.post("/v1/customers", { name: "Amy" })["id"]);
  const order = { idempotencyKey: "w2", fields: { name: "Amelia" }, key: id, changed: ["name"] as const };
  world.simulator.sabotage({ how: "error-before", method: "POST" });
  assert.equal((await failure(customers.write!.update!(world.api, order))).kind, "unknown");
  const { record } = await customers.write!.update!(world.api, order);
  assert.equal(record?.name, "Amelia");
});

test("a key that is still in use leaves the write unknown: the first call may yet do it", async () => {
  await using world = await setup({ settings: { latencyMs: 5_000 } });
  const order = { idempotencyKey: "w1", fields: { email: "amy@example.com" } };
  const first = customers.write!.create(world.api, order);
  const second = failure(customers.write!.create(world.api, order));
  await arrived(world, 2);
  await world.clock.advance(5_000);
  const [made, refused] = await Promise.all([first, second]);
  assert.deepEqual([refused.kind, refused.code], ["unknown", "idempotency_key_in_use"]);
  assert.deepEqual([...world.simulator.truth.customers.keys()], [made.key]);
});

async function arrived({ simulator }: Setup, count: number): Promise<void> {
  while (simulator.truth.requestsServed < count) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("a key that was used with other words finds what those made", async () => {
  await using world = await setup();
  const first = await customers.write!.create(world.api, { idempotencyKey: "w1", fields: { email: "a@example.com" } });
  await world.clock.advance(120_000);
  const fields = { email: "a@example.com", name: "As a later version of the connector would write it" };
  const second = await customers.write!.create(world.api, { idempotencyKey: "w1", fields });
  assert.equal(second.key, first.key);
  assert.equal(world.simulator.truth.customers.size, 1);
});

test("a lookup finds by its stamp what nobody answered for, in lists at once and by search after its lag", async () => {
  await using world = await setup();
  const withEmail = { idempotencyKey: "w1", fields: { email: "amy@example.com" } };
  const without = { idempotencyKey: "w2", fields: { name: "Bob" } };
  for (const order of [withEmail, without]) {
    world.simulator.sabotage({ how: "cut-after", method: "POST" });
    await failure(customers.write!.create(world.api, order));
  }
  assert.equal((await customers.write!.lookup!(world.api, withEmail)).length, 1);
  assert.equal((await customers.write!.lookup!(world.api, without)).length, 0);
  await world.clock.advance(120_000);
  assert.equal((await customers.write!.lookup!(world.api, without)).length, 1);
  assert.deepEqual(await customers.write!.lookup!(world.api, { ...without, idempotencyKey: "w3" }), []);
});

test("an id of our own that is taken is a conflict, and the lookup says by whom", async () => {
  await using world = await setup();
  world.simulator.person.post("/v1/products", { id: "tea-1", name: "Tea" });
  const order = { idempotencyKey: "w1", fields: { id: "tea-1", name: "Tea of ours" } };
  assert.equal((await failure(products.write!.create(world.api, order))).kind, "conflict");
  const [found] = await products.write!.lookup!(world.api, order);
  assert.deepEqual([found?.key, products.write!.fieldsOf!(found!.record!).name], ["tea-1", "Tea"]);
});

test("permissions: a restricted key does what it may, and is told what it lacks", async () => {
  await using world = await setup();
  const api = world.as({ apiKey: RESTRICTED });
  await customers.everything!.page(api, {});
  const denied = await failure(customers.write!.create(api, { idempotencyKey: "w1", fields: {} }));
  assert.equal(denied.kind, "denied");
  assert.match(denied.reason ?? "", /rak_customer_write/);
  assert.equal((await failure(customers.changes!.page(api, { since: 0 }))).kind, "denied");
});

test("a key that was deleted or has ended asks for a new one; an account that left is no permission missing", async () => {
  await using world = await setup();
  world.simulator.keys.expire(RESTRICTED);
  const expired = await failure(customers.everything!.page(world.as({ apiKey: RESTRICTED }), {}));
  assert.deepEqual([expired.kind, expired.code], ["reauthorize", "api_key_expired"]);
  const gone = await failure(customers.everything!.page(world.as({ stripeAccount: "acct_1Gone" }), {}));
  assert.deepEqual([gone.kind, gone.code], ["reauthorize", "account_invalid"]);
  world.simulator.keys.revoke(KEY);
  assert.equal((await failure(customers.everything!.page(world.api, {}))).kind, "reauthorize");
});

test("keys stand in no word that people are shown", async () => {
  await using world = await setup();
  const apiKey = "rk_test_51SecretSecretSecret";
  const outcome = await failure(customers.everything!.page(world.as({ apiKey }), {}));
  assert.equal(outcome.kind, "reauthorize");
  assert.ok(!outcome.reason?.includes(apiKey));
});

test("money is taken, given back and refused once, however badly the calls went", async () => {
  await using world = await setup();
  const random = new SeededRandom(11);
  const customer = String(world.simulator.person.post("/v1/customers", { name: "Amy" })["id"]);
  for (let number = 0; number < 25; number += 1) {
    const how = LOST[Math.floor(random.next() * LOST.length)]!;
    world.simulator.sabotage({ how, method: "POST", times: 1 + Math.floor(random.next() * 2) });
    const amount = 1_000 + number;
    const fields = { amount, currency: "usd", customer, payment_method: "pm_card_visa", confirm: true };
    const paid = await untilKnown(world, () =>
      paymentIntents.write!.create(world.api, { idempotencyKey: `p${number}`, fields }),
    );
    world.simulator.sabotage({ how, method: "POST", path: "/v1/refunds" });
    await untilKnown(world, () =>
      refunds.write!.create(world.api, {
        idempotencyKey: `r${number}`,
        fields: { payment_intent: paid.key, amount: 400 },
      }),
    );
  }
  const { truth } = world.simulator;
  assert.equal(truth.paymentIntents.size, 25);
  assert.equal(truth.charges.size, 25);
  assert.equal(truth.refunds.size, 25);
  assert.ok([...truth.charges.values()].every((charge) => charge["amount_refunded"] === 400));
  assert.ok(truth.replays > 10, "the calls must really have gone badly");
});

test("an invoice of several steps is made once and whole, wherever the answers were lost", async () => {
  await using world = await setup();
  const customer = String(world.simulator.person.post("/v1/customers", { name: "Amy" })["id"]);
  const random = new SeededRandom(5);
  const paths = ["/v1/invoices", "/add_lines", "/finalize", "/pay"];
  for (let number = 0; number < 16; number += 1) {
    const how = LOST[Math.floor(random.next() * LOST.length)]!;
    const lines = [{ amount: 700 + number }, { amount: 300 }];
    const order = { idempotencyKey: `i${number}`, fields: { customer, lines, status: "paid" as const } };
    world.simulator.sabotage({ how, method: "POST", path: paths[number % paths.length]! });
    const { record } = await untilKnown(world, () => invoices.write!.create(world.api, order));
    assert.deepEqual([record?.status, record?.total, record?.lines.data.length], ["paid", 1_000 + number, 2]);
  }
  assert.equal(world.simulator.truth.invoices.size, 16);
  assert.equal(world.simulator.truth.invoiceItems.size, 32);
});

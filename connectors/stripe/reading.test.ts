import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { customers } from "./customers.ts";
import { invoices } from "./invoices.ts";
import { products } from "./products.ts";
import { subscriptions } from "./subscriptions.ts";
import { allPages } from "../../src/testing/all-pages.ts";
import { setup, type Setup } from "./test-api.ts";

function people(world: Setup, count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) =>
    String(world.simulator.person.post("/v1/customers", { name: `C${from + index}` })["id"]),
  );
}

const everything = (world: Setup) => (query: { readonly cursor?: string }) =>
  customers.everything!.page(world.api, query);
const changes = (world: Setup, since: number) => (query: { readonly cursor?: string }) =>
  customers.changes!.page(world.api, { since, ...query });

test("everything is listed once, page by page, the newest first", async () => {
  await using world = await setup();
  const ids = people(world, 250);
  const { records, pages } = await allPages(everything(world));
  assert.equal(pages, 3);
  assert.deepEqual(
    records.map(({ id }) => id),
    ids.toReversed(),
  );
});

test("records that are made and edited while a listing runs neither move nor double the others", async () => {
  await using world = await setup();
  const ids = people(world, 250);
  const { records } = await allPages(everything(world), (pages) => {
    people(world, 30, 1_000 * pages);
    world.simulator.person.post(`/v1/customers/${ids[0]}`, { name: `edited ${pages}` });
  });
  assert.deepEqual(
    records.map(({ id }) => id),
    ids.toReversed(),
  );
});

test("a listing goes on although the very record that its page ended with is deleted meanwhile", async () => {
  await using world = await setup();
  const ids: string[] = [];
  for (let second = 0; second < 25; second += 1) {
    ids.push(...people(world, 12, second * 12));
    await world.clock.advance(1_000);
  }
  const borders = [ids.at(-100)!, ids.at(-200)!];
  const { records, deleted } = await allPages(everything(world), (pages) => {
    const border = borders[pages - 1];
    if (border !== undefined) world.simulator.person.delete(`/v1/customers/${border}`);
  });
  const seen = new Set(records.map(({ id }) => id));
  for (const id of ids) if (!borders.includes(id)) assert.ok(seen.has(id), `${id} was skipped`);
  assert.equal(deleted.length, 0);
  assert.ok(records.length - seen.size <= 24, "at most the seconds at the borders are shown twice");
});

test("changes are found by their events, as the records are now, each once a page", async () => {
  await using world = await setup();
  const [amy = "", bob = "", cid = ""] = people(world, 3);
  await world.clock.advance(60_000);
  const since = world.clock.now();
  world.simulator.person.post(`/v1/customers/${amy}`, { name: "first" });
  world.simulator.person.post(`/v1/customers/${amy}`, { name: "second" });
  world.simulator.person.delete(`/v1/customers/${bob}`);
  await world.clock.advance(10_000);
  const { records, deleted } = await allPages(changes(world, since));
  assert.deepEqual(
    records.map(({ id, name }) => [id, name]),
    [[amy, "second"]],
  );
  assert.deepEqual(deleted, [bob]);
  assert.ok(!records.some(({ id }) => id === cid));
});

test("many changes come in pages, and none of them is lost", async () => {
  await using world = await setup();
  const since = world.clock.now();
  const ids = people(world, 130);
  await world.clock.advance(10_000);
  const { records, pages } = await allPages(changes(world, since), () => people(world, 5, 500));
  assert.equal(pages, 3);
  assert.deepEqual(new Set(records.map(({ id }) => id)), new Set(ids));
});

test("an event that is listed late is still found by the next scan, thanks to the overlap", async () => {
  await using world = await setup({ settings: { eventLagMs: 60_000 } });
  await world.clock.advance(600_000);
  const [amy = ""] = people(world, 1);
  const first = await allPages(changes(world, world.clock.now() - customers.changes!.overlapMs));
  assert.deepEqual(first.records, []);
  const began = world.clock.now();
  await world.clock.advance(120_000);
  const second = await allPages(changes(world, began - customers.changes!.overlapMs));
  assert.deepEqual(
    second.records.map(({ id }) => id),
    [amy],
  );
});

test("events older than Stripe keeps are not there, which is why the look back ends a day before", async () => {
  await using world = await setup();
  people(world, 1);
  await world.clock.advance(31 * 86_400_000);
  assert.deepEqual((await allPages(changes(world, 0))).records, []);
  assert.ok(customers.changes!.lookbackMaxMs! < 30 * 86_400_000);
});

test("an invoice is read with all its lines, also from lists and from changes", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const since = world.clock.now();
  const [customer = ""] = people(world, 1);
  const { id } = person.post("/v1/invoices", { customer });
  const lines = Array.from({ length: 130 }, (_, index) => ({ amount: index + 1, description: `L${index}` }));
  person.post(`/v1/invoices/${String(id)}/add_lines`, { lines });
  await world.clock.advance(10_000);
  const [read] = await invoices.read!.records(world.api, [String(id)]);
  const [listed] = (await invoices.everything!.page(world.api, {})).records;
  const [changed] = (await invoices.changes!.page(world.api, { since })).records;
  for (const invoice of [read, listed, changed]) {
    assert.deepEqual(
      invoice?.lines.data.map(({ amount }) => amount),
      lines.map(({ amount }) => amount),
    );
    assert.equal(invoice?.lines.has_more, false);
    assert.equal(invoice?.total, 8_515);
    assert.deepEqual(invoice?.payments?.data, []);
  }
});

test("a payment is a change of the invoice that it pays", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const [customer = ""] = people(world, 1);
  const id = String(person.post("/v1/invoices", { customer })["id"]);
  person.post(`/v1/invoices/${id}/add_lines`, { lines: [{ amount: 500 }] });
  await world.clock.advance(60_000);
  const since = world.clock.now();
  person.post(`/v1/invoices/${id}/pay`, { payment_method: "pm_card_visa" });
  await world.clock.advance(10_000);
  const [invoice] = (await invoices.changes!.page(world.api, { since })).records;
  assert.deepEqual([invoice?.status, invoice?.amount_paid], ["paid", 500]);
  const paidBy = invoice?.payments?.data[0]?.payment?.payment_intent;
  assert.ok(typeof paidBy === "string" && paidBy.startsWith("pi_"));
});

test("a canceled subscription is listed, and is a change and not a deletion", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const [customer = ""] = people(world, 1);
  const price = monthly(world);
  const items = [{ price, quantity: 2 }];
  const sub = person.post("/v1/subscriptions", {
    customer,
    items,
    collection_method: "send_invoice",
    days_until_due: 7,
  });
  const id = String(sub["id"]);
  await world.clock.advance(60_000);
  const since = world.clock.now();
  person.delete(`/v1/subscriptions/${id}`);
  await world.clock.advance(10_000);
  const { records, deleted } = await subscriptions.changes!.page(world.api, { since });
  assert.deepEqual([records.map(({ status }) => status), deleted], [["canceled"], []]);
  const all = await subscriptions.everything!.page(world.api, {});
  assert.deepEqual(
    all.records.map((one) => one.id),
    [id],
  );
});

function monthly(world: Setup): string {
  const product = world.simulator.person.post("/v1/products", { name: "Tea" })["id"];
  const recurring = { interval: "month" };
  return String(
    world.simulator.person.post("/v1/prices", { product, currency: "usd", unit_amount: 900, recurring })["id"],
  );
}

test("one key that cannot be read fails the call, and every other call has ended by then", async () => {
  await using world = await setup();
  const keys = people(world, 3);
  world.simulator.sabotage({ how: "unavailable", path: `/v1/customers/${keys[1]}` });
  const outcome = await failure(customers.read!.records(world.api, keys));
  assert.equal(outcome.kind, "unavailable");
  assert.equal(world.api.entries.length, 3);
});

test("a connected account is reached by its header alone, and its records are its own", async () => {
  await using world = await setup();
  people(world, 2);
  const theirs = String(world.simulator.personOf("acct_1Connected").post("/v1/customers", { name: "Theirs" })["id"]);
  const api = world.as({ stripeAccount: "acct_1Connected" });
  const { records } = await customers.everything!.page(api, {});
  assert.deepEqual(
    records.map(({ id }) => id),
    [theirs],
  );
  assert.deepEqual(await customers.read!.records(world.api, [theirs]), []);
});

test("a product that comes back under its own id is there again", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  person.post("/v1/products", { id: "tea-1", name: "Tea" });
  person.delete("/v1/products/tea-1");
  assert.deepEqual(await products.read!.records(world.api, ["tea-1"]), []);
  person.post("/v1/products", { id: "tea-1", name: "Tea again" });
  const [product] = await products.read!.records(world.api, ["tea-1"]);
  assert.equal(product?.name, "Tea again");
});

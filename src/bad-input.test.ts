// Bad input from every side, through the whole engine: each has a clear error, costs only its own record, and loses nothing.
// What one part alone decides about it is tested beside that part: src/server, src/call, src/store/sqlite, src/auth.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { isWell } from "./cli/status.ts";
import { defineConnector, defineResource } from "./define/define-connector.ts";
import { CallFailed } from "./define/outcome.ts";
import { serve } from "./rehearse/serve.ts";
import { ask } from "./server/testing/http.ts";
import { signedHeaders } from "./server/testing/signed-webhook.ts";
import { booksConnector } from "./testing/small-books.ts";
import { order, shopConnector, type Order } from "./testing/small-shop.ts";
import {
  billsSync,
  books,
  clients,
  shop,
  smallProject,
  smallWorld,
  unlinked,
  WEBHOOK_SECRET,
} from "./testing/small-world.ts";
import { answers, waits, type Trouble } from "./testing/troubles.ts";
import { realWorld } from "./world/real.ts";

/** Bills that name no client. */
const EVENTS = JSON.stringify({ events: [{ resource: "orders", key: "1" }] });

test("deliveries that nobody signed, that are too large, too deep or ambiguous leave nothing behind", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const now = small.clock.now();
  const good = signedHeaders(WEBHOOK_SECRET, now, EVENTS);
  const signed = (body: string): readonly [Record<string, string>, string] => [
    signedHeaders(WEBHOOK_SECRET, now, body),
    body,
  ];
  const cases: readonly [what: string, status: number, headers: Record<string, string>, body: string, path?: string][] =
    [
      ["a wrong secret", 401, signedHeaders("another secret", now, EVENTS), EVENTS],
      ["no signature", 401, { "content-type": "application/json" }, EVENTS],
      ["half a signature", 401, { ...good, "x-shop-signature": (good["x-shop-signature"] ?? "").slice(0, 20) }, EVENTS],
      ["another body", 401, good, EVENTS.replace("1", "2")],
      ["an old delivery", 401, signedHeaders(WEBHOOK_SECRET, now - 3_600_000, EVENTS), EVENTS],
      ["a connection that does not exist", 401, good, EVENTS, "/hooks/nobody"],
      ["a connection that takes no webhooks", 401, good, EVENTS, "/hooks/books"],
      ["a body that is too large", 413, ...signed(`"${"x".repeat(2_000_000)}"`)],
      ["JSON that is too deep", 400, ...signed("[".repeat(5_000) + "]".repeat(5_000))],
      ["a key that comes twice", 400, ...signed('{"events":[],"events":[]}')],
      ["half of the JSON", 400, ...signed(EVENTS.slice(0, -3))],
    ];
  for (const [what, status, headers, body, path = "/hooks/shop"] of cases) {
    const reply = await ask(engine.url + path, { method: "POST", headers, body });
    assert.equal(reply.status, status, what);
  }
  const { tallies, arrivalsWaiting } = await engine.control.status();
  assert.equal(tallies["webhook.new"], undefined);
  assert.equal(arrivalsWaiting, 0);
  assert.equal((await ask(`${engine.url}/hooks/shop`, { method: "POST", headers: good, body: EVENTS })).status, 200);
});

test("a signed delivery that the connector cannot read is kept for a person, and holds up no other", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const body = '{"surprise":true}';
  const headers = signedHeaders(WEBHOOK_SECRET, small.clock.now(), body, "odd");
  assert.equal((await ask(`${engine.url}/hooks/shop`, { method: "POST", headers, body })).status, 200);
  small.shop.putOrder("1");
  await small.deliver(engine, "e1", [{ resource: "orders", key: "1" }]);
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1"]);
  assert.equal((await engine.control.status()).arrivalsUnreadable, 1);
});

/** The small project; its shop's connector cannot tell the key of orders with such notes. */
function shopWithout(isOdd: (note: string) => boolean) {
  const { orders } = shopConnector.resources;
  const key = ({ id, note }: Order): string => {
    if (isOdd(note)) throw new Error("an order without a number");
    return id;
  };
  const resources = { ...shopConnector.resources, orders: defineResource<Order>({ ...orders, key }) };
  const odd = defineConnector({ ...shopConnector, resources }).connect("shop", shop.settings);
  return smallProject({ connections: [odd, books], syncs: [billsSync({ from: odd.orders, map: unlinked })] });
}

test("a listed record whose key nobody can tell is told with its place, and the others and the cursor go on", async (t) => {
  const small = await smallWorld(t);
  const project = shopWithout((note) => note.startsWith("odd"));
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  small.shop.putOrder("2", { note: `odd ${"x".repeat(500)}` });
  const engine = await small.running({ project });
  assert.deepEqual(small.books.notes(), ["order 1", "order 3"]);

  const status = await engine.control.status();
  assert.equal(status.recordsUnreadable, 1);
  const { everything } = status.resources.find(({ resource }) => resource === "shop/orders") ?? {};
  const [unreadable, ...others] = everything?.unreadable ?? [];
  assert.deepEqual(others, []);
  assert.equal(unreadable?.reason, "an order without a number");
  assert.match(unreadable?.place ?? "", /^record 2 of the listing of everything$/);
  assert.match(unreadable?.excerpt ?? "", /^\{"id":"2","note":"odd x/);
  assert.ok((unreadable?.excerpt.length ?? 0) <= 201);
  assert.equal(isWell(status), false);
  const told = small.logged.filter((line) => line.includes("an order without a number"));
  assert.equal(told.length, 1, "the same one is told once, however often it is listed");

  small.shop.putOrder("4");
  await small.clock.advance(60_000);
  await small.settle(engine);
  assert.ok(small.books.notes().includes("order 4"));
  assert.equal((await engine.control.status()).recordsUnreadable, 1);

  small.shop.putOrder("2", { note: "mended" });
  await engine.control.sync("bills", { full: true });
  await small.settle(engine);
  assert.equal(small.books.bills.size, 4);
  assert.equal((await engine.control.status()).recordsUnreadable, 0);
});

test("a known record that cannot be told apart any more is not taken for deleted", async (t) => {
  const small = await smallWorld(t);
  let isOdd = false;
  const project = shopWithout((note) => isOdd && note === "order 2");
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  const engine = await small.running({ project });
  isOdd = true;
  await engine.control.sync("bills", { full: true });
  await small.settle(engine);
  assert.equal(small.books.notes().length, 3);
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ key, cause }) => [key, cause]),
    [["2", "invalid"]],
  );
  assert.match(parked[0]?.reason ?? "", /could not read a record of shop\/orders: an order without a number/);
});

test("a mapping that throws parks that record with field, value and rule; mended, a retry writes it", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  small.shop.putOrder("2", { note: "bad" });
  const throwing = billsSync({
    map: ({ field }) => ({
      note: field(
        ({ note }) => note,
        (note) => {
          if (note === "bad") throw new Error("this note is too bad");
          return note;
        },
      ),
      client: field(({ customer }) => customer).orOmit(),
    }),
  });
  const engine = await small.running({ project: smallProject({ syncs: [clients, throwing] }) });
  assert.deepEqual(small.books.notes(), ["order 1", "order 3"]);
  const [parked] = await engine.control.parked({});
  assert.equal(parked?.key, "2");
  assert.equal(parked?.cause, "mapping");
  assert.match(parked?.reason ?? "", /^note: .*this note is too bad/);
  const { problems } = (parked?.detail ?? {}) as { problems: readonly Record<string, unknown>[] };
  const [problem] = problems;
  assert.equal(problem?.["field"], "note");
  assert.match(JSON.stringify(problem), /bad/);
  assert.equal(typeof problem?.["rule"], "string");
  await small.stop(engine);

  const mended = await small.running();
  assert.equal((await mended.control.parked({})).length, 1, "a new start alone retries nothing");
  await mended.control.retryParked({ cause: "mapping" });
  await small.settle(mended);
  assert.deepEqual(small.books.notes(), ["order 1", "order 3", "bad"]);
});

test("an `only` that throws parks its record, and the others go on", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2"]) small.shop.putOrder(id);
  const only = ({ id }: Order): boolean => {
    if (id === "1") throw new Error("who is that?");
    return true;
  };
  const engine = await small.running({ project: smallProject({ syncs: [clients, billsSync({ only })] }) });
  assert.deepEqual(small.books.notes(), ["order 2"]);
  const [parked] = await engine.control.parked({});
  assert.match(parked?.reason ?? "", /^`only` of sync bills threw: who is that\?/);
});

test("a schema that throws is a fault of its own record: others of the batch are written, and the engine can stop", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  const schema = order.refine(({ id }) => {
    if (id === "2") throw new Error("a fault in a connector");
    return true;
  });
  const resources = {
    ...shopConnector.resources,
    orders: defineResource<Order>({ ...shopConnector.resources.orders, schema }),
  };
  const odd = defineConnector({ ...shopConnector, resources }).connect("shop", shop.settings);
  const syncs = [billsSync({ from: odd.orders, map: unlinked })];
  const engine = await small.running({ project: smallProject({ connections: [odd, books], syncs }) });
  assert.deepEqual(small.books.notes(), ["order 1", "order 3"]);
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ key, cause, reason }) => ({ key, cause, reason })),
    [
      {
        key: "2",
        cause: "bug",
        reason: "TypeError: could not check a record: one of its schema's rules threw, or is asynchronous",
      },
    ],
  );
  await small.stop(engine);
});

for (const [when, after] of [
  ["over the answer to its write parks it with that write", true],
  ["before it sends anything parks its record, with nothing unknown", false],
] as const) {
  test(`a connector that throws ${when}: mended, a retry makes one bill`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    let isBroken = true;
    const { bills } = booksConnector.resources;
    const write = bills.write as NonNullable<typeof bills.write>;
    const create: typeof write.create = async (api, order) => {
      if (isBroken && !after) throw new TypeError("a fault in a connector");
      const written = await write.create(api, order);
      if (isBroken) throw new TypeError("a fault in a connector");
      return written;
    };
    const safety = after ? write.safety : ({ kind: "none" } as const);
    const odd = defineResource({ ...bills, write: { ...write, create, safety } });
    const resources = { ...booksConnector.resources, bills: odd };
    const oddBooks = defineConnector({ ...booksConnector, resources }).connect("books", books.settings);
    const syncs = [billsSync({ to: oddBooks.bills, map: unlinked })];
    const engine = await small.running({ project: smallProject({ connections: [shop, oddBooks], syncs }) });
    const [parked] = await engine.control.parked({});
    assert.deepEqual([parked?.cause, parked?.reason], ["bug", "TypeError: a fault in a connector"]);
    isBroken = false;
    await engine.control.retryParked({});
    await small.settle(engine);
    assert.equal(small.books.bills.size, 1);
    assert.deepEqual(await engine.control.parked({}), []);
  });
}

for (const retryAfterMs of [Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a connector that throws a wait of ${retryAfterMs} ms stops neither its record nor others`, async (t) => {
    const small = await smallWorld(t);
    for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
    let refusals = 0;
    const { bills } = booksConnector.resources;
    const write = bills.write as NonNullable<typeof bills.write>;
    const create: typeof write.create = async (api, order) => {
      refusals += 1;
      if (refusals > 1) return write.create(api, order);
      throw new CallFailed({ kind: "throttled", retryAfterMs }, "a misread answer");
    };
    const odd = defineResource({ ...bills, write: { ...write, create } });
    const resources = { ...booksConnector.resources, bills: odd };
    const oddBooks = defineConnector({ ...booksConnector, resources }).connect("books", books.settings);
    const syncs = [billsSync({ to: oddBooks.bills, map: unlinked })];
    const engine = await small.open({ project: smallProject({ connections: [shop, oddBooks], syncs }) });
    await engine.start();
    await small.clock.advance(30_000);
    assert.equal(small.books.bills.size, 3);
    await small.stop(engine);
  });
}

const html = { "content-type": "text/html" };
const spoiled =
  (body: (whole: string) => string, headers: Readonly<Record<string, string>>): Trouble =>
  async (_request, answer) =>
    new Response(body(await (await answer()).text()), { headers });
const troubles: readonly [what: string, trouble: Trouble][] = [
  ["a web page with status 200, after it did the work", spoiled(() => "<html>", html)],
  [
    "half of its JSON, after it did the work",
    spoiled((text) => text.slice(0, -4), { "content-type": "application/json" }),
  ],
  ["a web page with status 502", answers(502, "<html>", html)],
  ["429 with seconds", answers(429, "{}", { "retry-after": "2" })],
  ["429 with a date long past", answers(429, "{}", { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" })],
  ["429 with nonsense", answers(429, "{}", { "retry-after": "soon" })],
  ["429 without a word", answers(429)],
  ["503 with a fraction", answers(503, "{}", { "retry-after": "0.5" })],
  ["302 to another host", answers(302, "", { location: "https://elsewhere.example/" })],
];
for (const [what, trouble] of troubles) {
  test(`books that answer ${what} get the bill once, and in the end`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    small.books.troubles.push(trouble);
    const engine = await small.running();
    assert.equal(small.books.bills.size, 1);
    assert.deepEqual(small.books.notes(), ["order 1"]);
    assert.equal((await engine.control.status()).syncs[1]?.parked, 0);
  });
}

for (const [what, body] of [
  ["a web page", "<html>"],
  ["half of its JSON", '{"records":[{"id":"1"'],
] as const) {
  test(`a shop that answers a listing with ${what} is asked for the same page again`, async (t) => {
    const small = await smallWorld(t);
    for (let id = 1; id <= 6; id += 1) small.shop.putOrder(String(id));
    small.shop.troubles.push(async (_request, answer) => answer(), answers(200, body), answers(200, body));
    await small.running();
    assert.equal(small.books.bills.size, 6);
  });
}

test("status 200 with an error inside is no success: the record is parked with the provider's words", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  small.books.troubles.push(answers(200, '{"error":"the period is closed"}'));
  const engine = await small.running();
  const [parked] = await engine.control.parked({});
  assert.equal(parked?.cause, "invalid");
  assert.match(parked?.reason ?? "", /the period is closed/);
  assert.equal((await engine.control.status()).syncs[1]?.links, 0);
});

for (const status of [301, 302, 307, 308]) {
  test(`a redirect (${status}) to another host takes no byte of a credential there`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    let connections = 0;
    const elsewhere = createServer((_request, response) => response.end("{}"));
    elsewhere.on("connection", () => (connections += 1));
    await new Promise<void>((listening) => elsewhere.listen(0, "127.0.0.1", listening));
    t.after(() => elsewhere.close());
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/bills`;
    const redirecting = await serve(async () => new Response(null, { status, headers: { location } }));
    t.after(() => redirecting.close());
    const real = realWorld();
    t.after(() => real.close());
    const moved = booksConnector.connect("books", { ...books.settings, url: redirecting.url });
    const syncs = [billsSync({ to: moved.bills, map: unlinked })];
    const asked = Promise.withResolvers<void>();
    const engine = await small.open({
      project: smallProject({ connections: [shop, moved], syncs }),
      world: {
        ...small.world,
        network: {
          send: (request) =>
            request.url.startsWith(redirecting.url)
              ? real.network.send(request).finally(asked.resolve)
              : small.world.network.send(request),
        },
      },
    });
    await engine.start();
    await small.clock.advance(100);
    await asked.promise;
    await small.clock.advance(100);
    assert.equal(connections, 0);
    const [request] = await engine.control.requests({ connection: "books" });
    assert.match(request?.reason ?? "", /redirect refused: \d+ to 127\.0\.0\.1/);
  });
}

test("another program that writes into the file of state for a while costs nothing but time", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const slow = waits();
  small.books.troubles.push(slow.trouble);
  const engine = await small.open();
  await engine.start();
  await small.until(slow.asked);
  const other = new DatabaseSync(small.path);
  other.exec("BEGIN IMMEDIATE");
  slow.letGo();
  await small.clock.advance(1_500);
  other.exec("ROLLBACK");
  other.close();
  await small.settle(engine);
  const { syncs } = await engine.control.status();
  assert.deepEqual(
    syncs.map(({ parked, links, sending }) => ({ parked, links, sending })),
    [
      { parked: 0, links: 0, sending: 0 },
      { parked: 0, links: 1, sending: 0 },
    ],
  );
  assert.equal(small.books.writes.length, 1);
});

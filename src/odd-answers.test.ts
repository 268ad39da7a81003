// Connectors that answer what their types forbid, since a provider answered what nobody expected: it is told, nothing is lost, nothing
// is made twice, and each such answer costs only its own record.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineConnector, defineResource } from "./define/define-connector.ts";
import type { Page, Read, Resource, Write } from "./define/resource.ts";
import type { Engine } from "./engine.ts";
import { EMPTY_PAGES_MAX } from "./observe/rounds.ts";
import { booksConnector, type BillFields } from "./testing/small-books.ts";
import { shopConnector, type Order } from "./testing/small-shop.ts";
import { billsSync, books, shop, smallProject, smallWorld, unlinked, type SmallWorld } from "./testing/small-world.ts";
import { cutAfterwards, type Trouble } from "./testing/troubles.ts";

const { orders } = shopConnector.resources;
const { bills } = booksConnector.resources;
const ordersRead = orders.read as Read<Order>;
const billsWrite = bills.write as Write<{ id: string }, BillFields, "void">;

/** The connection is cut before it does what was asked. */
const cutBefore: Trouble = () => Promise.reject(new Error("cut"));

/** What a connector makes of an answer that it takes for another one: no type says so. */
const odd = (answer: unknown): never => answer as never;

interface Odd {
  readonly orders?: Partial<Resource<Order>>;
  /** Default true. */
  readonly isListed?: boolean;
  readonly write?: Partial<Write<{ id: string }, BillFields, "void">>;
}

/** Orders become bills, through connectors of which this is odd. */
function oddProject({ orders: changed = {}, write = {}, isListed = true }: Odd) {
  const { changes: _changes, everything: _everything, ...unlisted } = orders;
  const oddOrders = defineResource<Order>({ ...(isListed ? orders : unlisted), ...changed });
  const oddBills = defineResource({ ...bills, write: { ...billsWrite, ...write } });
  const from = defineConnector({ ...shopConnector, resources: { ...shopConnector.resources, orders: oddOrders } });
  const to = defineConnector({ ...booksConnector, resources: { ...booksConnector.resources, bills: oddBills } });
  const [oddShop, oddBooks] = [from.connect("shop", shop.settings), to.connect("books", books.settings)];
  const syncs = [billsSync({ from: oddShop.orders, to: oddBooks.bills, map: unlinked })];
  return smallProject({ connections: [oddShop, oddBooks], syncs });
}

for (const [what, answer] of [
  ["nothing", undefined],
  ["null", null],
  ["an object", { error: "busy" }],
] as const) {
  test(`a read that answers ${what} instead of records is no deletion of all that was asked for`, async (t) => {
    const small = await smallWorld(t);
    let isOdd = false;
    const records: Read<Order>["records"] = async (api, keys) => (isOdd ? odd(answer) : ordersRead.records(api, keys));
    for (const id of ["1", "2"]) small.shop.putOrder(id);
    const engine = await small.running({
      listen: true,
      project: oddProject({ orders: { read: { keysMax: 10, records } } }),
    });
    isOdd = true;
    await small.deliver(
      engine,
      "e1",
      ["1", "2"].map((key) => ({ resource: "orders", key })),
    );
    await small.settle(engine);
    assert.deepEqual(small.books.notes(), ["order 1", "order 2"]);
    const parked = await engine.control.parked({});
    assert.deepEqual(
      parked.map(({ cause }) => cause),
      ["invalid", "invalid"],
    );
    assert.match(
      parked[0]?.reason ?? "",
      /could not read a record of shop\/orders: could not read orders: expected a list of records, got/,
    );
    isOdd = false;
    await engine.control.retryParked({});
    await small.settle(engine);
    assert.deepEqual(await engine.control.parked({}), []);
  });
}

/** Reads orders; while it `passesOver` keys, what else there is comes along with what was asked for. */
function readPassingOver(shopServed: { readonly orders: ReadonlyMap<string, Order> }, passesOver: PassesOver) {
  const records: Read<Order>["records"] = async (api, keys) => {
    const answered = await ordersRead.records(api, keys);
    return passesOver(keys) ? [...new Set([...answered, ...shopServed.orders.values()])] : answered;
  };
  return { keysMax: 10, records };
}
type PassesOver = (keys: readonly string[]) => boolean;

async function toldOf(small: SmallWorld, engine: Engine, ...keys: readonly string[]): Promise<void> {
  const events = keys.map((key) => ({ resource: "orders", key }));
  await small.deliver(engine, `told of ${keys.join()}`, events);
  await small.settle(engine);
}

test("an answer with records that nobody asked for deletes nothing, and a person is asked", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3", "4"]) small.shop.putOrder(id);
  let isOdd = false;
  const read = readPassingOver(small.shop, () => isOdd);
  const engine = await small.running({ listen: true, project: oddProject({ orders: { read } }) });
  small.shop.orders.delete("1");
  small.shop.orders.delete("2");
  isOdd = true;
  await toldOf(small, engine, "1", "2", "3");
  assert.deepEqual(
    [...small.books.bills.values()].filter(({ isVoid }) => isVoid),
    [],
  );
  const parked = await engine.control.parked({});
  assert.deepEqual(parked.map(({ key, cause }) => `${key} ${cause}`).toSorted(), ["1 invalid", "2 invalid"]);
  assert.match(
    parked.find(({ key }) => key === "1")?.reason ?? "",
    /could not tell whether shop\/orders 1 is there: expected that record or none, got 3, 4, which .* was not asked for/,
  );
  isOdd = false;
  await engine.control.retryParked({});
  await small.settle(engine);
  assert.deepEqual([await engine.control.parked({}), small.books.notes().toSorted()], [[], ["order 3", "order 4"]]);
});

test("what is missed among records that nobody asked for is asked for alone, and gone if it is missed without them", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  const read = readPassingOver(small.shop, ({ length }) => length > 1);
  const engine = await small.running({ listen: true, project: oddProject({ orders: { read } }) });
  small.shop.orders.delete("1");
  await toldOf(small, engine, "1", "2");
  assert.deepEqual([await engine.control.parked({}), small.books.notes().toSorted()], [[], ["order 2", "order 3"]]);
});

for (const [what, merged] of [
  ["that says which it took up", { formerKeys: ({ id }: Order) => (id === "2" ? ["1"] : []) }],
  ["that the provider names", { successors: async () => new Map([["1", "2"]]) }],
] as const) {
  test(`a record that is answered as the one it was merged into, ${what}, is gone`, async (t) => {
    const small = await smallWorld(t);
    for (const id of ["1", "2"]) small.shop.putOrder(id);
    const read = {
      ...readPassingOver(small.shop, (keys) => keys.includes("1")),
      ...("successors" in merged ? merged : {}),
    };
    const engine = await small.running({
      listen: true,
      project: oddProject({ orders: { ...("formerKeys" in merged ? merged : {}), read } }),
    });
    small.shop.orders.delete("1");
    await toldOf(small, engine, "1");
    assert.deepEqual([await engine.control.parked({}), small.books.notes()], [[], ["order 2"]]);
  });
}

for (const [what, changed] of [
  ["version", { version: ({ id, version }: Order) => (id === "2" ? assert.fail("odd") : version) }],
  [
    "read of several",
    {
      read: {
        keysMax: 10,
        records: async (api, keys) => {
          const records = await ordersRead.records(api, keys);
          return records.map((record) => (record.id === "2" ? assert.fail("odd") : record));
        },
      } satisfies Read<Order>,
    },
  ],
] as const) {
  test(`a ${what} that throws over one record costs only that one`, async (t) => {
    const small = await smallWorld(t);
    const engine = await small.running({ listen: true, project: oddProject({ orders: changed, isListed: false }) });
    for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
    await small.deliver(
      engine,
      "e1",
      ["1", "2", "3"].map((key) => ({ resource: "orders", key })),
    );
    await small.settle(engine);
    assert.deepEqual(small.books.notes().toSorted(), ["order 1", "order 3"]);
    assert.deepEqual(
      (await engine.control.parked({})).map(({ key }) => key),
      ["2"],
    );
  });
}

for (const [what, answer] of [
  ["nothing", undefined],
  ["null", null],
  ["an object", {}],
  ["a place without a record", [undefined]],
  ["a record without a key", [{}]],
  ["a record with an empty key", [{ key: "" }]],
] as const) {
  test(`a search that answers ${what} does not mean that the lost write made nothing`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    small.books.troubles.push(cutAfterwards);
    let isOdd = true;
    const lookup: typeof billsWrite.lookup = async (api) => {
      const { json } = await api.request({ method: "GET", path: "/bills" });
      return isOdd ? odd(answer) : (json as { id: string }[]).map(({ id }) => ({ key: id }));
    };
    const safety = { kind: "lookup", lagMs: 0 } as const;
    const engine = await small.running({ project: oddProject({ write: { lookup, safety } }) });
    assert.equal(small.books.bills.size, 1);
    const [parked] = await engine.control.parked({});
    assert.equal(parked?.cause, "bug");
    assert.match(parked?.reason ?? "", /could not tell which bills there are: expected/);
    isOdd = false;
    await engine.control.retryParked({});
    await small.settle(engine);
    assert.equal(small.books.bills.size, 1);
    assert.deepEqual(await engine.control.parked({}), []);
  });
}

for (const [what, answer] of [
  ["nothing", undefined],
  ["no key", {}],
  ["an empty key", { key: "" }],
  ["a number", { key: 17 }],
  ["an error that it did not throw", new Error("not taken")],
] as const) {
  for (const action of ["create", "update"] as const) {
    test(`a write to ${action} that answers ${what} is not taken for done, and what it made is found again`, async (t) => {
      const small = await smallWorld(t);
      small.shop.putOrder("1");
      let isOdd = action === "create";
      const write: Partial<typeof billsWrite> = {
        create: async (api, order) => {
          const written = await billsWrite.create(api, order);
          return isOdd ? odd(answer) : written;
        },
        update: async (api, order) => (isOdd ? odd(answer) : await billsWrite.update!(api, order)),
      };
      const engine = await small.running({ listen: true, project: oddProject({ write }) });
      if (action === "update") {
        isOdd = true;
        small.shop.putOrder("1", { note: "edited" });
        await small.deliver(engine, "e1", [{ resource: "orders", key: "1" }]);
        await small.settle(engine);
      }
      const [parked] = await engine.control.parked({});
      assert.equal(parked?.cause, "bug");
      assert.match(parked?.reason ?? "", /told no key of what it wrote to books\/bills: expected `key`/);
      isOdd = false;
      await engine.control.retryParked({});
      await small.settle(engine);
      assert.deepEqual(small.books.notes(), [action === "create" ? "order 1" : "edited"]);
      assert.deepEqual(await engine.control.parked({}), []);
    });
  }
}

for (const [what, page, reason] of [
  [
    "no place to go on, as null",
    { records: [], next: null },
    /expected `next` to be text, or absent after the last page, got null/,
  ],
  ["the place that was asked for", { records: [], next: "2" }, /led back to a place/],
  ["nothing", null, /expected a page with `records`, got null/],
  ["no records", {}, /expected a page with `records`, got object/],
] as const) {
  test(`a page that tells ${what} is told of, and listed again once it is mended`, async (t) => {
    const small = await smallWorld(t);
    for (let id = 1; id <= 6; id += 1) small.shop.putOrder(String(id));
    let pages = 0;
    let isOdd = true;
    const everything = orders.everything as NonNullable<typeof orders.everything>;
    const changed: Partial<Resource<Order>> = {
      everything: {
        async page(api, query) {
          pages += 1;
          assert.ok(pages < 200, "an endless listing");
          const told = await everything.page(api, query);
          if (!isOdd) return told;
          return query.cursor === undefined ? { ...told, next: "2" } : odd(page);
        },
      },
    };
    const engine = await small.open({ project: oddProject({ orders: changed }) });
    await engine.start();
    await small.clock.advance(10_000);
    const [health] = (await engine.control.status()).syncs;
    assert.match(`${health?.heldBecause} ${small.logged.join("\n")}`, reason);
    isOdd = false;
    await small.clock.advance(600_000);
    await small.settle(engine);
    assert.equal(small.books.bills.size, 6);
  });
}

test("a listing that leads on for ever with nothing on its pages is told of, and begins anew", async (t) => {
  const small = await smallWorld(t);
  for (let id = 1; id <= 3; id += 1) small.shop.putOrder(String(id));
  let pages = 0;
  const everything = orders.everything as NonNullable<typeof orders.everything>;
  const changed: Partial<Resource<Order>> = {
    everything: {
      async page(api, { cursor = "0" }): Promise<Page<Order>> {
        pages += 1;
        assert.ok(pages < 3 * EMPTY_PAGES_MAX, "an endless listing");
        const told = await everything.page(api, {});
        const next = String(Number(cursor) + 1);
        if (pages > EMPTY_PAGES_MAX + 10) return told;
        return cursor === "0" ? { ...told, next } : { records: [], next };
      },
    },
  };
  const engine = await small.open({ project: oddProject({ orders: changed }) });
  await engine.start();
  await small.clock.advance(60_000);
  await small.settle(engine);
  assert.match(
    small.logged.join("\n"),
    /could not go on listing shop\/orders, beginning anew: .* pages in a row were empty/,
  );
  assert.equal(small.books.bills.size, 3);
  assert.ok((await engine.control.progress("bills")).done);
});

test("a listing that goes round in a circle is not gone round for ever, and begins anew", async (t) => {
  const small = await smallWorld(t);
  for (let id = 1; id <= 3; id += 1) small.shop.putOrder(String(id));
  let pages = 0;
  let isOdd = true;
  const everything = orders.everything as NonNullable<typeof orders.everything>;
  const changed: Partial<Resource<Order>> = {
    everything: {
      async page(api, { cursor = "0" }): Promise<Page<Order>> {
        pages += 1;
        assert.ok(pages < 200, "an endless listing");
        const told = await everything.page(api, {});
        return isOdd ? { ...told, next: String((Number(cursor) + 1) % 7) } : told;
      },
    },
  };
  const engine = await small.open({ project: oddProject({ orders: changed }) });
  await engine.start();
  await small.clock.advance(10_000);
  assert.match(small.logged.join("\n"), /could not go on listing shop\/orders, beginning anew: .* led back to a place/);
  assert.equal(small.books.bills.size, 3);
  isOdd = false;
  await small.clock.advance(600_000);
  await small.settle(engine);
});

for (const [what, key] of [
  ["empty", ""],
  ["a number", 2],
  ["null", null],
  ["text with half a character", "2\uD83D"],
] as const) {
  test(`a page with a deleted key that is ${what} puts that one aside, and goes on`, async (t) => {
    const small = await smallWorld(t);
    for (let id = 1; id <= 6; id += 1) small.shop.putOrder(String(id));
    const everything = orders.everything as NonNullable<typeof orders.everything>;
    const changed: Partial<Resource<Order>> = {
      everything: { page: async (api, query) => ({ ...(await everything.page(api, query)), deleted: [odd(key)] }) },
    };
    const engine = await small.running({ project: oddProject({ orders: changed }) });
    assert.equal(small.books.bills.size, 6);
    const status = await engine.control.status();
    const [unreadable] = status.resources.flatMap(({ everything: scan }) => scan?.unreadable ?? []);
    assert.match(unreadable?.reason ?? "", /told no key of a deleted record of orders: expected text, got/);
  });
}

for (const [what, changed] of [
  ["version", { version: ({ id, version }: Order) => (id === "2" ? odd([version]) : version) }],
  ["former key", { formerKeys: ({ id }: Order) => (id === "2" ? [odd(undefined)] : []) }],
] as const) {
  for (const how of ["listed", "told of whole", "looked at", "imported"] as const) {
    test(`a ${what} that is no text costs only the record that is ${how} with it`, async (t) => {
      const small = await smallWorld(t);
      const isListed = how === "listed";
      const all = ["1", "2", "3"].map((id) => small.shop.putOrder(id));
      const engine = await small.running({ listen: true, project: oddProject({ orders: changed, isListed }) });
      if (how === "imported") {
        const { taken, faults } = await engine.control.importRecords("shop/orders", all);
        assert.deepEqual([taken, faults.map(({ row }) => row)], [2, [2]]);
      } else if (how !== "listed") {
        for (const { id, version, ...rest } of all) {
          const whole = how === "looked at" ? {} : { version, record: { id, version, ...rest } };
          await small.deliver(engine, `e${id}`, [{ resource: "orders", key: id, ...whole }]);
        }
      }
      await small.settle(engine);
      assert.deepEqual(small.books.notes().toSorted(), ["order 1", "order 3"]);
      const { recordsUnreadable, arrivalsUnreadable } = await engine.control.status();
      const parked = (await engine.control.parked({})).length;
      assert.equal(recordsUnreadable + arrivalsUnreadable + parked, how === "imported" ? 0 : 1);
    });
  }
}

for (const [what, titleOfSecond] of [
  ["is no text", () => odd({ en: "Two" })],
  ["throws", () => assert.fail("odd")],
] as const) {
  for (const how of ["listed", "told of whole", "looked at", "imported"] as const) {
    test(`a title that ${what} is no title, and the record that is ${how} with it is synced like any other`, async (t) => {
      const small = await smallWorld(t);
      const title = ({ id }: Order): string => (id === "2" ? titleOfSecond() : `Order ${id}`);
      const all = ["1", "2", "3"].map((id) => small.shop.putOrder(id));
      const project = oddProject({ orders: { title }, isListed: how === "listed" });
      const engine = await small.running({ listen: true, project });
      if (how === "imported") {
        const { taken, faults } = await engine.control.importRecords("shop/orders", all);
        assert.deepEqual([taken, faults], [3, []]);
      } else if (how !== "listed") {
        for (const { id, version, ...rest } of all) {
          const whole = how === "looked at" ? {} : { version, record: { id, version, ...rest } };
          await small.deliver(engine, `e${id}`, [{ resource: "orders", key: id, ...whole }]);
        }
      }
      await small.settle(engine);
      assert.deepEqual(small.books.notes().toSorted(), ["order 1", "order 2", "order 3"]);
      const { recordsUnreadable, arrivalsUnreadable } = await engine.control.status();
      const parked = (await engine.control.parked({})).length;
      assert.deepEqual([recordsUnreadable, arrivalsUnreadable, parked], [0, 0, 0]);
    });
  }
}

test("a record without a key costs an import only its own row", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ project: oddProject({}) });
  const { taken, faults } = await engine.control.importRecords("shop/orders", [
    small.shop.putOrder("1"),
    { ...small.shop.putOrder("2"), id: "" },
    small.shop.putOrder("3"),
  ]);
  assert.deepEqual([taken, faults.map(({ row }) => row)], [2, [2]]);
  assert.match(faults[0]?.fault ?? "", /told no key of a record of orders: expected text/);
});

test("of a delivery that tells of many, one that cannot be told apart costs only itself, and is kept for a person", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true, project: oddProject({ isListed: false }) });
  const keys = Array.from({ length: 1_000 }, (_, index) => String(index + 1));
  for (const key of keys) small.shop.putOrder(key);
  const told = keys.map((key) => ({ resource: "orders", key: key === "500" ? "" : key }));
  await small.deliver(engine, "e1", told);
  await small.settle(engine);
  assert.equal(small.books.bills.size, 999);
  assert.equal((await engine.control.status()).arrivalsUnreadable, 1);
});

for (const [what, thrown, reason] of [
  ["nothing", undefined, "undefined"],
  ["an answer", { code: 5 }, '{"code":5}'],
  ["what cannot be made text", Object.create(null), "{}"],
] as const) {
  test(`a write over whose answer ${what} is thrown is parked with what it made, and made once`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    let isOdd = true;
    const create: typeof billsWrite.create = async (api, order) => {
      const written = await billsWrite.create(api, order);
      if (isOdd) throw thrown;
      return written;
    };
    const engine = await small.running({ project: oddProject({ write: { create } }) });
    const [parked] = await engine.control.parked({});
    assert.deepEqual([parked?.cause, parked?.reason], ["bug", reason]);
    isOdd = false;
    await engine.control.retryParked({});
    await small.settle(engine);
    assert.equal(small.books.bills.size, 1);
  });

  test(`a page over which ${what} is thrown is asked for again`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    let left = 3;
    const everything = orders.everything as NonNullable<typeof orders.everything>;
    const page: typeof everything.page = (api, query) => {
      left -= 1;
      if (left > 0) throw thrown;
      return everything.page(api, query);
    };
    await small.running({ project: oddProject({ orders: { everything: { page } } }) });
    assert.equal(small.books.bills.size, 1);
  });
}

test("what a search finds for a lost write, and another record has already, is not taken for it", async (t) => {
  for (const cut of [cutAfterwards, cutBefore]) {
    const small = await smallWorld(t);
    const lookup: typeof billsWrite.lookup = async (api, { fields }) => {
      const { json } = await api.request({ method: "GET", path: "/bills" });
      return (json as { id: string; note: string }[])
        .filter(({ note }) => note === fields.note)
        .map(({ id }) => ({ key: id }));
    };
    const safety = { kind: "lookup", lagMs: 0 } as const;
    const engine = await small.running({ listen: true, project: oddProject({ write: { lookup, safety } }) });
    for (const id of ["1", "2"]) {
      if (id === "2") small.books.troubles.push(cut);
      small.shop.putOrder(id, { note: "the same" });
      await small.deliver(engine, `e${id}`, [{ resource: "orders", key: id }]);
      await small.settle(engine);
    }
    assert.deepEqual(await engine.control.parked({}), []);
    assert.deepEqual(small.books.notes(), ["the same", "the same"]);
  }
});

test("of two lost writes that look alike, one was made: it is taken for one of them, and the other is made", async (t) => {
  const small = await smallWorld(t);
  const lookup: typeof billsWrite.lookup = async (api) => {
    const { json } = await api.request({ method: "GET", path: "/bills" });
    return (json as { id: string }[]).map(({ id }) => ({ key: id }));
  };
  const safety = { kind: "lookup", lagMs: 0 } as const;
  for (const id of ["1", "2"]) small.shop.putOrder(id, { note: "the same" });
  small.books.troubles.push(cutAfterwards, cutBefore);
  const engine = await small.running({ project: oddProject({ write: { lookup, safety } }) });
  assert.deepEqual(await engine.control.parked({}), []);
  assert.deepEqual(small.books.notes(), ["the same", "the same"]);
});

test("a write that lands on what another record is linked to is a person's question, with the name of the other", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  let areOne = true;
  const create: typeof billsWrite.create = async (api, order) => {
    const [there] = small.books.bills.keys();
    return there === undefined || !areOne
      ? billsWrite.create(api, order)
      : billsWrite.update!(api, { ...order, key: there, changed: [] });
  };
  const engine = await small.running({
    listen: true,
    project: oddProject({ write: { create, safety: { kind: "upsert" } } }),
  });
  small.shop.putOrder("2");
  await toldOf(small, engine, "2");
  const [parked, ...others] = await engine.control.parked({});
  assert.deepEqual([parked?.key, parked?.cause, others], ["2", "exists", []]);
  assert.match(parked?.reason ?? "", /could not link .* 2 to bills-1: expected .* nothing is linked to, but 1 is/);
  assert.deepEqual(parked?.detail, { candidates: "bills-1", linkedTo: "1" });
  areOne = false;
  await engine.control.retryParked({});
  await small.settle(engine);
  assert.deepEqual([await engine.control.parked({}), small.books.notes()], [[], ["order 2", "order 2"]]);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import type { Misfit } from "../define/misfit.ts";
import type { Sync } from "../define/sync.ts";
import { decimal } from "../mapping/decimal.ts";
import { defineMapping } from "../mapping/define-mapping.ts";
import type { Claim, KnownRecord, Link } from "../store/store.ts";
import { changedFields, decide } from "./decide.ts";

const order = z.object({ id: z.string(), total: z.string(), paid: z.boolean() });
type Order = z.infer<typeof order>;

function setup(changes: Partial<Record<keyof Sync, unknown>> = {}): Sync {
  return {
    name: "orders-to-invoices",
    from: { id: "shop/orders", resource: { schema: order } },
    to: {
      id: "books/invoices",
      resource: { write: { fields: z.object({ Total: z.string() }), update: async () => ({}) } },
    },
    mapping: { links: () => [], apply: ({ total }: Order) => ({ kind: "mapped", fields: { Total: total } }) },
    only: ({ paid }: Order) => paid,
    onDelete: "void",
    onOutOfScope: "keep",
    ...changes,
  } as unknown as Sync;
}

const body: Order = { id: "1", total: "10.00", paid: true };
const record: KnownRecord = { hash: "h2", version: "v2", deleted: false, stale: 0 };
const link: Link = { targetKey: "I1", base: '{"Total":"10.00"}', recordHash: "h1", recordVersion: "v1" };
const row: Claim = {
  sync: "orders-to-invoices",
  key: "1",
  seq: 1,
  state: "ready",
  priority: "live",
  notedAt: 0,
  attempts: 0,
  waits: 0,
};
const linked = (): undefined => undefined;

describe("decide", () => {
  const cases: readonly [string, Parameters<typeof decide>[0], ReturnType<typeof decide>][] = [
    [
      "looks when nothing is known of the record",
      { sync: setup(), claim: row, body: undefined, linked },
      { do: "look" },
    ],
    [
      "looks when the record may have changed since it was read",
      { sync: setup(), claim: { ...row, record: { ...record, stale: 1 } }, body, linked },
      { do: "look" },
    ],
    [
      "creates what has no counterpart",
      { sync: setup(), claim: { ...row, record }, body, linked },
      { do: "create", fields: { Total: "10.00" } },
    ],
    [
      "writes nothing when the fields equal the base, and remembers the record that they came from",
      { sync: setup(), claim: { ...row, record, link }, body, linked },
      { do: "nothing", why: "agreed", link: { ...link, recordHash: "h2", recordVersion: "v2" } },
    ],
    [
      "updates the fields that differ from the base",
      { sync: setup(), claim: { ...row, record, link }, body: { ...body, total: "12.00" }, linked },
      { do: "update", targetKey: "I1", fields: { Total: "12.00" }, changed: ["Total"] },
    ],
    [
      "takes a counterpart out of use when the record was deleted",
      { sync: setup(), claim: { ...row, record: { ...record, deleted: true }, link }, body: undefined, linked },
      { do: "remove", targetKey: "I1", way: "void" },
    ],
    [
      "leaves alone what was deleted before it was ever written",
      { sync: setup(), claim: { ...row, record: { ...record, deleted: true } }, body: undefined, linked },
      { do: "nothing", why: "gone" },
    ],
    [
      "leaves alone what is not in scope",
      { sync: setup(), claim: { ...row, record }, body: { ...body, paid: false }, linked },
      { do: "nothing", why: "out-of-scope" },
    ],
    [
      "takes out of use what left the scope, when the sync says so",
      {
        sync: setup({ onOutOfScope: "void" }),
        claim: { ...row, record, link },
        body: { ...body, paid: false },
        linked,
      },
      { do: "remove", targetKey: "I1", way: "void" },
    ],
    [
      "lets a person's correction win over the mapping",
      { sync: setup(), claim: { ...row, record, link, corrections: { Total: "11.00" } }, body, linked },
      { do: "update", targetKey: "I1", fields: { Total: "11.00" }, changed: ["Total"] },
    ],
  ];
  for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(decide(given), expected));

  const parks: readonly [string, Parameters<typeof decide>[0], string, RegExp][] = [
    [
      "a record that is not in the promised shape, with the place",
      { sync: setup(), claim: { ...row, record }, body: { id: "1", total: 5, paid: true }, linked },
      "schema",
      /shop\/orders promises: total: /,
    ],
    [
      "a rule about the scope that throws",
      {
        sync: setup({
          only: () => {
            throw new Error("no customer");
          },
        }),
        claim: { ...row, record },
        body,
        linked,
      },
      "mapping",
      /`only` of sync orders-to-invoices threw: no customer/,
    ],
    [
      "a correction that the target would not take",
      { sync: setup(), claim: { ...row, record, corrections: { Total: 3 } }, body, linked },
      "invalid",
      /books\/invoices would not take the mapped fields: Total: /,
    ],
    [
      "a deletion, when the sync asks for a person",
      {
        sync: setup({ onDelete: "park" }),
        claim: { ...row, record: { ...record, deleted: true }, link },
        body,
        linked,
      },
      "deleted",
      /its counterpart I1/,
    ],
  ];
  for (const [name, given, cause, reason] of parks) {
    test(`parks ${name}`, () => {
      const decision = decide(given);
      assert.ok(decision.do === "park");
      assert.equal(decision.cause, cause);
      assert.match(decision.reason, reason);
    });
  }
});

test("where nothing can be changed afterwards, what a person linked is agreed on, and only a later change is parked", () => {
  const sync = setup({
    to: { id: "books/payments", resource: { write: { fields: z.object({ Total: z.string() }) } } },
  });
  const byHand: Link = { targetKey: "P1", base: "{}", recordHash: "" };
  const agreed = { targetKey: "P1", base: '{"Total":"10.00"}', recordHash: "h2", recordVersion: "v2" };
  const decided = decide({ sync, claim: { ...row, record, link: byHand }, body, linked });
  assert.deepEqual(decided, { do: "nothing", why: "agreed", link: agreed });
  const changed = { ...body, total: "11.00" };
  const later = decide({
    sync,
    claim: { ...row, record: { ...record, hash: "h3" }, link: agreed },
    body: changed,
    linked,
  });
  assert.equal(
    later.do === "park" && later.reason,
    "Total changed in shop/orders, but books/payments lets nothing be changed afterwards",
  );
});

test("a correction that the target's schema leaves out is parked, since it would do nothing", () => {
  const decided = decide({ sync: setup(), claim: { ...row, record, corrections: { Totals: "11.00" } }, body, linked });
  assert.equal(
    decided.do === "park" && decided.reason,
    "could not correct Totals: books/invoices takes no field of this name",
  );
});

test("a person's correction mends a record that its rule parks", () => {
  const mapping = defineMapping<Order, { Total: string; Note?: string }, "Total" | "Note">(({ field }) => ({
    Total: field((order) => order.total, decimal(2)),
    Note: field((order) => order.id),
  }));
  const target = {
    id: "books/invoices",
    resource: { write: { fields: z.object({ Total: z.string(), Note: z.string() }) } },
  };
  const sync = setup({ mapping, to: target });
  const unreadable = { ...body, total: "ten" };
  assert.equal(decide({ sync, claim: { ...row, record }, body: unreadable, linked }).do, "park");
  const corrected = { ...row, record, corrections: { Total: "10.00" } };
  assert.deepEqual(decide({ sync, claim: corrected, body: unreadable, linked }), {
    do: "create",
    fields: { Total: "10.00", Note: "1" },
  });
});

test("fields compare as JSON keeps them: order of members does not matter, a vanished field does", () => {
  assert.deepEqual(changedFields({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1, z: undefined } }), []);
  assert.deepEqual(changedFields({ a: 1, b: 2 }, { a: 1 }), ["b"]);
  assert.deepEqual(changedFields({ a: [1, 2] }, { a: [2, 1] }), ["a"]);
});

describe("decide, of a record that does not fit its schema", () => {
  const shape = z.object({
    id: z.string(),
    total: z.string(),
    status: z.enum(["open", "paid"]),
    lines: z.array(z.string()),
  });
  type Shape = z.infer<typeof shape>;
  const mapping = defineMapping<Shape, { Total: string }, "Total">(({ field }) => ({
    Total: field((one) => one.total),
  }));
  const sync = setup({ from: { id: "shop/orders", resource: { schema: shape } }, mapping, only: undefined });
  const fitting = { id: "1", total: "10.00", status: "open", lines: ["a"] };

  const cases: readonly [what: string, body: unknown, sync: Sync, does: string][] = [
    ["goes on when no rule reads what changed", { ...fitting, status: "archived" }, sync, "create"],
    ["goes on when a field vanished that nobody reads", { ...fitting, lines: undefined }, sync, "create"],
    ["parks it when a mapped field is affected", { ...fitting, total: 10 }, sync, "park"],
    [
      "parks it when the scope reads what changed",
      { ...fitting, status: "archived" },
      { ...sync, only: (one) => (one as Shape).status === "open" },
      "park",
    ],
    [
      "parks it when nobody can tell what a rule reads",
      { ...fitting, status: "archived" },
      setup({ from: sync.from }),
      "park",
    ],
  ];
  for (const [what, body, of, does] of cases) {
    test(what, () => {
      const told: string[] = [];
      const onMisfit = (misfits: readonly Misfit[]): void => void told.push(...misfits.map(({ place }) => place));
      assert.equal(decide({ sync: of, claim: { ...row, record }, body, linked, onMisfit }).do, does);
      assert.equal(told.length, 1);
    });
  }
});

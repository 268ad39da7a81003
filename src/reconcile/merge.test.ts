import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { email } from "../define/match-as.ts";
import type { ConflictRule, FieldPair, Side } from "../define/two-way.ts";
import type { Fields } from "./decide.ts";
import { isEmpty, merge, sameValue, type Both, type Merged } from "./merge.ts";

const pairOf = (rule: ConflictRule, more: Partial<FieldPair> = {}): FieldPair => ({
  fields: ["Email", "email"],
  rule,
  ...more,
});
const PARK: ConflictRule = { kind: "park" };

interface Case {
  readonly now: Both<unknown>;
  readonly was?: Both<unknown>;
  readonly newer?: Side;
}

/** Merges one field. */
function mergeOne(pair: FieldPair, { now, was, newer }: Case): Merged {
  const shown = ([first, second]: Both<unknown>): Both<Fields> => [{ Email: first }, { email: second }];
  return merge({
    pairs: [pair],
    now: shown(now),
    ...(was === undefined ? {} : { base: shown(was) }),
    ...(newer === undefined ? {} : { newer }),
  });
}

/** What each side is told, and who won. */
function told(pair: FieldPair, one: Case): readonly unknown[] {
  const { writes, conflicts } = mergeOne(pair, one);
  return [writes[0]?.fields["Email"], writes[1]?.fields["email"], conflicts[0]?.winner];
}

test("what nobody edited is left alone, however the sides differ", () => {
  const { writes, conflicts, base } = mergeOne(pairOf(PARK), { now: ["A", "b"], was: ["A", "b"] });
  assert.deepEqual([writes, conflicts, base], [[undefined, undefined], [], [{ Email: "A" }, { email: "b" }]]);
});

test("an edit of one side goes to the other, and until it is written both agree on what was before", () => {
  const { writes, base, conflicts } = mergeOne(pairOf(PARK), { now: ["new", "old"], was: ["old", "old"] });
  assert.deepEqual(writes, [undefined, { fields: { email: "new" }, changed: ["email"] }]);
  assert.deepEqual(base, [{ Email: "old" }, { email: "old" }]);
  assert.deepEqual(conflicts, []);
  assert.deepEqual(told(pairOf(PARK), { now: ["old", "new"], was: ["old", "old"] }), ["new", undefined, undefined]);
});

test("a field that was emptied is emptied on the other side", () => {
  const { writes } = mergeOne(pairOf(PARK), { now: [null, "old"], was: ["old", "old"] });
  assert.deepEqual(writes[1], { fields: {}, changed: ["email"] });
});

test("the same edit on both sides is no conflict, and moves the base", () => {
  const { writes, base, conflicts } = mergeOne(pairOf(PARK), { now: ["new", "new"], was: ["old", "old"] });
  assert.deepEqual([writes, conflicts], [[undefined, undefined], []]);
  assert.deepEqual(base, [{ Email: "new" }, { email: "new" }]);
});

test("values that are the same once they are carried across are the same", () => {
  const lower = pairOf(PARK, { across: [(value) => String(value).toLowerCase(), (value) => value] });
  assert.deepEqual(told(lower, { now: ["Ann@X", "ann@x"], was: ["bob", "bob"] }), [undefined, undefined, undefined]);
});

const differing: Case = { now: ["mine", "yours"], was: ["old", "old"] };
for (const [what, rule, one, expected] of [
  ["a side wins", { kind: "side", side: 1 }, differing, ["yours", undefined, 1]],
  ["a side wins unless it is empty", { kind: "unless-empty", side: 0 }, differing, [undefined, "mine", 0]],
  [
    "an empty value does not win",
    { kind: "unless-empty", side: 0 },
    { now: ["", "yours"], was: ["a", "b"] },
    ["yours", undefined, 1],
  ],
  [
    "the newest wins where that is proven",
    { kind: "newest", otherwise: PARK },
    { ...differing, newer: 1 },
    ["yours", undefined, 1],
  ],
  [
    "without a proof nobody is the newest",
    { kind: "newest", otherwise: PARK },
    differing,
    [undefined, undefined, undefined],
  ],
  ["the greatest of numbers wins", { kind: "greatest" }, { now: [10, 9], was: [1, 1] }, [undefined, 10, 0]],
  [
    "amounts are compared exactly",
    { kind: "greatest" },
    { now: ["9.99999999999999999", "10"], was: ["1", "1"] },
    ["10", undefined, 1],
  ],
  ["yes is greater than no", { kind: "greatest" }, { now: [false, true], was: [null, null] }, [true, undefined, 1]],
  ["the least wins", { kind: "least" }, { now: ["-2.5", "-2.45"], was: ["1", "1"] }, [undefined, "-2.5", 0]],
  [
    "what cannot be compared waits for a person",
    { kind: "greatest" },
    { now: [true, { a: 1 }], was: [1, 1] },
    [undefined, undefined, undefined],
  ],
  ["a person decides", PARK, differing, [undefined, undefined, undefined]],
] as const satisfies readonly (readonly [string, ConflictRule, Case, readonly unknown[]])[]) {
  test(`of two edits that differ: ${what}, and both values are kept`, () => {
    assert.deepEqual(told(pairOf(rule), one), expected);
    const [conflict] = mergeOne(pairOf(rule), one).conflicts;
    assert.deepEqual([conflict?.values, conflict?.base], [one.now, one.was]);
  });
}

test("a union keeps what either side added, and leaves out what either took out", () => {
  const union = pairOf({ kind: "union" });
  const { writes } = mergeOne(union, {
    now: [
      ["a", "c"],
      ["a", "b", "d"],
    ],
    was: [
      ["a", "b"],
      ["a", "b"],
    ],
  });
  assert.deepEqual(writes[0]?.fields["Email"], ["a", "c", "d"]);
  assert.deepEqual(writes[1]?.fields["email"], ["a", "c", "d"]);
});

test("what a side takes out of a union, of which the other was just told, is not told it again", () => {
  const union = pairOf({ kind: "union" });
  const told = mergeOne(union, { now: [["a", "b"], ["b"]], was: [null, null] });
  assert.deepEqual(told.base, [{ Email: ["b"] }, { email: ["b"] }]);
  const { writes } = mergeOne(union, { now: [["a", "b"], null], was: [["b"], ["b"]] });
  assert.deepEqual([writes[0]?.fields["Email"], writes[1]?.fields["email"]], [["a"], ["a"]]);
});

test("a field that goes one way puts the other side's edits back, and keeps them", () => {
  const oneWay = pairOf(PARK, { from: 0 });
  assert.deepEqual(told(oneWay, { now: ["old", "edited"], was: ["old", "old"] }), [undefined, "old", 0]);
  assert.deepEqual(told(oneWay, { now: ["new", "old"], was: ["old", "old"] }), [undefined, "new", undefined]);
});

test("without a base what only one side has is filled in, and what differs is a conflict", () => {
  assert.deepEqual(told(pairOf(PARK), { now: ["mine", null] }), [undefined, "mine", undefined]);
  assert.deepEqual(told(pairOf(PARK), { now: ["same", "same"] }), [undefined, undefined, undefined]);
  assert.deepEqual(told(pairOf({ kind: "side", side: 0 }), { now: ["mine", "yours"] }), [undefined, "mine", 0]);
});

test("two spellings of one address are the same: nothing is written, and neither side wins", () => {
  const address = pairOf(PARK, { as: email });
  const { writes, conflicts, base } = mergeOne(address, { now: ["Ann@X", "ann@x "], was: ["bob@x", "bob@x"] });
  assert.deepEqual([writes, conflicts], [[undefined, undefined], []]);
  assert.deepEqual(base, [{ Email: "Ann@X" }, { email: "ann@x " }]);
});

test("a field that was added to the sync later was never agreed on, and a field that was empty was", () => {
  const later = { pairs: [pairOf(PARK)], now: [{ Email: "mine" }, {}] as Both<Fields> };
  assert.deepEqual(merge({ ...later, base: [{}, {}] }).writes[1]?.fields, { email: "mine" });
  const emptied = { pairs: [pairOf(PARK)], now: [{ Email: "a" }, {}] as Both<Fields> };
  const { writes } = merge({ ...emptied, base: [{ Email: "a" }, { email: "a" }] });
  assert.deepEqual(writes[0], { fields: {}, changed: ["Email"] });
  assert.deepEqual(merge({ ...emptied, base: [{ Email: "a" }, { email: null }] }).writes, [undefined, undefined]);
});

test("a field that goes one way takes nothing away where nobody knows what was agreed on", () => {
  const oneWay = pairOf(PARK, { from: 0 });
  assert.deepEqual(told(oneWay, { now: [null, "theirs"] }), [undefined, undefined, undefined]);
  assert.deepEqual(told(oneWay, { now: ["mine", "theirs"] }), [undefined, "mine", 0]);
});

test("a value that cannot be carried across is named, and stops no other field", () => {
  const bad = pairOf(PARK, {
    across: [
      () => {
        throw new Error("no such status");
      },
      (value) => value,
    ],
  });
  const good: FieldPair = { fields: ["Name", "name"], rule: PARK };
  const { writes, stuck } = merge({
    pairs: [bad, good],
    now: [
      { Email: "x", Name: "new" },
      { email: "old", name: "old" },
    ],
    base: [
      { Email: "old", Name: "old" },
      { email: "old", name: "old" },
    ],
  });
  assert.deepEqual(writes[1], { fields: { email: "old", name: "new" }, changed: ["name"] });
  assert.deepEqual(
    stuck.map(({ side, reason }) => [side, reason]),
    [[0, 'no such status: got "x"']],
  );
});

const rules: fc.Arbitrary<ConflictRule> = fc.constantFrom<ConflictRule>(
  { kind: "side", side: 0 },
  { kind: "side", side: 1 },
  { kind: "unless-empty", side: 1 },
  { kind: "greatest" },
  { kind: "newest", otherwise: { kind: "side", side: 0 } },
);
const value = fc.constantFrom<unknown>(undefined, null, "", "a", "b", "c", "1", "2.50", 3);
const both = fc.tuple(value, value) as fc.Arbitrary<Both<unknown>>;

test("once both sides took what they were told they agree, a second merge writes nothing, and no edit vanished unkept", () => {
  fc.assert(
    fc.property(
      rules,
      both,
      fc.option(both, { nil: undefined }),
      fc.constantFrom<Side | undefined>(undefined, 0, 1),
      (rule, now, was, newer) => {
        const pair = pairOf(rule);
        const one = { now, ...(was === undefined ? {} : { was }), ...(newer === undefined ? {} : { newer }) };
        const { writes, base, conflicts } = mergeOne(pair, one);
        const after: Both<unknown> = [
          writes[0]?.changed.includes("Email") ? writes[0].fields["Email"] : now[0],
          writes[1]?.changed.includes("email") ? writes[1].fields["email"] : now[1],
        ];
        const undecided = conflicts.some(({ winner }) => winner === undefined);
        if (undecided) return;
        const untouched = writes[0] === undefined && writes[1] === undefined;
        const again = mergeOne(pair, { now: after, was: untouched ? [base[0]["Email"], base[1]["email"]] : after });
        assert.deepEqual([again.writes, again.conflicts], [[undefined, undefined], []]);
        for (const side of [0, 1] as const) {
          const edited = was === undefined ? !isEmpty(now[side]) : !sameValue(now[side], was[side]);
          const survives = sameValue(after[side], now[side]) || conflicts.length > 0;
          assert.ok(!edited || survives, "an edit was overwritten and not kept");
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a union that a side spells in its own way comes to rest", () => {
  const union = pairOf({ kind: "union" });
  const { writes } = mergeOne(union, { now: [["T"], ["a", "t"]] });
  assert.deepEqual(writes, [{ fields: { Email: ["T", "a"] }, changed: ["Email"] }, undefined]);
  const again = mergeOne(union, {
    now: [
      ["T", "a"],
      ["a", "t"],
    ],
  });
  assert.deepEqual([again.writes, again.conflicts], [[undefined, undefined], []]);
});

test("what was entered where only the other side tells, before that ever told anything, is kept when it is put back", () => {
  const oneWay = pairOf(PARK, { from: 1 });
  assert.deepEqual(told(oneWay, { now: ["entered", "told"], was: ["entered", null] }), ["told", undefined, 1]);
  assert.deepEqual(told(oneWay, { now: ["was told", "told"], was: ["was told", "was told"] }), [
    "told",
    undefined,
    undefined,
  ]);
});

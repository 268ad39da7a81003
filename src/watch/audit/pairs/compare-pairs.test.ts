// What the listings alone say of a pair, beside what the reconciler would do about it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConflictRule, FieldPair, TwoWaySync } from "../../../define/two-way.ts";
import { CLAIM_TO_JUDGE } from "../../../reconcile/claim-to-judge.ts";
import { decidePair } from "../../../reconcile/decide-pair.ts";
import type { Both } from "../../../reconcile/merge.ts";
import { SCOPE, type ListedPair, type Scope } from "../../../store/audit-pairs.ts";
import { peopleConnector, type Person, type PersonFields } from "../../../testing/small-people.ts";
import { peopleSync } from "../../../testing/two-way-world.ts";
import { NO_PLANTS } from "../../../world/plant.ts";
import { SeededRandom } from "../../../world/virtual.ts";
import { isAgreed } from "./compare-pairs.ts";
import { PairRows } from "./pair-rows.ts";

const connected = (name: string) =>
  peopleConnector(name).connect(name, { token: "1", webhookSecret: "for tests" }).people;
const between = { crm: connected("crm"), marketing: connected("marketing") };
const RULES: readonly ConflictRule[] = [
  { kind: "side", side: 0 },
  { kind: "unless-empty", side: 1 },
  { kind: "greatest" },
  { kind: "park" },
];
const VALUES = [undefined, "", "a", "b"] as const;
const FIELDS = ["email", "name", "phone"] as const;

function listedOf(sync: TwoWaySync, side: 0 | 1, person: Person) {
  const rows = new PairRows(sync, side);
  rows.add(person.id, person);
  const { scopes, digests } = rows.rows();
  return { scope: scopes[0] as Scope, digests };
}

test("what is called agreed without being read is never written, whatever the rules", () => {
  const random = new SeededRandom(7);
  const one = <Each>(from: readonly Each[]): Each => from[Math.floor(random.next() * from.length)] as Each;
  const plain = peopleSync(between);
  let agreed = 0;
  for (let round = 0; round < 4_000; round += 1) {
    const pairs = FIELDS.map((field): FieldPair => ({
      fields: [field, field],
      rule: one(RULES),
      ...(random.next() < 0.2 ? { from: one([0, 1] as const) } : {}),
    }));
    const sync: TwoWaySync = { ...plain, pairs };
    const value = (): string | undefined => (random.next() < 0.8 ? "a" : one(VALUES));
    const fields = (): PersonFields => Object.fromEntries(FIELDS.map((field) => [field, value()]));
    const people = ([0, 1] as const).map((side): Person => ({
      id: `p${side}`,
      version: "1",
      changedAt: 1,
      hidden: random.next() < 0.1,
      former: [],
      fields: fields(),
    })) as unknown as Both<Person>;
    const base = one([people.map((each) => ({ ...NULLS, ...each.fields })), [fields(), fields()], null]);
    const link = { targetKey: "p1", recordHash: "", base: JSON.stringify(base) };
    const listed = [listedOf(sync, 0, people[0]), listedOf(sync, 1, people[1])] as const;
    if (!isAgreed(sync, { key: "p0", otherKey: "p1", base: link.base, listed })) continue;
    agreed += 1;
    const known = { hash: "x", deleted: false, stale: 0 };
    const claim = {
      sync: sync.name,
      key: "p0",
      ...CLAIM_TO_JUDGE,
      record: known,
      other: { key: "p1", record: known },
      link,
    } as const;
    const { step } = decidePair({ sync, claim, bodies: people, now: 0, plants: NO_PLANTS });
    assert.equal(step.do, "nothing", JSON.stringify({ people, base, pairs, step }));
  }
  assert.ok(agreed > 500, `${agreed} of all were called agreed`);
});

const NULLS = { email: null, name: null, phone: null };

test("a side that was not listed agrees only where it is known to be gone", () => {
  const sync = peopleSync(between);
  const there = { scope: SCOPE.in, digests: new Uint8Array(16) };
  const pair = (listed: ListedPair["listed"], state?: string): ListedPair => ({
    key: "a",
    otherKey: "b",
    base: "null",
    listed,
    ...(state === undefined ? {} : { state }),
  });
  assert.equal(isAgreed(sync, pair([undefined, undefined])), true);
  assert.equal(isAgreed(sync, pair([undefined, there])), false);
  assert.equal(isAgreed(sync, pair([undefined, there], '{"gone":0}')), true);
  assert.equal(isAgreed(sync, pair([there, undefined], '{"gone":0}')), false);
  assert.equal(isAgreed(sync, pair([{ ...there, scope: SCOPE.out }, there])), true);
  assert.equal(isAgreed(sync, pair([{ ...there, scope: SCOPE.unclear }, there])), false);
});

// Differences that neither a webhook nor a poll tells of are planted at random in a two-way world in which others go on editing:
// an audit finds each of them and nothing else, and a repair leaves none.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../../engine.ts";
import type { PersonFields, SmallPeople } from "../../../testing/small-people.ts";
import { twoWayWorld, type TwoWayWorld } from "../../../testing/two-way-world.ts";
import { SeededRandom } from "../../../world/virtual.ts";
import type { AuditAsked, AuditFinding } from "../report.ts";

const PEOPLE = 30;
const PLANTS = 10;
const LONG_AGO = 1;

interface World {
  readonly small: TwoWayWorld;
  readonly random: SeededRandom;
  /** Pairs of which nothing is planted yet. */
  readonly pairs: (readonly [crm: string, marketing: string])[];
  count: number;
}

/** Changes a record without a trace that a poll would see. */
function silently(people: SmallPeople, id: string, fields: PersonFields) {
  const before = people.all.get(id);
  const { hidden = false, former = [] } = before ?? {};
  const edited = people.edit(id, { ...fields });
  people.all.set(id, { ...edited, hidden, former, changedAt: LONG_AGO });
}

function pairIn({ pairs, random }: World): readonly [string, string] {
  const [pair] = pairs.splice(Math.floor(random.next() * pairs.length), 1);
  assert.ok(pair);
  return pair;
}

/** Each plants something and says what is to be found. */
const PLANT: readonly ((world: World) => readonly string[])[] = [
  (world) => {
    const [id] = pairIn(world);
    silently(world.small.crm, id, { name: `Silent ${(world.count += 1)}` });
    return [`different ${id}`];
  },
  (world) => {
    const [id, other] = pairIn(world);
    silently(world.small.marketing, other, { phone: `9${(world.count += 1)}` });
    return [`different ${id}`];
  },
  (world) => {
    const [id] = pairIn(world);
    world.small.crm.all.delete(id);
    return [`extra ${id}`];
  },
  (world) => {
    const [id, other] = pairIn(world);
    world.small.marketing.all.delete(other);
    return [`extra ${id}`];
  },
  (world) => {
    const id = `crm-only-${(world.count += 1)}`;
    silently(world.small.crm, id, { email: `${id}@example.com`, name: id });
    return [`missing ${id}`];
  },
  (world) => {
    const id = `marketing-only-${(world.count += 1)}`;
    silently(world.small.marketing, id, { email: `${id}@example.com`, name: id });
    return [`missing marketing ${id}`];
  },
  (world) => {
    const id = `unlinked-${(world.count += 1)}`;
    for (const people of [world.small.crm, world.small.marketing]) {
      silently(people, id, { email: `${id}@example.com`, name: id });
    }
    return [`missing ${id}`];
  },
  (world) => {
    const [, other] = pairIn(world);
    const id = `twin-${(world.count += 1)}`;
    silently(world.small.marketing, id, { ...world.small.marketing.fields(other) });
    return [`duplicate marketing ${id}`];
  },
  (world) => {
    const [[id, one], [otherId, other]] = [pairIn(world), pairIn(world)];
    const { marketing } = world.small;
    const [first, second] = [marketing.fields(one), marketing.fields(other)];
    silently(marketing, one, { ...second });
    silently(marketing, other, { ...first });
    return [`different ${id}`, `different ${otherId}`];
  },
];

const named = ({ kind, key, side }: AuditFinding): string =>
  [kind, side, key].filter((word) => word !== undefined).join(" ");

async function audit({ small, pairs, random }: World, engine: Engine, asked: AuditAsked = {}) {
  const { id } = await engine.control.audit("people", asked);
  for (let step = 0; step < 2_000; step += 1) {
    const [view] = await engine.control.audits({ id });
    if (view !== undefined && view.state !== "running") {
      const found = await engine.control.auditFindings({ id, limit: 1_000 });
      // What is edited at this very moment is under way.
      return found.filter(({ kind }) => kind !== "in-flight");
    }
    const [crm, marketing] = pairs[Math.floor(random.next() * pairs.length)] ?? ["", ""];
    if (random.next() < 0.5) small.crm.edit(crm, { name: `Live ${step}` });
    else small.marketing.edit(marketing, { phone: `8${step}` });
    await small.clock.advance(2_000);
  }
  throw new Error("the audit did not end");
}

for (const seed of [1, 2]) {
  test(`what is planted is found, all of it and nothing else, and mended (seed ${seed})`, async (t) => {
    const small = await twoWayWorld(t, { sync: { everythingEvery: "7d", deletedShareMax: 1 } });
    for (let index = 0; index < PEOPLE; index += 1) {
      small.crm.edit(`p${index}`, { email: `p${index}@example.com`, name: `Person ${index}`, phone: `555${index}` });
    }
    const engine = await small.running();
    await small.pass(10_000);
    const byAddress = new Map([...small.marketing.all.values()].map(({ id, fields }) => [fields.email, id]));
    const pairs = [...small.crm.all.values()].map(({ id, fields }) => [id, byAddress.get(fields.email) ?? ""] as const);
    const world: World = { small, random: new SeededRandom(seed), pairs: [...pairs], count: 0 };
    const planted: string[] = [];
    for (let count = 0; count < PLANTS; count += 1) {
      planted.push(...(PLANT[Math.floor(world.random.next() * PLANT.length)]?.(world) ?? []));
    }
    assert.deepEqual((await audit(world, engine)).map(named).toSorted(), planted.toSorted());
    const repaired = await audit(world, engine, { repair: {} });
    const left = repaired.filter(({ repair, kind }) => repair !== "mended" && kind !== "duplicate");
    assert.deepEqual(left.map(named), []);
    const duplicates = planted.filter((one) => one.startsWith("duplicate"));
    assert.deepEqual((await audit(world, engine)).map(named).toSorted(), duplicates.toSorted(), "a person merges them");
  });
}

// What connectors and providers of a two-way sync may answer wrongly, and what people may ask of pairs in odd states: it stays with
// the record that it is about, is shown, and makes nothing twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trouble } from "./testing/troubles.ts";
import { twoWayWorld, type TwoWayWorld } from "./testing/two-way-world.ts";

const ANNA = { email: "anna@example.com", name: "Anna", phone: "1" };
const BOB = { email: "bob@example.com", name: "Bob", phone: "2" };

type Told = Record<string, unknown>;

/** What is answered to these requests is told otherwise. */
const tells =
  (which: (request: Request) => boolean, otherwise: (told: Told) => unknown): Trouble =>
  async (request, answer) => {
    const answered = await answer();
    return which(request) && answered.ok ? Response.json(otherwise((await answered.json()) as Told)) : answered;
  };

const always = (trouble: Trouble): Trouble[] => Array.from({ length: 500 }, () => trouble);
const isPost = ({ method }: Request): boolean => method === "POST";
const isPut = ({ method }: Request): boolean => method === "PUT";

/** Anna and Bob on both sides, and their keys in marketing. */
async function linked({ crm, marketing, running }: TwoWayWorld) {
  crm.edit("a", ANNA);
  crm.edit("b", BOB);
  const engine = await running();
  const keyOf = (name: string): string =>
    [...marketing.all.values()].find(({ fields }) => fields.name === name)?.id ?? "";
  return { engine, anna: keyOf("Anna"), bob: keyOf("Bob") };
}

test("a record that the connector fails over when it is read holds up nobody who is read with it", async (t) => {
  const world = await twoWayWorld(t, { marketing: { guarded: false } });
  const { crm, marketing, settle } = world;
  const { engine, anna, bob } = await linked(world);
  const withoutFields = (told: Told): Told => ({
    records: (told["records"] as Told[]).map((one) => (one["id"] === anna ? { ...one, fields: null } : one)),
  });
  marketing.troubles.push(...always(tells(({ url }) => url.includes("keys="), withoutFields)));
  const edited = [crm.edit("a", { name: "Anna B" }), crm.edit("b", { name: "Bob B" })];
  await engine.control.importRecords("crm/people", edited);
  await settle(engine);
  assert.equal(marketing.reads.filter((read) => read.includes(`keys=${anna}`))[0], `GET /people?keys=${anna}%2C${bob}`);
  assert.equal(marketing.fields(bob)?.name, "Bob B");
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ key }) => key),
    ["a"],
  );
});

for (const [what, key] of [
  ["no key", undefined],
  ["an empty key", ""],
  ["a number for a key", 7],
] as const) {
  test(`a creation that is answered with ${what} is shown, and makes nobody twice`, async (t) => {
    const world = await twoWayWorld(t);
    const { crm, marketing, running, settle } = world;
    const engine = await running();
    marketing.troubles.push(...always(tells(isPost, (told) => ({ ...told, id: key }))));
    crm.edit("a", ANNA);
    await settle(engine);
    const parked = await engine.control.parked({});
    assert.deepEqual(
      parked.map(({ cause }) => cause),
      ["bug"],
    );
    marketing.troubles.length = 0;
    await engine.control.retryParked({});
    await settle(engine, true);
    assert.deepEqual([marketing.all.size, crm.all.size], [1, 1]);
    assert.deepEqual(await engine.control.parked({}), []);
  });
}

test("a creation that is answered with the key of somebody who is linked leaves that link as it is", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, settle } = world;
  const { engine, anna } = await linked(world);
  marketing.troubles.push(...always(tells(isPost, (told) => ({ ...told, id: anna }))));
  crm.edit("c", { ...ANNA, email: "carl@example.com", name: "Carl" });
  await settle(engine);
  marketing.troubles.length = 0;
  await engine.control.retryParked({});
  await settle(engine, true);
  await settle(engine, true);
  assert.deepEqual([marketing.fields(anna)?.name, marketing.all.size, crm.all.size], ["Anna", 3, 3]);
  crm.edit("a", { name: "Anna B" });
  await settle(engine);
  assert.equal(marketing.fields(anna)?.name, "Anna B");
});

for (const side of ["crm", "marketing"] as const) {
  test(`an update in ${side} that is answered with another's key moves no link`, async (t) => {
    const world = await twoWayWorld(t);
    const { crm, marketing, settle } = world;
    const { engine, anna, bob } = await linked(world);
    const [one, other] = side === "crm" ? [crm, marketing] : [marketing, crm];
    const [own, theirs, stranger] = side === "crm" ? ["a", anna, "b"] : [anna, "a", bob];
    one.troubles.push(...always(tells(isPut, (told) => ({ ...told, id: stranger }))));
    other.edit(theirs, { name: "Anna B" });
    await settle(engine);
    one.troubles.length = 0;
    await engine.control.retryParked({});
    await settle(engine, true);
    await settle(engine, true);
    const names = (people: typeof crm) => [...people.all.values()].map(({ fields }) => fields.name);
    assert.deepEqual(
      [names(crm), names(marketing)],
      [
        ["Anna B", "Bob"],
        ["Anna B", "Bob"],
      ],
    );
    void own;
  });
}

test("an update that is answered with a key that nobody has moves no link", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, settle } = world;
  const { engine, anna } = await linked(world);
  marketing.troubles.push(...always(tells(isPut, (told) => ({ ...told, id: "nobody" }))));
  crm.edit("a", { name: "Anna B" });
  await settle(engine);
  marketing.troubles.length = 0;
  await engine.control.retryParked({});
  await settle(engine, true);
  await settle(engine, true);
  crm.edit("a", { name: "Anna C" });
  await settle(engine, true);
  assert.deepEqual([marketing.fields(anna)?.name, marketing.all.size, crm.all.size], ["Anna C", 2, 2]);
});

for (const count of ["one", "all"] as const) {
  test(`an answer with ${count} whom nobody asked for deletes nobody, and a person is asked`, async (t) => {
    const world = await twoWayWorld(t, { marketing: { guarded: false } });
    const { crm, marketing, settle } = world;
    crm.edit("c", { email: "carl@example.com", name: "Carl" });
    const { engine, anna, bob } = await linked(world);
    const strangers = (): unknown[] =>
      [...marketing.all.values()].filter(({ id }) => id !== anna && (count === "all" || id === bob));
    marketing.troubles.push(
      ...always(
        tells(
          ({ url }) => url.includes(`keys=${anna}`),
          () => ({ records: strangers() }),
        ),
      ),
    );
    await engine.control.importRecords("crm/people", [crm.edit("a", { name: "Anna B" })]);
    await settle(engine);
    const parked = await engine.control.parked({});
    assert.deepEqual([crm.all.size, marketing.all.size], [3, 3]);
    assert.deepEqual(
      parked.map(({ key, cause }) => `${key} ${cause}`),
      ["a invalid"],
    );
    assert.match(parked[0]?.reason ?? "", /could not tell whether marketing\/people .* is there: expected that record/);
    marketing.troubles.length = 0;
    await engine.control.retryParked({});
    await settle(engine, true);
    assert.deepEqual([await engine.control.parked({}), crm.all.size, marketing.all.size], [[], 3, 3]);
    assert.equal(marketing.fields(anna)?.name, "Anna B");
  });
}

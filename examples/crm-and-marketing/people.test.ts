// The population, the life and the check by themselves, without Bowline: a check that cannot fail proves nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { compare } from "./agreement.ts";
import { Life } from "./life.ts";
import { populate, type Sorted } from "./population.ts";
import { createSimulators } from "./providers.ts";
import { idOf, Register } from "./register.ts";
import { agreedOn } from "./rules.ts";
import { forCrm, forMarketing, nameIn, NOTHING, plain, SYSTEMS, type Values } from "./values.ts";

function setup(seed = 1): { readonly register: Register; readonly sorted: Sorted; readonly random: SeededRandom } {
  const random = new SeededRandom(seed);
  const register = new Register(createSimulators({ clock: new VirtualClock(), random }));
  return { register, sorted: populate(register, 200, random), random };
}

/** Does by hand what Bowline should do. */
function agree({ people, systems }: Register): void {
  for (const person of people) {
    if (person.fate !== "agree") continue;
    for (const system of SYSTEMS) {
      const { values, made, written } = person[system];
      const ids = [...written.keys()];
      if (system === "crm") {
        if (made) systems.crm.person.create("Contact", forCrm(values));
        for (const id of ids) systems.crm.person.update("Contact", id, forCrm(values));
      } else {
        if (made) systems.marketing.person.create("contacts", forMarketing(values));
        for (const id of ids) systems.marketing.person.update("contacts", id, forMarketing(values));
      }
    }
  }
}

test("what was populated does not agree, and does once everybody has what the rules say", () => {
  const { register } = setup();
  const before = compare(register);
  assert.ok(before.differences.length > 50, String(before.differences.length));
  assert.ok(before.lost.length > 30, String(before.lost.length));
  agree(register);
  const { compared, differences, extra, lost } = compare(register);
  assert.deepEqual([differences, extra, lost], [[], [], []]);
  assert.ok(compared >= 190);
});

for (const [what, plant, found] of [
  ["a value that nobody wrote", "wrong", "differences"],
  ["a record of nobody", "twice", "extra"],
  ["a deleted record that came back", "back", "extra"],
  ["a record that is gone", "gone", "lost"],
  ["a write to somebody who is to be left alone", "touched", "differences"],
] as const) {
  test(`the check finds ${what}`, () => {
    const { register, sorted } = setup();
    agree(register);
    const { crm, marketing } = register.systems;
    const [person, deleted] = sorted.alike;
    const [supplier] = sorted.supplier;
    assert.ok(person && deleted && supplier);
    if (plant === "wrong")
      marketing.person.update("contacts", idOf(person, "marketing"), { jobtitle: "Nobody wrote it" });
    if (plant === "twice") crm.person.create("Contact", forCrm(person.crm.values));
    if (plant === "gone") crm.person.delete("Contact", idOf(person, "crm"));
    if (plant === "touched") crm.person.update("Contact", idOf(supplier, "crm"), { Title: "Touched" });
    if (plant === "back") {
      for (const system of SYSTEMS) register.leave(deleted, system);
    }
    const agreement = compare(register);
    assert.deepEqual(
      ["differences", "extra", "lost"].filter((kind) => agreement[kind as "extra"].length > 0),
      [found],
    );
  });
}

for (const seed of [1, 2, 3]) {
  test(`everything that can happen happens in a life, and the check follows it (seed ${seed})`, () => {
    const { register, sorted, random } = setup(seed);
    agree(register);
    const life = new Life(register, sorted, random);
    const happened = new Map<string, number>();
    for (let event = 0; event < 130; event += 1) {
      const what = life.step();
      happened.set(what, (happened.get(what) ?? 0) + 1);
    }
    life.finish();
    assert.ok(happened.size >= 24, `${happened.size} kinds`);
    assert.ok(compare(register).differences.length > 20);
    assert.ok(register.people.flatMap(({ lost }) => lost).length > 10);
  });
}

const both: Values = { ...NOTHING, email: "a@example.com", title: "Buyer", phone: "4912", score: "7" };

for (const [what, crm, marketing, before, expected] of [
  ["an edit on one side", { title: "CEO" }, {}, both, { title: "CEO" }],
  ["emptied on one side", { title: "" }, {}, both, { title: "" }],
  ["marketing's title", { title: "CEO" }, { title: "CTO" }, both, { title: "CTO" }],
  ["the CRM's address", { city: "Köln" }, { city: "Gdańsk" }, both, { city: "Köln" }],
  ["the CRM's telephone unless it is empty", { phone: "" }, { phone: "481" }, both, { phone: "481" }],
  ["the score, always marketing's", { score: "9" }, {}, both, { score: "7" }],
  ["opted out on either side", { optOut: "true" }, {}, undefined, { optOut: "true" }],
  ["known on one side only", { title: "" }, {}, undefined, { title: "Buyer" }],
] as const) {
  test(`the rules decide: ${what}`, () => {
    const { values } = agreedOn({ ...both, ...crm }, { ...both, ...marketing }, before);
    assert.deepEqual(values, { ...both, ...expected });
  });
}

test("what gives way is noted", () => {
  const { lost } = agreedOn({ ...both, title: "CEO", score: "8" }, { ...both, title: "CTO" }, both);
  assert.deepEqual(lost, [
    { field: "title", system: "crm", value: "CEO" },
    { field: "score", system: "crm", value: "8" },
  ]);
});

test("one value has one spelling, however it is written", () => {
  assert.equal(plain("phone", "0049 (0)30-1234"), plain("phone", "+49 30 1234"));
  assert.equal(plain("firstName", "Ju\u0308rgen "), plain("firstName", "Jürgen"));
  assert.equal(plain("email", " A@B.example"), "a@b.example");
  assert.deepEqual([plain("score", 40), plain("score", "40.0"), plain("optOut", null)], ["40", "40", "false"]);
  assert.equal(nameIn("marketing", "postalCode"), "zip");
});

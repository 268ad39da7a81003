import assert from "node:assert/strict";
import { test } from "node:test";
import { across, amountText, numberText, trueFalseText, twoWay, values } from "../mapping/two-way-converter.ts";
import { checkProject } from "./check.ts";
import { defineConfig } from "./define-config.ts";
import { defineTwoWaySync } from "./define-two-way-sync.ts";
import { email } from "./match-as.ts";
import { roundTrips } from "./round-trips.ts";
import { crm, marketing } from "./testing/two-sides.ts";
import { newest } from "./two-way-rules.ts";

const PAIRS = [
  { crm: "Email", marketing: "email", as: email },
  { crm: "Name", marketing: "name" },
] as const;

/** A sync that checks, with what a test changes; types are what the other test is for. */
function syncWith(changes: object) {
  return defineTwoWaySync({
    name: "people",
    purpose: "Both know the same people.",
    owner: "Sales",
    between: { crm: crm.contacts, marketing: marketing.people },
    match: [{ crm: () => "1", marketing: () => "1", as: email }],
    fields: PAIRS,
    conflicts: "crm",
    create: { crm: true, marketing: true },
    onDelete: { crm: "archive", marketing: "delete" },
    freshWithin: "24h",
    ...changes,
  } as never);
}

function faultsOf(changes: object): readonly string[] {
  const project = defineConfig({ connections: [crm, marketing], syncs: [syncWith(changes)] });
  const { errors } = checkProject(project, { env: {} });
  return errors.map(({ place, message }) => `${place}: ${message}`);
}

test("a two-way sync that answers every question checks", () => {
  assert.deepEqual(faultsOf({}), []);
});

const broken: readonly (readonly [string, object, RegExp])[] = [
  ["one side", { between: { crm: crm.contacts } }, /people › between: it names 1 sides: expected two/],
  ["a reserved name", { between: { from: crm.contacts, marketing: marketing.people } }, /cannot be called from/],
  ["twice the same", { between: { crm: crm.contacts, other: crm.contacts } }, /both sides are crm\/contacts/],
  ["a side that is only read", { between: { crm: crm.reports, marketing: marketing.people } }, /can only be read/],
  [
    "a side that shows no fields",
    { between: { crm: crm.blind, marketing: marketing.people } },
    /expected a write with fieldsOf/,
  ],
  [
    "a side that cannot be read by key",
    { between: { crm: crm.blind, marketing: marketing.people } },
    /blind cannot be read by key: expected a resource with read/,
  ],
  ["a side that cannot be listed", { between: { crm: crm.blind, marketing: marketing.people } }, /cannot be listed/],
  [
    "a misspelled field",
    { fields: [{ crm: "Nmae", marketing: "name" }] },
    /crm Nmae: crm\/contacts has no field .*"Name"/,
  ],
  [
    "a field that two pairs write",
    { fields: [...PAIRS, { crm: "Name", marketing: "tags" }] },
    /2 pairs write this field/,
  ],
  ["no fields", { fields: [], create: {} }, /no fields agree/],
  [
    "a required field that no pair fills",
    { fields: [PAIRS[0]] },
    /create › crm: crm\/contacts requires Name of a new record/,
  ],
  ["nothing that matches", { match: [] }, /none is ever matched/],
  ["a removal that there is not", { onDelete: { crm: "archvie", marketing: "park" } }, /onDelete › crm: .*"archive"/],
  ["a deletion that is not answered", { onDelete: { crm: "archive" } }, /onDelete › marketing: it is not said/],
  [
    "a side that does not exist",
    { fields: [...PAIRS, { crm: "Tags", marketing: "tags", from: "sales" }] },
    /› from: there is no side/,
  ],
  ["a rule that there is not", { conflicts: "sales" }, /cannot tell who wins by sales/],
  ["a rule that is none", { conflicts: { union: true } }, /cannot tell who wins by \{"union":true\}/],
  [
    "a rule that leaves out what decides otherwise",
    { conflicts: { kind: "newest" } },
    /cannot tell who wins by \{"kind"/,
  ],
  ["an unreadable duration", { pollEvery: "soon" }, /pollEvery: cannot read "soon"/],
  ["an audit that never comes", { audit: { every: "never" } }, /› audit › every: cannot read "never"/],
  [
    "repairs that are no number",
    { audit: { every: "1d", repairUpTo: Number.NaN } },
    /› audit › repairUpTo: cannot mend up to NaN/,
  ],
  ["a share above 1", { deletedShareMax: 2 }, /deletedShareMax: cannot use 2/],
  ["no writes at all", { writesMax: { count: 0, within: "1m" } }, /writesMax › count: cannot use 0/],
];
for (const [what, changes, told] of broken) {
  test(`the check tells of ${what}`, () => {
    const faults = faultsOf(changes);
    assert.ok(
      faults.some((fault) => told.test(fault)),
      `expected ${told}, got ${faults.join("\n")}`,
    );
  });
}

test("a name that a one-way or two-way sync has already is told", () => {
  const project = defineConfig({ connections: [crm, marketing], syncs: [syncWith({}), syncWith({})] });
  assert.match(checkProject(project, { env: {} }).errors[0]?.message ?? "", /2 syncs have this name/);
});

test("a newest that no clock can prove is a warning", () => {
  const sync = syncWith({ conflicts: newest({ otherwise: "crm" }) });
  const { warnings } = checkProject(defineConfig({ connections: [crm, marketing], syncs: [sync] }), { env: {} });
  assert.ok(warnings.some(({ message }) => /the newest is never proven/.test(message)));
});

const pairWith = (crmField: string, marketingField: string, convert: unknown) =>
  syncWith({ fields: [{ crm: crmField, marketing: marketingField, convert }] });

test("the converters that are ready come back", () => {
  for (const [crmField, field, convert] of [
    ["OptOut", "optout", across("crm", trueFalseText)],
    ["Score", "score", across("crm", numberText)],
    ["Stage", "stage", across("crm", values({ new: "1", won: "2" }))],
    ["Name", "name", across("crm", amountText(2))],
  ] as const) {
    assert.deepEqual(roundTrips(pairWith(crmField, field, convert)), [], crmField);
  }
});

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  [
    "a value that comes back as another",
    twoWay("capped", { there: (n: number) => String(Math.min(n, 9)), back: Number, examples: [10] }),
    /10 .*comes back as 9/,
  ],
  [
    "a value that never comes to rest",
    twoWay("growing", { there: (n: number) => String(n), back: (text: string) => Number(text) + 1 }),
    /never comes to rest/,
  ],
  [
    "a value that cannot come back",
    twoWay("mute", {
      there: String,
      back: (): number => {
        throw new Error("no way");
      },
      examples: [1],
    }),
    /cannot be carried back: no way/,
  ],
  [
    "two values that become one",
    twoWay("flat", { there: () => "0", back: () => 0, examples: [1] }),
    /1 .*comes back as 0/,
  ],
];
for (const [what, converter, told] of wrong) {
  test(`the round trip names the field and ${what}`, () => {
    const sync = pairWith("Score", "score", across("crm", converter as never));
    const [fault] = roundTrips(sync);
    assert.equal(fault?.field, "Score ↔ score");
    assert.match(`${JSON.stringify(fault?.value)} ${fault?.message}`, told);
    const { errors } = checkProject(defineConfig({ connections: [crm, marketing], syncs: [sync] }), { env: {} });
    assert.ok(errors.some(({ place }) => place.endsWith("Score ↔ score › convert")));
  });
}

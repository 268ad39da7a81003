// What must not compile of a two-way sync. The compiler is the test: a line marked so that compiles after all is an error.
import { test } from "node:test";
import { across, amountText, numberText, trueFalseText, values } from "../mapping/two-way-converter.ts";
import { defineTwoWaySync } from "./define-two-way-sync.ts";
import { email } from "./match-as.ts";
import { crm, marketing } from "./testing/two-sides.ts";
import { greatest, newest, union, unlessEmpty } from "./two-way-rules.ts";

const between = { crm: crm.contacts, marketing: marketing.people } as const;
const common = {
  name: "contacts",
  purpose: "Both know the same people.",
  owner: "Sales",
  freshWithin: "5m",
  create: { crm: true, marketing: false },
  onDelete: { crm: "archive", marketing: "park" },
  conflicts: "park",
} as const;
const match = [{ crm: () => "1", marketing: () => "1" }] as const;
const whole = { ...common, between, match } as const;

test("a two-way sync that answers every question compiles", () => {
  defineTwoWaySync({
    ...common,
    between,
    match: [
      { crm: (contact) => contact.Email, marketing: (person) => person.properties.email, as: email },
      { crm: (contact) => contact.Name, marketing: (person) => person.properties.name },
    ],
    fields: [
      { crm: "Email", marketing: "email", wins: unlessEmpty("crm"), as: email },
      { crm: "Name", marketing: "name", wins: newest({ otherwise: "marketing" }) },
      { crm: "OptOut", marketing: "optout", convert: across("crm", trueFalseText), wins: "crm" },
      { crm: "Score", marketing: "score", convert: across("crm", numberText), from: "marketing" },
      { crm: "Stage", marketing: "stage", convert: across("crm", values({ new: "1", won: "2" })), wins: greatest },
      { crm: "Tags", marketing: "tags", wins: union },
    ],
    only: { crm: (contact) => contact.OptOut !== true },
    onDelete: { crm: "archive", marketing: "retire" },
    conflicts: newest({ otherwise: "crm" }),
    pollEvery: "1m",
    everythingEvery: "6h",
    deletedShareMax: 0.05,
    writesMax: { count: 5, within: "1m" },
  });
  defineTwoWaySync({ ...whole, fields: [{ crm: "Name", marketing: "name" }] });
});

export const wrongSyncs: readonly (() => unknown)[] = [
  () =>
    // @ts-expect-error a misspelled field
    defineTwoWaySync({ ...whole, fields: [{ crm: "Nmae", marketing: "name" }] }),
  () =>
    // @ts-expect-error a field is named on one side only
    defineTwoWaySync({ ...whole, fields: [{ crm: "Name" }] }),
  () =>
    // @ts-expect-error values of different types and nothing that carries them across
    defineTwoWaySync({ ...whole, fields: [{ crm: "Score", marketing: "score" }] }),
  () =>
    defineTwoWaySync({
      ...whole,
      // @ts-expect-error the converter gives text where a number is taken
      fields: [{ crm: "Score", marketing: "score", convert: across("crm", amountText(2)) }],
    }),
  () =>
    defineTwoWaySync({
      ...whole,
      // @ts-expect-error the converter goes the other way
      fields: [{ crm: "OptOut", marketing: "optout", convert: across("marketing", trueFalseText) }],
    }),
  () =>
    defineTwoWaySync({
      ...whole,
      // @ts-expect-error the table gives what the field does not take
      fields: [{ crm: "Stage", marketing: "stage", convert: across("crm", values({ new: "1", won: "3" })) }],
    }),
  () =>
    // @ts-expect-error there is no such side to win
    defineTwoWaySync({ ...whole, fields: [{ crm: "Name", marketing: "name", wins: "sales" }] }),
  () =>
    // @ts-expect-error there is no such side in the rule
    defineTwoWaySync({ ...whole, fields: [{ crm: "Name", marketing: "name", wins: unlessEmpty("sales") }] }),
  () =>
    // @ts-expect-error there is no such side to come from
    defineTwoWaySync({ ...whole, fields: [{ crm: "Name", marketing: "name", from: "sales" }] }),
  () =>
    // @ts-expect-error there is no such side to win by default
    defineTwoWaySync({ ...whole, conflicts: "sales", fields: [{ crm: "Name", marketing: "name" }] }),
  () =>
    defineTwoWaySync({
      ...whole,
      between: { crm: crm.reports, marketing: marketing.people },
      // @ts-expect-error the resource can only be read
      fields: [{ crm: "id", marketing: "name" }],
    }),
  () =>
    defineTwoWaySync({
      ...whole,
      // @ts-expect-error the other side has no such removal
      onDelete: { crm: "delete", marketing: "park" },
      fields: [{ crm: "Name", marketing: "name" }],
    }),
  () =>
    // @ts-expect-error it is not said what becomes of the other side
    defineTwoWaySync({ ...whole, onDelete: { crm: "park" }, fields: [{ crm: "Name", marketing: "name" }] }),
  () =>
    // @ts-expect-error it is not said whether records are created
    defineTwoWaySync({ ...whole, create: { crm: true }, fields: [{ crm: "Name", marketing: "name" }] }),
  () =>
    defineTwoWaySync({
      ...whole,
      // @ts-expect-error the record has no such field
      match: [{ crm: (contact) => contact.Mail, marketing: () => "1" }],
      fields: [{ crm: "Name", marketing: "name" }],
    }),
  () =>
    defineTwoWaySync({
      ...common,
      onDelete: { crm: "park" },
      create: { crm: true },
      match: [{ crm: () => "1" }],
      // @ts-expect-error one side is none
      between: { crm: crm.contacts },
      fields: [{ crm: "Name" }],
    }),
  () =>
    defineTwoWaySync({
      ...common,
      create: { crm: true, marketing: true, third: true },
      onDelete: { crm: "park", marketing: "park", third: "park" },
      match: [],
      // @ts-expect-error three sides are too many
      between: { ...between, third: marketing.people },
      fields: [],
    }),
];

// Deciding and merging pairs of contacts with twelve fields, in this process's one thread: what a two-way sync thinks about each
// record beside reading and writing it.
import { z } from "zod";
import { defineConnector, defineResource } from "../src/define/define-connector.ts";
import { defineTwoWaySync } from "../src/define/define-two-way-sync.ts";
import { email } from "../src/define/match-as.ts";
import type { TwoWaySync } from "../src/define/two-way.ts";
import { across, trueFalseText } from "../src/mapping/two-way-converter.ts";
import { decidePair } from "../src/reconcile/decide-pair.ts";
import type { PairFacts } from "../src/reconcile/pair-step.ts";
import { merge } from "../src/reconcile/merge.ts";
import { NO_PLANTS } from "../src/world/plant.ts";
import { rounded, type WorkFigures } from "./figures.ts";
import type { Lab } from "./lab.ts";
import type { Plan } from "./options.ts";
import { median } from "./statistics.ts";

const NAMES = [
  "email",
  "first",
  "last",
  "title",
  "phone",
  "mobile",
  "street",
  "city",
  "zip",
  "country",
  "note",
] as const;
/** Every so many records one side was edited, and every so many of those the other too. */
const EDITED_EVERY = 4;
const BOTH_EVERY = 16;
const VARIETY = 1_024;

type Contact = Readonly<Record<string, unknown>>;

function syncOf(): TwoWaySync {
  const text = Object.fromEntries(NAMES.map((name) => [name, z.string().optional()]));
  const [first, second] = [
    z.strictObject({ ...text, optOut: z.boolean().optional() }),
    z.strictObject({ ...text, optOut: z.string().optional() }),
  ].map(
    (fields, side) =>
      defineConnector({
        name: `bench-${side}`,
        title: "Bench",
        settings: z.object({}),
        baseUrl: () => "https://bench.example",
        auth: { kind: "none" },
        limits: [],
        resources: {
          contacts: defineResource<Contact, Contact, "delete">({
            name: "contacts",
            schema: fields as never,
            key: () => "1",
            write: {
              fields: fields as never,
              safety: { kind: "upsert" },
              create: () => Promise.reject(new Error("nothing is written here")),
              update: () => Promise.reject(new Error("nothing is written here")),
              fieldsOf: (contact) => contact,
            },
          }),
        },
      }).connect(`bench-${side}`, {}).contacts,
  );
  return defineTwoWaySync({
    name: "bench",
    purpose: "Measures.",
    owner: "nobody",
    between: { crm: first, marketing: second } as never,
    match: [],
    fields: [
      ...NAMES.map((name) => ({ crm: name, marketing: name, ...(name === "email" ? { as: email } : {}) })),
      { crm: "optOut", marketing: "optOut", convert: across("crm", trueFalseText) },
    ] as never,
    conflicts: "crm",
    create: { crm: false, marketing: false },
    onDelete: { crm: "park", marketing: "park" },
    freshWithin: "5m",
  } as never);
}

/** What each side shows, and what both agreed on. */
interface Case {
  readonly now: readonly [Contact, Contact];
  readonly base: readonly [Contact, Contact];
}

function caseOf(index: number): Case {
  const agreed = Object.fromEntries(NAMES.map((name) => [name, `${name} of number ${index}`]));
  const base = [
    { ...agreed, optOut: index % 2 === 0 },
    { ...agreed, optOut: String(index % 2 === 0) },
  ] as const;
  const crm = index % EDITED_EVERY === 0 ? { ...base[0], title: "edited", optOut: index % 2 !== 0 } : base[0];
  const marketing = index % BOTH_EVERY === 0 ? { ...base[1], title: "edited too", city: "elsewhere" } : base[1];
  return { now: [crm, marketing], base };
}

export function measureMerge(_lab: Lab, plan: Plan): Promise<WorkFigures> {
  const sync = syncOf();
  const cases = Array.from({ length: VARIETY }, (_none, index) => caseOf(index));
  const facts = cases.map(({ now, base }) => ({
    sync,
    claim: {
      sync: "bench",
      key: "1",
      seq: 1,
      state: "ready" as const,
      priority: "live" as const,
      notedAt: 0,
      attempts: 0,
      waits: 0,
      record: { hash: "a", deleted: false, stale: 0 },
      other: { key: "1", record: { hash: "a", deleted: false, stale: 0 } },
      link: { targetKey: "1", base: JSON.stringify(base), recordHash: "" },
    },
    bodies: now,
    now: 0,
    plants: NO_PLANTS,
  }));
  const merged = ratesOf(plan, (index) => merge({ pairs: sync.pairs, ...(cases[index % VARIETY] as Case) }));
  const decided = ratesOf(plan, (index) => decidePair(anew(facts[index % VARIETY] as (typeof facts)[number])));
  const row = (name: string, rates: readonly number[], leftOut: string) => ({
    name,
    unit: "records/s",
    rates,
    notes: [],
    leftOut,
  });
  return Promise.resolve({
    title: "Two ways: pairs of contacts with twelve fields, a quarter of them edited",
    rows: [
      row("merge", merged, "one thread; reading, matching and writing"),
      row("decide and merge", decided, "the same, with both schemas and the base read from its JSON"),
    ],
    json: { mergeRate: rounded(median(merged), 0), decideRate: rounded(median(decided), 0) },
    problems: [],
  });
}

/** As a claim that was just made: nothing of it was worked out before. */
function anew(facts: PairFacts): PairFacts {
  const { claim, bodies } = facts;
  const link = claim.link === undefined ? {} : { link: { ...claim.link } };
  return { ...facts, claim: { ...claim, ...link }, bodies: [bodies[0], bodies[1]] };
}

function ratesOf({ runs, mergeRecords }: Plan, work: (index: number) => unknown): readonly number[] {
  return Array.from({ length: runs + 1 }, () => {
    const began = process.hrtime.bigint();
    for (let index = 0; index < mergeRecords; index += 1) work(index);
    return mergeRecords / (Number(process.hrtime.bigint() - began) / 1e9);
  }).slice(1);
}

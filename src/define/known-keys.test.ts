// As somebody without a compiler writes it: a key that is misspelt or missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { checkProject } from "./check.ts";
import { defineConfig } from "./define-config.ts";
import { defineConnector, defineResource } from "./define-connector.ts";
import { defineSync } from "./define-sync.ts";
import { defineTwoWaySync } from "./define-two-way-sync.ts";
import { booksConnector, shopConnector } from "./testing/small-project.ts";
import { crm, marketing } from "./testing/two-sides.ts";

const shop = shopConnector.connect("shop", { token: "1" });
const books = booksConnector.connect("books", { token: "1", company: "1" });

type Given = Readonly<Record<string, unknown>>;

const page = () => Promise.resolve({ records: [] });
const write = { fields: z.object({}), create: () => Promise.resolve({ key: "1" }) };

const DEFINITIONS = {
  project: { define: defineConfig, whole: { connections: [shop, books], syncs: [] } },
  connector: {
    define: defineConnector,
    whole: {
      name: "desk",
      title: "Desk",
      settings: z.object({}),
      baseUrl: () => "https://desk.example",
      auth: { kind: "none" },
      limits: [],
      resources: {},
    },
  },
  resource: {
    define: defineResource,
    whole: { name: "tickets", schema: z.object({ id: z.string() }), key: ({ id }: { id: string }) => id },
  },
  sync: {
    define: defineSync,
    whole: {
      name: "customers",
      purpose: "Whoever buys is a buyer.",
      from: shop.customers,
      to: books.buyers,
      freshWithin: "5m",
      map: ({ constant }: Record<string, (value: string) => unknown>) => ({ name: constant?.("x") }),
      onDelete: "keep",
    },
  },
  "two-way sync": {
    define: defineTwoWaySync,
    whole: {
      name: "contacts",
      purpose: "Contacts are people.",
      between: { crm: crm.contacts, marketing: marketing.people },
      match: [],
      fields: [{ crm: "Name", marketing: "name" }],
      conflicts: "crm",
      create: { crm: false, marketing: false },
      onDelete: { crm: "unlink", marketing: "unlink" },
      freshWithin: "5m",
    },
  },
} as const;

type Kind = keyof typeof DEFINITIONS;

function define(kind: Kind, { without = [], ...more }: Given & { readonly without?: readonly string[] }): unknown {
  const given = Object.entries({ ...DEFINITIONS[kind].whole, ...more }).filter(([key]) => !without.includes(key));
  return (DEFINITIONS[kind].define as (options: never) => unknown)(Object.fromEntries(given) as never);
}

for (const kind of Object.keys(DEFINITIONS) as Kind[]) {
  test(`a ${kind} that says what it has to is defined`, () => {
    define(kind, {});
  });
}

const REFUSED: readonly (readonly [kind: Kind, given: Parameters<typeof define>[1], message: string])[] = [
  [
    "project",
    { without: ["connections"], conections: [shop] },
    'could not define the project: "conections" is not known here. Did you mean "connections"?',
  ],
  [
    "project",
    { without: ["syncs"], sync: [] },
    'could not define the project: "sync" is not known here. Did you mean "syncs"?',
  ],
  ["project", { without: ["syncs"] }, 'could not define the project: "syncs" is missing: add it.'],
  [
    "project",
    { netwrk: {}, nam: "x" },
    'could not define the project: "netwrk" is not known here. Did you mean "network"? "nam" is not known here. Did you mean "name"?',
  ],
  [
    "project",
    { alerts: { too: "https://alerts.example.com" } },
    'could not define the alerts of the project: "too" is not known here. Did you mean "to"?',
  ],
  [
    "project",
    { network: { privateAdresses: ["loopback"] } },
    'could not define the network of the project: "privateAdresses" is not known here. Did you mean "privateAddresses"?',
  ],
  [
    "project",
    { connections: { shop, books } },
    "could not define the project: expected a list of connections, such as connections: […], got object",
  ],
  ["connector", { without: ["settings"] }, 'could not define the connector desk: "settings" is missing: add it.'],
  [
    "connector",
    { without: ["name", "limits"] },
    'could not define a connector without a name: "name" is missing: add it. "limits" is missing: add it.',
  ],
  [
    "connector",
    { webhok: {}, settings: undefined },
    'could not define the connector desk: "webhok" is not known here. Did you mean "webhook"? "settings" is missing: add it.',
  ],
  [
    "resource",
    { without: ["key"], chnages: {} },
    'could not define the resource tickets: "chnages" is not known here. Did you mean "changes"?; "key" is missing: add it.',
  ],
  [
    "resource",
    { read: { keysMax: 1, record: page } },
    'could not define the resource tickets: read: "record" is not known here. Did you mean "records"?',
  ],
  [
    "resource",
    { changes: { page, overlap: 5_000 }, everything: { pages: page } },
    'could not define the resource tickets: changes: "overlap" is not known here. Did you mean "overlapMs"?; everything: "pages" is not known here. Did you mean "page"?',
  ],
  [
    "resource",
    { write: { ...write, safety: { kind: "idempotency-key", retention: 1 }, look: page } },
    'could not define the resource tickets: write: "look" is not known here. Did you mean "lookup"?; write › safety: "retention" is not known here. Did you mean "retentionMs"?',
  ],
  [
    "resource",
    { write: { ...write, safety: { kind: "idempotent" }, together: { most: 1, creates: page } } },
    'could not define the resource tickets: write › together: "creates" is not known here. Did you mean "create"?; write › safety › kind: there is no such safety. There are idempotency-key, upsert, lookup, none.',
  ],
  [
    "connector",
    { resources: { tickets: { name: "tickets", schema: z.object({}), key: () => "1", evrything: { page } } } },
    'could not define the connector desk: resources › tickets: "evrything" is not known here. Did you mean "everything"?',
  ],
  [
    "sync",
    { audit: { every: "1d", repairUpto: 5 } },
    'could not define the audit of the sync customers: "repairUpto" is not known here. Did you mean "repairUpTo"?',
  ],
  [
    "two-way sync",
    { audit: { evry: "1d" } },
    'could not define the audit of the two-way sync contacts: "evry" is not known here. Did you mean "every"?',
  ],
  [
    "two-way sync",
    { writesMax: { count: 10, with: "10m" } },
    'could not define the writesMax of the two-way sync contacts: "with" is not known here. Did you mean "within"?',
  ],
  [
    "sync",
    { without: ["map"], mapp: () => ({}) },
    'could not define the sync customers: "mapp" is not known here. Did you mean "map"?',
  ],
  [
    "sync",
    { onDeleted: "keep", without: ["onDelete"] },
    'could not define the sync customers: "onDeleted" is not known here. Did you mean "onDelete"?',
  ],
  [
    "two-way sync",
    { without: ["between"], sides: {} },
    'could not define the two-way sync contacts: "sides" is not known here. There are owner, between, only, pollEvery, everythingEvery, deletedShareMax, writesMax, audit. "between" is missing: add it.',
  ],
  [
    "two-way sync",
    { deletedShare: 0.5 },
    'could not define the two-way sync contacts: "deletedShare" is not known here. Did you mean "deletedShareMax"?',
  ],
];

for (const [kind, given, message] of REFUSED) {
  test(`a ${kind} is refused with the key that is wrong: ${message.split(": ")[1]}`, () => {
    assert.throws(() => define(kind, given), { name: "TypeError", message });
  });
}

test("a connector may be made of another one", () => {
  assert.doesNotThrow(() => define("connector", { ...shopConnector, name: "other" }));
});

test("what the check of a project tells of a sync is told with everything else", () => {
  const syncs = [define("sync", { without: ["from", "freshWithin", "onDelete"] })];
  const { errors } = checkProject(define("project", { syncs, port: -1 }) as never, { env: {} });
  const places = errors.map(({ place }) => place);
  assert.deepEqual(places, [
    "port",
    "sync customers › from",
    "sync customers › onDelete",
    "sync customers › freshWithin",
  ]);
});

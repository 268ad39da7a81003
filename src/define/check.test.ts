import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { checkProject, type Fault } from "./check.ts";
import { defineConfig, type ProjectOptions } from "./define-config.ts";
import { defineConnector, defineResource } from "./define-connector.ts";
import { defineSync, type SyncOptions } from "./define-sync.ts";
import type { Resource } from "./resource.ts";
import { env } from "./secret.ts";
import type { Sync } from "./sync.ts";
import { booksConnector, shopConnector } from "./testing/small-project.ts";

const shop = shopConnector.connect("shop", { token: env("SHOP_TOKEN"), webhookSecret: env("SHOP_SECRET") });
const books = booksConnector.connect("books", { token: "1", company: "1" });
const environment = { SHOP_TOKEN: "t", SHOP_SECRET: "s" };

/** As somebody without a compiler could write it. */
type Loose = Partial<Record<keyof SyncOptions<any, any, any, any>, unknown>>;

function sync(options: Loose = {}): Sync {
  return defineSync({
    name: "customers",
    purpose: "Whoever buys is a buyer.",
    owner: "Sales",
    from: shop.customers,
    to: books.buyers,
    freshWithin: "5m",
    everythingEvery: "2m",
    map: ({ field }: { field: (read: (customer: { name: string }) => string) => unknown }) => ({
      name: field((customer) => customer.name),
    }),
    onDelete: "deactivate",
    ...options,
  } as never);
}

function check(
  options: Partial<ProjectOptions> = {},
  { env: given = environment }: { env?: Record<string, string> } = {},
) {
  const alerts = { to: "https://alerts.example.com" };
  return checkProject(defineConfig({ connections: [shop, books], syncs: [sync()], alerts, ...options }), {
    env: given,
  });
}

const lines = (faults: readonly Fault[]): readonly string[] =>
  faults.map(({ place, message }) => `${place}: ${message}`);

for (const [keptMs, canLookUp, isTold] of [
  [3_600_000, false, true],
  [3_600_001, false, false],
  [360_000, true, false],
] as const) {
  const looks = canLookUp ? "and what was written can be found" : "and nothing finds what was written";
  test(`a key that a provider keeps for ${keptMs} ms, ${looks}, is ${isTold ? "" : "not "}warned of`, () => {
    const { buyers } = booksConnector.resources;
    const write = {
      ...buyers.write,
      safety: { kind: "idempotency-key", retentionMs: keptMs },
      ...(canLookUp ? { lookup: () => Promise.resolve([]) } : {}),
    };
    const resources = { ...booksConnector.resources, buyers: { ...buyers, write } as typeof buyers };
    const keyed = defineConnector({ ...booksConnector, resources }).connect("books", { token: "1", company: "1" });
    const { warnings } = check({ connections: [shop, keyed], syncs: [sync({ to: keyed.buyers })] });
    const told =
      "sync customers › to: books/buyers knows the keys of writes for 1h, too short to rely on, and has no lookup: a write that is not answered waits for a person";
    assert.deepEqual(lines(warnings), isTold ? [told] : []);
  });
}

test("a sound project has neither errors nor warnings", () => {
  assert.deepEqual(check(), { errors: [], warnings: [] });
});

/** Any tools, for maps that the compiler would refuse. */
interface AnyTools {
  readonly [tool: string]: (...given: readonly unknown[]) => { orOmit(): unknown; orPark(): unknown };
}

const SYNC_ERRORS: readonly (readonly [says: string, options: Loose, error: RegExp])[] = [
  [
    "a name with capitals",
    { name: "Customers To Buyers" },
    /^sync Customers To Buyers: .* such as "customers-to-buyers"$/,
  ],
  [
    "an audit that never comes",
    { audit: { every: "0h" } },
    /^sync customers › audit › every: cannot read "0h" as a duration/,
  ],
  ["an audit now and then", { audit: { every: "daily" } }, /› audit › every: cannot read "daily" as a duration/],
  [
    "fewer repairs than none",
    { audit: { every: "1d", repairUpTo: -1 } },
    /^sync customers › audit › repairUpTo: cannot mend up to -1 differences: expected a whole number of 0 or more$/,
  ],
  ["half a repair", { audit: { every: "1d", repairUpTo: 2.5 } }, /› repairUpTo: cannot mend up to 2.5 differences/],
  ["repairs without end", { audit: { every: "1d", repairUpTo: Infinity } }, /cannot mend up to Infinity differences/],
  ["repairs in words", { audit: { every: "1d", repairUpTo: "20" } }, /cannot mend up to "20" differences/],
  ["an empty name", { name: "" }, /cannot use the name "": expected at most 64 lower case/],
  ["no source", { from: undefined }, /› from: there is no such resource: expected one of a connection/],
  ["a source that cannot be read", { from: shop.ghosts }, /› from: shop\/ghosts cannot be read/],
  ["a target that can only be read", { to: books.reports, onDelete: "keep" }, /› to: books\/reports can only be read/],
  [
    "a connection that is not listed",
    { from: shopConnector.connect("shopp", { token: "1" }).customers },
    /› from: the connection shopp of shopp\/customers is not among .* Did you mean "shop"\?$/,
  ],
  [
    "another connection of the same name",
    { from: booksConnector.connect("shop", { token: "1", company: "1" }).invoices },
    /› from: shop\/invoices belongs to another connection of the name shop/,
  ],
  [
    "a misspelled removal",
    { onDelete: "deactivat" },
    /› onDelete: .* has no "deactivat"\. Did you mean "deactivate"\?$/,
  ],
  ["a removal of another resource", { onDelete: "x" }, /has no "x"\. There are deactivate, keep, park\.$/],
  [
    "no word on deletions",
    { onDelete: undefined },
    /› onDelete: it is not said: expected one of deactivate, keep, park$/,
  ],
  ["an unknown word on what is there", { onExisting: "lnk" }, /› onExisting: .* Did you mean "link"\?$/],
  ["out of scope cannot park", { onOutOfScope: "park" }, /› onOutOfScope: books\/buyers has no "park"/],
  [
    "a duration in words",
    { freshWithin: "5 minutes" },
    /› freshWithin: cannot read "5 minutes" as a duration: .*"5m"$/,
  ],
  [
    "a map without a required field",
    { map: () => ({}) },
    /› map › name: the target requires this field: expected a rule/,
  ],
  [
    "a required field that may be left out",
    { map: ({ field }: AnyTools) => ({ name: field?.(() => null).orOmit() }) },
    /› map › name: .* its rule may leave it out/,
  ],
  [
    "a misspelled target field",
    { map: ({ constant }: AnyTools) => ({ name: constant?.("x"), refferer: constant?.("x") }) },
    /› map › refferer: the target has no field of this name\. Did you mean "referrer"\?$/,
  ],
  [
    "a map that throws",
    {
      map: () => {
        throw new Error("no such file");
      },
    },
    /› map: no such file$/,
  ],
  ["a map without rules", { map: () => ({ name: "Ann" }) }, /› map: could not read name: expected a rule such as/],
  [
    "a link through a sync of another project",
    {
      map: ({ constant, link }: AnyTools) => ({
        name: constant?.("x"),
        referrer: link?.({ name: "customer" }, () => "1"),
      }),
    },
    /› map › referrer: it links through "customer", which is not among .* Did you mean "customers"\?$/,
  ],
  [
    "a link through a sync that is not there yet",
    {
      map: ({ link }: AnyTools) => ({
        name: link?.(
          () => undefined,
          () => "1",
        ),
      }),
    },
    /› map › name: cannot tell which sync it links through: Cannot read properties of undefined/,
  ],
];

for (const [says, options, error] of SYNC_ERRORS) {
  test(`an error of a sync is told with its place: ${says}`, () => {
    const { errors } = check({ syncs: [sync(options)] });
    assert.equal(errors.length, 1, lines(errors).join("\n"));
    assert.match(lines(errors)[0] ?? "", error);
  });
}

const PROJECT_ERRORS: readonly (readonly [says: string, options: Partial<ProjectOptions>, error: RegExp])[] = [
  ["two syncs of one name", { syncs: [sync(), sync()] }, /^sync customers: 2 syncs have this name/],
  ["a connection listed twice", { connections: [shop, shop, books] }, /^connection shop: 2 connections have this name/],
  ["a port out of range", { port: 70_000 }, /^port: cannot listen on 70000/],
  [
    "a public address without its scheme",
    { publicUrl: "bowline.example.com" },
    /^publicUrl: .*expected an address such as/,
  ],
  [
    "a misspelled limit",
    { limits: { bodyBytesMx: 5 } as never },
    /^limits › bodyBytesMx: .* Did you mean "bodyBytesMax"\?$/,
  ],
  ["a limit of nothing", { limits: { bodyBytesMax: 0 } }, /^limits › bodyBytesMax: cannot use 0/],
  [
    "a setting that the connector refuses",
    { connections: [shop, booksConnector.connect("books", { token: "1", company: "Acme" })] },
    /^connection books › company: expected the company's number$/,
  ],
];

for (const [says, options, error] of PROJECT_ERRORS) {
  test(`an error of the project is told with its place: ${says}`, () => {
    const { errors } = check(options);
    assert.equal(errors.length, 1, lines(errors).join("\n"));
    assert.match(lines(errors)[0] ?? "", error);
  });
}

test("a secret that the environment lacks is named once, by its variable and never by a value", () => {
  const { errors } = check({}, { env: { SHOP_SECRET: "s" } });
  assert.deepEqual(lines(errors), [
    "connection shop › token: the environment has no SHOP_TOKEN: set it, or add it to .env beside the configuration",
  ]);
});

test("every fault is told at once", () => {
  const wrong = sync({ name: "A", freshWithin: "x", onDelete: "y", map: () => ({}) });
  const { errors } = check({ syncs: [wrong], port: -1 }, { env: {} });
  assert.deepEqual(
    errors.map(({ place }) => place),
    [
      "port",
      "connection shop › token",
      "connection shop › webhookSecret",
      "sync A",
      "sync A › onDelete",
      "sync A › freshWithin",
      "sync A › map › name",
    ],
  );
});

function linkedTo(name: string, target: () => Sync, nullable: boolean): Sync {
  const map = ({ link }: AnyTools): unknown => {
    const rule = link?.(target, () => "1");
    return { name: nullable ? rule?.orPark() : rule };
  };
  return sync({ name, map });
}

test("syncs that wait for each other's links for ever are an error, a key that may be absent is the way out", () => {
  const one = linkedTo("one", () => two, true);
  const two: Sync = linkedTo("two", () => three, false);
  const three: Sync = linkedTo("three", () => one, false);
  assert.match(
    lines(check({ syncs: [one, two, three] }).errors).join(),
    /^sync one › map: one → two → three → one: each/,
  );
  const self = ({ constant, link }: AnyTools): unknown => ({
    name: constant?.("x"),
    referrer: link?.(
      () => referred,
      () => null,
    ).orOmit(),
  });
  const referred: Sync = sync({ name: "referred", map: self });
  assert.deepEqual(check({ syncs: [referred] }).errors, []);
});

const unsigned = shopConnector.connect("shop", { token: "1" });

const WARNINGS: readonly (readonly [says: string, options: Partial<ProjectOptions>, warning: RegExp])[] = [
  ["nobody owns it", { syncs: [sync({ owner: undefined })] }, /^sync customers: it has no owner/],
  ["nothing is kept in agreement", { syncs: [] }, /^syncs: there is no sync/],
  [
    "a connection that no sync uses",
    { connections: [shop, books, booksConnector.connect("more", { token: "1", company: "1" })] },
    /^connection more: no sync reads from it or writes to it$/,
  ],
  [
    "asked less often than was promised, webhooks or not",
    { syncs: [sync({ freshWithin: "1m" })] },
    /› freshWithin: a change whose webhook was lost is noticed only every 2m, but 1m is promised/,
  ],
  [
    "asked too often for what the provider allows",
    { syncs: [sync({ everythingEvery: "10s" })] },
    /^connection shop: asking for changes takes about 8,640 calls a day, 60 % of the 14,400/,
  ],
  [
    "a link that gives keys of another system",
    {
      connections: [shop, books, booksConnector.connect("more", { token: "1", company: "1" })],
      syncs: [
        sync({ name: "elsewhere", to: booksConnector.connect("more", { token: "1", company: "1" }).buyers }),
        linkedTo("here", () => sync({ name: "elsewhere" }), false),
      ],
    },
    /^sync here › map › name: it gives keys of more\/buyers, but this sync writes to books\/buyers/,
  ],
];

for (const [says, options, warning] of WARNINGS) {
  test(`a warning is told, and stops nothing: ${says}`, () => {
    const { errors, warnings } = check(options);
    assert.deepEqual(errors, []);
    assert.equal(warnings.length, 1, lines(warnings).join("\n"));
    assert.match(lines(warnings)[0] ?? "", warning);
  });
}

const page = () => Promise.resolve({ records: [] });
const changes = { page, overlapMs: 0 };

for (const [has, reads, isTold] of [
  ["changes", { changes }, true],
  ["changes, and a read", { changes, read: { keysMax: 1, records: () => Promise.resolve([]) } }, false],
  ["changes, and everything", { changes, everything: { page } }, false],
] as const) {
  for (const isSigned of [true, false]) {
    test(`a record that a webhook tells of ${isTold && isSigned ? "may wait for ever, and that is warned of" : "is seen again"}: its resource has ${has}, ${isSigned ? "and webhooks" : "no webhooks"}`, () => {
      const { everything: _everything, ...bare } = shopConnector.resources.customers;
      const customers = defineResource({ ...bare, ...reads } as Resource<{ id: string; name: string }>);
      const connector = defineConnector({ ...shopConnector, resources: { ...shopConnector.resources, customers } });
      const settings = { token: "1", ...(isSigned ? { webhookSecret: "2" } : {}) };
      const told = connector.connect("shop", settings);
      const { errors, warnings } = check({ connections: [told, books], syncs: [sync({ from: told.customers })] });
      assert.deepEqual(errors, []);
      assert.equal(
        lines(warnings).includes(
          "sync customers: shop/customers can be neither read by key nor listed in full: a record of which a webhook tells only the key waits until it changes again, where its change was listed before; give the resource a read or an everything",
        ),
        isTold && isSigned,
      );
    });
  }
}

test("without what signs webhooks a connector's webhooks count for nothing", () => {
  const slow = sync({ from: unsigned.customers, freshWithin: "3m" });
  const { warnings } = check({ connections: [unsigned, books], syncs: [slow] });
  assert.match(lines(warnings)[0] ?? "", /^connection shop › webhookSecret: Small Shop's webhooks are refused/);
  assert.match(lines(warnings)[1] ?? "", /there are no webhooks, and asking every 2m leaves only 1m of 3m to write/);
});

test("a connection that is only written to needs nothing that signs webhooks", () => {
  const shopAgain = shopConnector.connect("again", { token: "1" });
  const { warnings } = check({ connections: [shop, books, shopAgain], syncs: [sync()] });
  assert.deepEqual(lines(warnings), ["connection again: no sync reads from it or writes to it"]);
});

/** A shop whose signing in and limits depend on its settings. */
const planned = defineConnector({
  name: "planned-shop",
  title: "Planned Shop",
  settings: z.object({ token: z.string(), setting: z.string().default("token"), perMinute: z.number().default(100) }),
  baseUrl: () => "https://shop.invalid",
  auth: ({ setting }) => ({ kind: "header", header: "x-token", setting }),
  limits: ({ perMinute }) => [{ kind: "rate", name: "calls", count: perMinute, perMs: 60_000, every: true }],
  resources: shopConnector.resources,
});

function checkPlanned(settings: object) {
  const connection = planned.connect("shop", { token: env("SHOP_TOKEN"), ...settings } as never);
  return check({ connections: [connection, books], syncs: [sync({ from: connection.customers, freshWithin: "1h" })] });
}

test("what a connector makes of its settings is checked with those that the connection has", () => {
  const { errors, warnings } = checkPlanned({ setting: "tokn", perMinute: 0.5 });
  assert.deepEqual(lines(errors), [
    'connection shop › auth › setting: there is no setting "tokn". Did you mean "token"?',
    "connection shop › limits › calls › count: cannot use 0.5: expected a whole number above 0",
  ]);
  assert.deepEqual(warnings, []);
});

test("a limit whose figure is a default of the schema is counted by nobody, and warned of by nobody", () => {
  assert.deepEqual(checkPlanned({}), { errors: [], warnings: [] });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import type { Auth } from "./auth.ts";
import type { Connector, Limit, Webhook } from "./connector.ts";
import { defineConnector, defineResource } from "./define-connector.ts";
import type { Resource } from "./resource.ts";
import type { Schema } from "./schema.ts";

const tickets = defineResource({ name: "tickets", schema: z.object({ id: z.string() }), key: ({ id }) => id });

const define = (resources: Readonly<Record<string, Resource>>) =>
  defineConnector({
    name: "desk",
    title: "Desk",
    settings: z.object({}),
    baseUrl: () => "https://desk.example",
    auth: { kind: "none" },
    limits: [],
    resources,
  });

test("each resource is a property of a connection, under its name", () => {
  assert.equal(define({ tickets }).connect("first", {})["tickets"]?.id, "first/tickets");
});

test("a resource under another name than its own is told where it is written, not where it is missed", () => {
  assert.throws(() => define({ issues: tickets }), {
    name: "TypeError",
    message:
      'could not define the connector desk: the resource "tickets" stands under "issues", and would be found under neither; name both alike',
  });
});

const written = (write: object): Resource => ({ ...tickets, write: { fields: z.object({}), ...write } as never });

test("writes that are to be looked up need something that looks", () => {
  const create = () => Promise.reject(new Error("nobody writes this"));
  const safety = { kind: "lookup", lagMs: 0 } as const;
  assert.throws(() => define({ tickets: written({ create, safety }) }), {
    name: "TypeError",
    message:
      'could not define the connector desk: tickets is written with the safety "lookup" and has no `lookup`; add one, or say "none": a person is asked then',
  });
  define({ tickets: written({ create, safety, lookup: () => Promise.resolve([]) }) });
  define({ tickets: written({ create, safety: { kind: "none" } }) });
});

const settings = z.strictObject({ token: z.string(), clientId: z.string(), privateKey: z.string().optional() });

/** As somebody without a compiler could write it. */
const defineWith = (changes: Partial<Record<keyof Connector, unknown>>) =>
  defineConnector({
    name: "desk",
    title: "Desk",
    settings,
    baseUrl: () => "https://desk.example",
    auth: { kind: "none" },
    limits: [],
    resources: {},
    ...changes,
  } as Connector);

const oauth = { kind: "oauth2", tokenUrl: () => "", clientIdSetting: "clientId", clientAuth: "none" } as const;
const key = { keySetting: "privateKy", algorithm: "ES256" } as const;
const webhook: Webhook = {
  secretSettings: ["token"],
  verify: () => ({ ok: false, reason: "nobody delivers" }),
  dedupeId: () => "",
  events: () => [],
  answerWithinMs: 5_000,
};

const MISNAMED: readonly (readonly [place: string, changes: Partial<Connector<any>>, name: string, meant: string])[] = [
  ["auth › setting", { auth: { kind: "header", header: "x-token", setting: "tokn" } }, "tokn", "token"],
  ["auth › setting", { auth: { kind: "query", parameter: "key", setting: "Token" } }, "Token", "token"],
  ["auth › usernameSetting", { auth: { kind: "basic", usernameSetting: "clientID" } }, "clientID", "clientId"],
  [
    "auth › passwordSetting",
    { auth: { kind: "basic", usernameSetting: "clientId", passwordSetting: "toekn" } },
    "toekn",
    "token",
  ],
  ["auth › keySetting", { auth: { kind: "jwt", ...key, claims: () => ({}) } }, "privateKy", "privateKey"],
  [
    "auth › secretSettings",
    { auth: { kind: "signature", sign: () => ({}), secretSettings: ["token", "privatKey"] } },
    "privatKey",
    "privateKey",
  ],
  ["auth › clientIdSetting", { auth: { ...oauth, clientIdSetting: "client" } }, "client", "clientId"],
  ["auth › clientSecretSetting", { auth: { ...oauth, clientSecretSetting: "tken" } }, "tken", "token"],
  ["auth › refreshTokenSetting", { auth: { ...oauth, refreshTokenSetting: "tokens" } }, "tokens", "token"],
  [
    "auth › clientAuth › keySetting",
    { auth: { ...oauth, clientAuth: { kind: "private-key-jwt", ...key } } },
    "privateKy",
    "privateKey",
  ],
  [
    "auth › assertion › keySetting",
    { auth: { ...oauth, assertion: { ...key, claims: () => ({}) } } },
    "privateKy",
    "privateKey",
  ],
  [
    "certificate › privateKeySetting",
    { certificate: { certificateSetting: "token", privateKeySetting: "privateKeys" } },
    "privateKeys",
    "privateKey",
  ],
  ["webhook › secretSettings", { webhook: { ...webhook, secretSettings: ["token", "tokn"] } }, "tokn", "token"],
];

for (const [place, changes, name, meant] of MISNAMED) {
  test(`a setting that the schema does not have is told where it is named: ${place} ${name}`, () => {
    assert.throws(() => defineWith(changes), {
      name: "TypeError",
      message: `could not define the connector desk: ${place}: there is no setting "${name}". Did you mean "${meant}"?`,
    });
  });
}

const misnamed: Auth = { kind: "header", header: "x-token", setting: "tokn" };
const own: Schema<object> = { "~standard": { version: 1, vendor: "own", validate: () => ({ value: {} }) } };

for (const [says, taken] of [
  ["does not list its settings", own],
  ["takes others than it lists", z.looseObject({ token: z.string() })],
] as const) {
  test(`a schema that ${says} is not guessed about`, () => {
    assert.doesNotThrow(() => defineWith({ settings: taken, auth: misnamed }));
  });
}

test("a way of signing in that does not exist is told with the nearest one", () => {
  assert.throws(() => defineWith({ auth: { kind: "headers", header: "x-token", setting: "token" } }), {
    message:
      'could not define the connector desk: auth › kind: there is no such way of signing in. Did you mean "header"?',
  });
});

const always = { name: "calls", every: true } as const;

const LIMITS: readonly (readonly [fault: string, limit: object])[] = [
  ["count: cannot use NaN: expected a whole number above 0", { kind: "rate", count: Number.NaN, perMs: 1_000 }],
  ["perMs: cannot use 0: expected a whole number above 0", { kind: "rate", count: 1, perMs: 0 }],
  ["perMs: cannot use undefined: expected a whole number above 0", { kind: "rate", count: 1, perMinute: 1 }],
  ["share: cannot use 80: expected a share above 0 and up to 1", { kind: "rate", count: 1, perMs: 1, share: 80 }],
  ['count: cannot use "5": expected a whole number above 0', { kind: "quota", count: "5", day: "rolling" }],
  ["count: cannot use 0.5: expected a whole number above 0", { kind: "concurrency", count: 0.5 }],
  ["perSecond: cannot use -1: expected a number above 0", { kind: "points", size: 100, perSecond: -1 }],
  ["size: cannot use Infinity: expected a number above 0", { kind: "points-window", size: Infinity, perMs: 1_000 }],
  ['kind: there is no such kind of limit. Did you mean "rate"?', { kind: "rates", count: 1, perMs: 1 }],
];

for (const [fault, limit] of LIMITS) {
  test(`a limit by which nobody could count is refused: ${fault}`, () => {
    assert.throws(() => defineWith({ limits: [{ ...always, ...limit }] }), {
      name: "TypeError",
      message: `could not define the connector desk: limits › calls › ${fault}`,
    });
  });
}

test("points may be refilled by less than one in a second", () => {
  const limits: readonly Limit[] = [{ ...always, kind: "points", size: 0.5, perSecond: 0.01 }];
  assert.doesNotThrow(() => defineWith({ limits }));
});

for (const keysMax of [0, -1, 0.5, Number.NaN]) {
  test(`a resource of which ${keysMax} keys are read in a call is refused`, () => {
    const read = { keysMax, records: () => Promise.resolve([]) };
    assert.throws(() => defineWith({ resources: { tickets: { ...tickets, read } } }), {
      message: `could not define the connector desk: resources › tickets › read › keysMax: cannot use ${keysMax}: expected a whole number above 0`,
    });
  });
}

const page = () => Promise.resolve({ records: [] });
const create = () => Promise.reject(new Error("nobody writes this"));
const wait = "a whole number of milliseconds from 0 to 2678400000";
const length = "a whole number of milliseconds from 1 to 3155760000000";
const lengthOrNone = "a whole number of milliseconds from 0 to 3155760000000";

const TIMES: readonly (readonly [fault: string, expected: string, changes: Parameters<typeof defineWith>[0]])[] = [
  ...[undefined, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e15].map((overlapMs) => {
    const resources = { tickets: { ...tickets, changes: { page, overlapMs } } };
    return [`resources › tickets › changes › overlapMs: cannot use ${overlapMs}`, wait, { resources }] as const;
  }),
  [
    "resources › tickets › changes › lookbackMaxMs: cannot use 0",
    length,
    { resources: { tickets: { ...tickets, changes: { page, overlapMs: 0, lookbackMaxMs: 0 } } } },
  ],
  [
    "resources › tickets › write › safety › retentionMs: cannot use NaN",
    length,
    { resources: { tickets: written({ create, safety: { kind: "idempotency-key", retentionMs: Number.NaN } }) } },
  ],
  [
    'resources › tickets › write › safety › lagMs: cannot use "2s"',
    wait,
    { resources: { tickets: written({ create, lookup: create, safety: { kind: "lookup", lagMs: "2s" } }) } },
  ],
  ["webhook › answerWithinMs: cannot use 0", length, { webhook: { ...webhook, answerWithinMs: 0 } }],
  ["auth › refreshAheadMs: cannot use -1", lengthOrNone, { auth: { ...oauth, refreshAheadMs: -1 } }],
  ["auth › graceMs: cannot use NaN", lengthOrNone, { auth: { ...oauth, graceMs: Number.NaN } }],
  ["auth › lifetimeMs: cannot use 0", length, { auth: { ...oauth, lifetimeMs: 0 } }],
  [
    "auth › assertion › lifetimeMs: cannot use -5",
    length,
    { auth: { ...oauth, assertion: { keySetting: "privateKey", lifetimeMs: -5 } } },
  ],
  [
    "limits › calls › fillsEveryMs: cannot use 0.5",
    length,
    { limits: [{ ...always, kind: "points", size: 1, perSecond: 1, fillsEveryMs: 0.5 }] },
  ],
];

for (const [fault, expected, changes] of TIMES) {
  test(`a length of time that makes no sense is refused: ${fault}`, () => {
    assert.throws(() => defineWith(changes), {
      name: "TypeError",
      message: `could not define the connector desk: ${fault}: expected ${expected}`,
    });
  });
}

test("what an answer costs at the most is above nothing", () => {
  assert.throws(() => defineWith({ limits: [{ ...always, kind: "points-window", size: 1, perMs: 1, costMost: 0 }] }), {
    message: /limits › calls › costMost: cannot use 0: expected a number above 0$/,
  });
});

test("all that is wrong with a connector is told at once", () => {
  const together = { most: 0 };
  const resources = { tickets: written({ create, safety: { kind: "none" }, together }) };
  assert.throws(() => defineWith({ auth: misnamed, resources }), {
    message:
      'could not define the connector desk: auth › setting: there is no setting "tokn". Did you mean "token"?; resources › tickets › write › together › most: cannot use 0: expected a whole number above 0',
  });
});

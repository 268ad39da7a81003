import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import type { Credentials } from "../auth/credentials.ts";
import type { Auth } from "../define/auth.ts";
import type { ApiRequest, Connection, Connector } from "../define/connector.ts";
import { defineConnector } from "../define/define-connector.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import { env } from "../define/secret.ts";
import type { RequestEntry } from "../store/store.ts";
import { inProcessNetwork, type FetchHandler } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { createCaller, type CallerOptions } from "./caller.ts";

const ORIGIN = "https://shop.example";
const TOKEN = "tok-0123456789";
const header: Auth = { kind: "header", header: "X-Token", setting: "token" };

type Parts = Partial<Pick<Connector, "auth" | "limits" | "outcome" | "readLimits">>;

function setup(handler: FetchHandler, parts: Parts = {}, options: Partial<CallerOptions> = {}) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const entries: RequestEntry[] = [];
  const connector = defineConnector({
    name: "test",
    title: "Test",
    settings: z.object({ token: z.string(), shop: z.string().default("demo") }),
    baseUrl: () => `${ORIGIN}/api`,
    auth: header,
    limits: [],
    resources: {},
    ...(parts as object),
  });
  const caller = createCaller({
    connection: connector.connect("shop", { token: env("TOKEN"), shop: "demo" }) as Connection<any, any>,
    secrets: () => TOKEN,
    world: { clock, random: new SeededRandom(1), network: inProcessNetwork(new Map([[ORIGIN, handler]]), clock) },
    credentials: undefined as never,
    onReauthorize: (reason) => told.push(reason),
    ...options,
  });
  const api = caller.api({ priority: "live", sync: "s", key: "k", entries });
  const outcomeOf = async (request: ApiRequest): Promise<Outcome> => {
    try {
      await api.request(request);
      return { kind: "done" };
    } catch (error) {
      assert.ok(error instanceof CallFailed, String(error));
      return error.outcome;
    }
  };
  return { clock, caller, api, entries, told, outcomeOf };
}

const get: ApiRequest = { method: "GET", path: "/a" };
const post: ApiRequest = { method: "POST", path: "/a", body: { n: 1 } };
const json = (value: unknown, init?: ResponseInit): Response => Response.json(value, init);
const status = (code: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status: code, headers });

/** Answers each call with the next of these, and the last one from then on. */
function script(...answers: (() => Response | Promise<Response>)[]) {
  const seen: Request[] = [];
  const handler: FetchHandler = async (request) => {
    seen.push(request);
    const answer = answers[Math.min(seen.length, answers.length) - 1]!;
    return answer();
  };
  return { handler, seen };
}

const cut = (): never => {
  throw new Error("cut");
};

test("a call is signed in, sent as JSON and answered with what was parsed", async () => {
  const { handler, seen } = script(() => json({ ok: true }));
  const { api, entries, caller } = setup(handler);
  const answer = await api.request({ ...post, query: { page: 2 } });
  assert.deepEqual(answer.json, { ok: true });
  assert.equal(seen[0]?.url, `${ORIGIN}/api/a?page=2`);
  assert.equal(seen[0]?.headers.get("x-token"), TOKEN);
  assert.equal(seen[0]?.headers.get("content-type"), "application/json");
  assert.deepEqual(await seen[0]?.json(), { n: 1 });
  assert.deepEqual(entries, [
    {
      connection: "shop",
      at: Date.UTC(2026, 7, 20, 12),
      method: "POST",
      url: `${ORIGIN}/api/a?page=2`,
      status: 200,
      outcome: "done",
      durationMs: 0,
      sync: "s",
      key: "k",
      requestBody: '{"n":1}',
      responseBody: '{"ok":true}',
    },
  ]);
  assert.equal(caller.counts().outcomes.done, 1);
  assert.deepEqual([api.settings["token"], { ...api.settings }], [TOKEN, { shop: "demo" }]);
});

test("a write whose answer is lost is unknown and sent once; a read is sent again once", async () => {
  const { handler, seen } = script(cut);
  const { outcomeOf } = setup(handler);
  assert.equal((await outcomeOf(post)).kind, "unknown");
  assert.equal(seen.length, 1);
  assert.equal((await outcomeOf(get)).kind, "unavailable");
  assert.equal(seen.length, 3);
});

test("a read that finds its connection just closed is simply made again", async () => {
  const { handler } = script(cut, () => json([1]));
  const { outcomeOf, caller, entries } = setup(handler);
  assert.equal((await outcomeOf(get)).kind, "done");
  assert.equal(caller.counts().repeated, 1);
  assert.deepEqual(
    entries.map(({ outcome }) => outcome),
    ["unavailable", "done"],
  );
});

test("no answer in time leaves a write unknown, and the time is limited", async () => {
  const { clock, outcomeOf } = setup(() => new Promise(() => {}));
  const outcome = outcomeOf(post);
  await clock.advance(30_000);
  assert.equal((await outcome).kind, "unknown");
});

test("a server error is not repeated on the spot", async () => {
  const { handler, seen } = script(() => status(500));
  const { outcomeOf } = setup(handler);
  assert.deepEqual(
    [(await outcomeOf(get)).kind, (await outcomeOf(post)).kind, seen.length],
    ["unavailable", "unknown", 2],
  );
});

test("the connector's word on an outcome comes before the table", async () => {
  const { handler } = script(() => json({ errors: [{ code: "DUP" }] }));
  const { outcomeOf } = setup(handler, {
    outcome: ({ json: body }) =>
      (body as { errors?: unknown }).errors === undefined ? undefined : { kind: "conflict", code: "DUP" },
  });
  assert.deepEqual(await outcomeOf(post), { kind: "conflict", code: "DUP" });
});

test("a connector that fails to tell an outcome leaves a write unknown, and a read a matter for a person", async () => {
  const { handler } = script(() => json({}));
  const { outcomeOf } = setup(handler, {
    outcome: () => {
      throw new Error("oh");
    },
  });
  assert.deepEqual([(await outcomeOf(post)).kind, (await outcomeOf(get)).kind], ["unknown", "invalid"]);
});

test("throttled, the whole connection waits as long as the provider asks, at most a tenth longer", async () => {
  const { handler, seen } = script(
    () => status(429, { "retry-after": "60" }),
    () => json({}),
  );
  const { clock, caller, outcomeOf } = setup(handler);
  const outcome = await outcomeOf(post);
  assert.equal(outcome.kind, "throttled");
  assert.ok(outcome.retryAfterMs! >= 60_000 && outcome.retryAfterMs! <= 66_000);
  assert.equal(caller.heldUntil(), clock.now() + outcome.retryAfterMs!);
  const held = await outcomeOf(get);
  assert.deepEqual([held.kind, held.held, held.retryAfterMs], ["throttled", true, outcome.retryAfterMs]);
  assert.equal(seen.length, 1);
  await clock.advance(outcome.retryAfterMs!);
  assert.equal(caller.heldUntil(), undefined);
  assert.equal((await outcomeOf(get)).kind, "done");
});

for (const [header_, leastMs, mostMs] of [
  ["2.0", 2_000, 2_200],
  ["Thu, 20 Aug 2026 12:01:00 GMT", 60_000, 66_000],
  ["Thu, 20 Aug 2026 11:59:00 GMT", 0, 0],
  ["99999999999", 86_400_000, 95_040_000],
  ["soon", 1_000, 2_000],
  [undefined, 1_000, 2_000],
] as const) {
  test(`Retry-After ${header_ ?? "left out"} pauses for ${leastMs} to ${mostMs} ms, without one early call`, async () => {
    const { handler, seen } = script(
      () => status(429, header_ === undefined ? {} : { "retry-after": header_ }),
      () => json({}),
    );
    const { clock, caller, outcomeOf } = setup(handler, {}, { limits: { waitMsMax: 0 } });
    await outcomeOf(get);
    const waitMs = (caller.heldUntil() ?? clock.now()) - clock.now();
    assert.ok(waitMs >= leastMs && waitMs <= mostMs, `${waitMs}`);
    if (waitMs > 0) {
      await clock.advance(waitMs - 1);
      assert.equal((await outcomeOf(get)).held, true);
      assert.equal(seen.length, 1);
      await clock.advance(1);
    }
    assert.equal((await outcomeOf(get)).kind, "done");
  });
}

test("a short pause is waited out in line", async () => {
  const { handler } = script(
    () => status(503, { "retry-after": "2" }),
    () => json({}),
  );
  const { clock, outcomeOf } = setup(handler);
  assert.deepEqual((await outcomeOf(post)).kind, "unavailable");
  const next = outcomeOf(post);
  await clock.advance(2_200);
  assert.equal((await next).kind, "done");
});

test("not signed in twice, the connection is given up once and every call held", async () => {
  const { handler, seen } = script(() => status(401));
  const { clock, caller, outcomeOf, told } = setup(handler);
  const outcomes = await Promise.all([outcomeOf(get), outcomeOf(post)]);
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ["reauthorize", "reauthorize"],
  );
  assert.equal(told.length, 1);
  const before = seen.length;
  assert.deepEqual(await outcomeOf(get), {
    kind: "reauthorize",
    held: true,
    retryAfterMs: 60_000,
    reason: "the connection is held: 401 not signed in",
  });
  assert.equal(seen.length, before);
  assert.ok(caller.heldUntil()! > clock.now());
  caller.setConnectionState({ state: "active" });
  assert.equal(caller.heldUntil(), undefined);
});

test("an access token that is refused is refreshed once and the call made again with the new one", async () => {
  const tokens = ["a1", "a2"];
  const refused: string[] = [];
  const credentials: Credentials = {
    accessToken: () => tokens[refused.length]!,
    refused: (_connection, token) => void refused.push(token),
    replaceRefreshToken: async () => {},
  };
  const seen: (string | null)[] = [];
  const handler: FetchHandler = async (request) => {
    seen.push(request.headers.get("authorization"));
    return request.headers.get("authorization") === "Bearer a2" ? json({ echo: "a2-is-echoed" }) : status(401);
  };
  const auth: Auth = {
    kind: "oauth2",
    tokenUrl: () => "https://id.example",
    clientIdSetting: "shop",
    clientSecretSetting: "token",
    clientAuth: "basic",
  };
  const { outcomeOf, told } = setup(handler, { auth }, { credentials });
  assert.equal((await outcomeOf(post)).kind, "done");
  assert.deepEqual([seen, refused, told], [["Bearer a1", "Bearer a2"], ["a1"], []]);
});

test("when no access token is to be had, calls are held and nothing is sent", async () => {
  const { handler, seen } = script(() => json({}));
  const outcome: Outcome = { kind: "unavailable", held: true, retryAfterMs: 20_000, reason: "no access token" };
  const credentials: Credentials = {
    accessToken: () => Promise.reject(new CallFailed(outcome, "no token")),
    refused: () => {},
    replaceRefreshToken: async () => {},
  };
  const auth = {
    kind: "oauth2",
    tokenUrl: () => "https://id.example",
    clientIdSetting: "shop",
    clientSecretSetting: "token",
    clientAuth: "basic",
  } as const;
  const { clock, caller, outcomeOf, told } = setup(handler, { auth }, { credentials });
  assert.deepEqual(await outcomeOf(post), outcome);
  assert.equal(caller.heldUntil(), clock.now() + 20_000);
  assert.deepEqual([seen.length, told], [0, []]);
});

test("a secret that is not set holds the connection and names the variable", async () => {
  const { handler, seen } = script(() => json({}));
  const { outcomeOf, told } = setup(handler, {}, { secrets: () => undefined });
  assert.equal((await outcomeOf(get)).held, true);
  assert.deepEqual([told, seen.length], [["the environment has no TOKEN: set it, and start again"], 0]);
});

test("a provider that fails most calls is left alone, then asked by one call; no work fails of it", async () => {
  let isUp = false;
  const { handler, seen } = script(() => (isUp ? json({}) : status(502)));
  const { clock, caller, outcomeOf } = setup(handler);
  for (let call = 0; call < 20; call += 1) await outcomeOf(get);
  assert.equal(caller.counts().breaker, "open");
  const held = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(post)));
  assert.ok(held.every((outcome) => outcome.held && outcome.kind === "unavailable"));
  assert.equal(seen.length, 20);
  assert.equal(caller.heldUntil(), clock.now() + 15_000);
  await clock.advance(15_000);
  await Promise.all(Array.from({ length: 10 }, () => outcomeOf(get)));
  assert.equal(seen.length, 21, "one call went to see");
  await clock.advance(30_000);
  isUp = true;
  const answers = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(get)));
  assert.equal(answers.filter(({ kind }) => kind === "done").length, 1);
  assert.equal((await outcomeOf(get)).kind, "done");
  assert.equal(caller.counts().breaker, "closed");
});

test("a declared rate is kept, and calls in line go when there is room", async () => {
  const { handler, seen } = script(() => json({}));
  const { clock, outcomeOf, caller } = setup(handler, {
    limits: [
      { kind: "rate", name: "calls", count: 2, perMs: 1_000, every: true },
      { kind: "concurrency", name: "at once", count: 7, every: true },
    ],
  });
  assert.equal(caller.concurrencyMax, 7);
  const all = Promise.all(Array.from({ length: 6 }, () => outcomeOf(get)));
  await clock.advance(0);
  assert.equal(seen.length, 2);
  await clock.advance(1_100);
  assert.equal(seen.length, 4);
  await clock.advance(1_100);
  assert.ok((await all).every(({ kind }) => kind === "done"));
});

test("what answers tell of the limits is learnt", async () => {
  const { handler, seen } = script(() => json({ left: 0 }));
  const { clock, outcomeOf } = setup(
    handler,
    {
      limits: [{ kind: "points", name: "cost", size: 1_000, perSecond: 50, every: true }],
      readLimits: ({ json: body }) => [{ limit: "cost", available: (body as { left: number }).left }],
    },
    { limits: { waitMsMax: 0 } },
  );
  await outcomeOf({ ...get, cost: 100 });
  assert.deepEqual(await outcomeOf({ ...get, cost: 100 }).then(({ held, retryAfterMs }) => [held, retryAfterMs]), [
    true,
    2_500,
  ]);
  await clock.advance(2_500);
  await outcomeOf({ ...get, cost: 100 });
  assert.equal(seen.length, 2);
});

test("a path that leads off the address, or a header that cannot be sent, is a matter for a person", async () => {
  const { handler, seen } = script(() => json({}));
  const { outcomeOf } = setup(handler);
  assert.equal((await outcomeOf({ ...get, path: "/../admin" })).kind, "invalid");
  assert.equal((await outcomeOf({ ...get, path: "https://evil.example/" })).kind, "invalid");
  assert.equal((await outcomeOf({ ...get, headers: { "x-a": "b\nc: d" } })).kind, "invalid");
  assert.equal(seen.length, 0);
});

test("secrets that a provider echoes reach neither the log nor an error", async () => {
  const { handler } = script(() => json({ message: `bad token ${TOKEN}`, password: "pw-1" }, { status: 422 }));
  const { api, entries } = setup(handler);
  const failure = await api
    .request({ ...post, path: `/a?key=${TOKEN}`, body: { note: TOKEN } })
    .catch((error) => error);
  const all = JSON.stringify([entries, failure, failure.message, failure.outcome]);
  assert.ok(!all.includes(TOKEN) && !all.includes("pw-1"), all);
  assert.equal(failure.message, "POST /a of shop ended invalid: 422: bad token [secret]");
});

test("settings that do not fit stop the start and name the setting, not its value", () => {
  const connector = defineConnector({
    name: "test",
    title: "Test",
    settings: z.object({ token: z.string().startsWith("right") }),
    baseUrl: () => ORIGIN,
    auth: header,
    limits: [],
    resources: {},
  });
  const connection = connector.connect("shop", { token: env("TOKEN") }) as Connection<any, any>;
  assert.throws(
    () => setup(async () => json({}), {}, { connection }),
    (error) =>
      error instanceof TypeError && /settings of "shop": token: /.test(error.message) && !error.message.includes(TOKEN),
  );
});

// Figures that make no sense, from providers or from connectors that misread them: none may stop a connection for good.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiRequest, Limit, LimitReading } from "../define/connector.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import { VirtualClock } from "../world/virtual.ts";
import { testCaller } from "./testing/test-caller.ts";

const DAY_MS = 86_400_000;
const GET: ApiRequest = { method: "GET", path: "/" };

interface Told {
  readonly limits?: readonly Limit[];
  readonly reading?: Omit<LimitReading, "limit">;
  /** Each call ends so, not `done`. */
  readonly outcome?: Outcome;
}

/** A provider whose connector makes of each answer what it is told to. */
function setup({ limits = [], ...first }: Told) {
  const clock = new VirtualClock();
  const told: { reading?: Told["reading"] | undefined; outcome?: Outcome | undefined } = first;
  let calls = 0;
  const answer = async (): Promise<Response> => {
    calls += 1;
    return Response.json({});
  };
  const caller = testCaller({
    clock,
    answer,
    limits,
    readLimits: () => (told.reading === undefined ? [] : [{ limit: "limit", ...told.reading }]),
    outcome: () => told.outcome,
  });
  const api = caller.api({ priority: "live", entries: [] });
  /** Undefined: done. Time passes while it stands in line. */
  const call = async (request = GET): Promise<Outcome | undefined> => {
    let error: unknown = "under way";
    void api.request(request).then(
      () => (error = undefined),
      (thrown: unknown) => (error = thrown),
    );
    for (let waitMs = 0; error === "under way"; waitMs = 500) await clock.advance(waitMs);
    if (error !== undefined && !(error instanceof CallFailed)) throw error;
    return error?.outcome;
  };
  return { clock, caller, call, told, calls: () => calls };
}

for (const [wish, waitMsMax] of [
  [Number.NaN, 2_200],
  [Number.POSITIVE_INFINITY, 2_200],
  [-60_000, 2_200],
  [1e303, DAY_MS * 1.1],
] as const) {
  test(`a connector that makes a wait of ${wish} ms of an answer holds its connection for ${waitMsMax} ms at the most`, async () => {
    for (const kind of ["throttled", "unavailable"] as const) {
      const { clock, caller, call, told } = setup({ outcome: { kind, retryAfterMs: wish } });
      const { retryAfterMs = 0 } = (await call()) ?? assert.fail();
      assert.ok(retryAfterMs >= 0 && retryAfterMs <= waitMsMax, `${kind}: ${retryAfterMs}`);
      delete told.outcome;
      const heldUntil = caller.heldUntil() ?? clock.now();
      assert.ok(heldUntil - clock.now() <= waitMsMax, `${kind}: ${heldUntil - clock.now()}`);
      await clock.advance(waitMsMax);
      assert.equal(await call(), undefined, kind);
    }
  });
}

const RATE: Limit = { kind: "rate", name: "limit", count: 5, perMs: 10_000, every: true };
const POINTS: Limit = { kind: "points", name: "limit", size: 100, perSecond: 10, every: true };
const WINDOW: Limit = { kind: "points-window", name: "limit", size: 100, perMs: 10_000, every: true };

for (const limit of [RATE, POINTS, WINDOW]) {
  for (const reading of [
    { available: Number.NaN },
    { available: Number.NEGATIVE_INFINITY },
    { available: -1e15 },
    { available: 0, resetInMs: Number.NaN },
    { available: 0, resetAt: Number.NaN },
    { available: 0, resetAt: Number.NEGATIVE_INFINITY },
    { available: 1e300 },
    { size: Number.NaN },
    { size: Number.POSITIVE_INFINITY },
    { perSecond: Number.NaN },
    { perSecond: Number.POSITIVE_INFINITY },
    { cost: Number.NaN },
    { cost: Number.NEGATIVE_INFINITY },
    { cost: -1e15 },
    { cost: Number.POSITIVE_INFINITY },
    { cost: 1e300 },
  ]) {
    const what = Object.entries(reading).map(([name, figure]) => `${name} ${figure}`);
    test(`a limit of ${limit.kind} that is told ${what.join(" and ")} lets calls go again, and no more than it allows`, async () => {
      const { clock, call, told, calls } = setup({ limits: [limit], reading });
      assert.equal(await call({ ...GET, cost: 20 }), undefined);
      delete told.reading;
      // What it was told may count for a while, as it would if it were true.
      await clock.advance(30_000);
      const began = clock.now();
      while (calls() < 21) {
        await clock.advance((await call({ ...GET, cost: 20 }))?.retryAfterMs ?? 0);
        assert.ok(clock.now() - began <= 60_000, `${calls()} of 21 calls went within a minute`);
      }
      assert.ok(clock.now() - began >= 25_000, `20 calls went within ${clock.now() - began} ms`);
    });
  }
}

test("a cost that is no number is the connector's fault, and is said", async () => {
  for (const cost of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
    const { call } = setup({ limits: [POINTS] });
    await assert.rejects(call({ ...GET, cost }), /cost/);
    assert.equal(await call(), undefined);
  }
});

test("a provider that refuses calls and asks for no wait at all is called once a second, not as fast as it answers", async () => {
  const { clock, call, calls } = setup({ outcome: { kind: "throttled", retryAfterMs: 0 } });
  const began = clock.now();
  while (calls() < 20) await clock.advance((await call())?.retryAfterMs ?? 0);
  assert.ok(clock.now() - began >= 18_000, `20 calls within ${clock.now() - began} ms`);
});

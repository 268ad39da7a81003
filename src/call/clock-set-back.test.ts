// The machine's clock is set back, by a minute or by a year: what holds calls back holds them for as long as was meant.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Limit, LimitReading } from "../define/connector.ts";
import { CallFailed } from "../define/outcome.ts";
import { VirtualClock } from "../world/virtual.ts";
import type { Clock } from "../world/world.ts";
import { testCaller } from "./testing/test-caller.ts";

const SECOND = 1_000;

interface Told {
  readonly limits?: readonly Limit[];
  readonly reading?: Omit<LimitReading, "limit">;
}

function setup({ limits = [], reading }: Told) {
  const steady = new VirtualClock();
  let backMs = 0;
  const clock: Clock = { now: () => steady.now() - backMs, timer: (delayMs, wake) => steady.timer(delayMs, wake) };
  const next = { status: 200 };
  const answer = async (): Promise<Response> => {
    const headers = next.status === 429 ? { "retry-after": "30" } : {};
    return new Response("{}", { status: next.status, headers });
  };
  const readLimits = (): readonly LimitReading[] => (reading === undefined ? [] : [{ limit: "limit", ...reading }]);
  const caller = testCaller({ clock, answer, limits, readLimits, waitMsMax: 0 });
  const goes = async (): Promise<boolean> => {
    try {
      await caller.api({ priority: "live", entries: [] }).request({ method: "POST", path: "/", cost: 20 });
      return true;
    } catch (error) {
      assert.ok(error instanceof CallFailed, String(error));
      return error.outcome.held !== true;
    }
  };
  const held = async (): Promise<boolean> => !(await goes());
  const callUntilHeld = async (): Promise<void> => {
    for (let calls = 0; await goes(); calls += 1) assert.ok(calls < 100, "nothing holds calls back");
  };
  return { steady, next, caller, goes, held, callUntilHeld, setBack: (ms: number): number => (backMs += ms) };
}

const points: Limit = { kind: "points", name: "limit", size: 100, perSecond: 10, every: true };
const rate = (windows: "sliding" | "clock" | "first-call"): Limit => ({
  kind: "rate",
  name: "limit",
  count: 5,
  perMs: 20 * SECOND,
  windows,
  every: true,
});

for (const [how, jumpMs] of [
  ["ten seconds", 10 * SECOND],
  ["an hour", 3_600 * SECOND],
  ["a year", 365 * 86_400 * SECOND],
] as const) {
  for (const [what, told, longestMs] of [
    ["a limit of any stretch of time", { limits: [rate("sliding")] }, 21 * SECOND],
    ["a limit of the provider's clock", { limits: [rate("clock")] }, 31 * SECOND],
    ["a limit that a first call begins", { limits: [rate("first-call")] }, 21 * SECOND],
    ["a bucket of points", { limits: [points] }, 10 * SECOND],
    [
      "a limit that was used up by others",
      { limits: [rate("sliding")], reading: { available: 0, resetInMs: 20 * SECOND } },
      21 * SECOND,
    ],
  ] as const) {
    test(`${what} holds calls no longer when the clock is set back by ${how}`, async () => {
      const { steady, goes, callUntilHeld, setBack } = setup(told);
      await callUntilHeld();
      await steady.advance(SECOND);
      setBack(jumpMs);
      await goes();
      await steady.advance(longestMs);
      assert.equal(await goes(), true);
    });
  }

  test(`a pause that the provider asked for lasts as long when the clock is set back by ${how}`, async () => {
    const { steady, next, caller, goes, held, setBack } = setup({});
    next.status = 429;
    assert.equal(await goes(), true);
    next.status = 200;
    await steady.advance(SECOND);
    setBack(jumpMs);
    assert.ok(caller.heldUntil() !== undefined);
    await steady.advance(28 * SECOND);
    assert.equal(await held(), true, "not too early");
    await steady.advance(6 * SECOND);
    assert.equal(await goes(), true);
  });

  test(`an open breaker finds the provider well again when the clock is set back by ${how}`, async () => {
    const { steady, next, goes, callUntilHeld, setBack } = setup({});
    next.status = 500;
    await callUntilHeld();
    next.status = 200;
    setBack(jumpMs);
    await steady.advance(61 * SECOND);
    assert.equal(await goes(), true);
  });
}

test("the most calls in a stretch are no more for a clock that is set back again and again", async () => {
  const { steady, goes, setBack } = setup({ limits: [rate("sliding")] });
  const times: number[] = [];
  for (let turn = 0; turn < 300; turn += 1) {
    if (await goes()) times.push(steady.now());
    await steady.advance(700);
    if (turn % 7 === 0) setBack(turn * 100);
  }
  for (const at of times) assert.ok(times.filter((other) => other >= at && other < at + 20 * SECOND).length <= 5);
  assert.ok(times.length >= 40, `${times.length}`);
});

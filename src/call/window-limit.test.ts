import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { LimitReading, Windows } from "../define/connector.ts";
import { createTravel } from "./travel.ts";
import { windowLimit, type WindowLimitOptions } from "./window-limit.ts";
import { releaseOf } from "./windows.ts";

type Setup = Pick<WindowLimitOptions, "size" | "perMs"> &
  Partial<Pick<WindowLimitOptions, "share" | "counts" | "costMost">> & { readonly windows?: Windows };

function setup({ windows = "sliding", counts = "calls", ...rest }: Setup) {
  const travel = createTravel();
  const limit = windowLimit({ counts, travel, release: releaseOf(windows, rest.perMs, travel), ...rest });
  const goes = (now: number, cost = 1): boolean => limit.readyAt(now, cost) <= now;
  const call = (
    now: number,
    { answeredAt = now, reading }: { answeredAt?: number; reading?: Omit<LimitReading, "limit"> } = {},
  ): void => {
    limit.take(now, 1);
    limit.give(answeredAt, 1, now, "answered", reading && { limit: "calls", ...reading });
  };
  return { limit, goes, call };
}

/** The most calls in any stretch of `perMs`, both ends counted. */
function mostIn(times: readonly number[], perMs: number): number {
  let most = 0;
  let from = 0;
  for (const [to, at] of times.entries()) {
    while (times[from]! < at - perMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

interface Call {
  readonly gap: number;
  readonly comesInAfter: number;
  readonly answeredAfter: number;
}

const CALLS: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({ gap: fc.nat(3_000), comesInAfter: fc.nat(400), answeredAfter: fc.nat(2_000) }),
  { minLength: 1, maxLength: 300 },
);

/** Sends as the limit lets, and tells when the calls came in at the provider. */
function comeIn({ limit }: ReturnType<typeof setup>, calls: readonly Call[]): readonly number[] {
  const times: number[] = [];
  const answers: { readonly at: number; readonly leftAt: number }[] = [];
  let now = 1_000_000;
  const passTo = (at: number): void => {
    answers.sort((a, b) => a.at - b.at);
    while (answers[0] !== undefined && answers[0].at <= at) {
      const answer = answers.shift()!;
      limit.give(answer.at, 1, answer.leftAt, "answered", undefined);
    }
    now = at;
  };
  for (const { gap, comesInAfter, answeredAfter } of calls) {
    passTo(now + gap);
    passTo(Math.max(now, Math.min(limit.readyAt(now, 1), now + 100_000)));
    if (limit.readyAt(now, 1) > now) continue;
    limit.take(now, 1);
    times.push(now + comesInAfter);
    answers.push({ at: now + comesInAfter + answeredAfter, leftAt: now });
  }
  return times.toSorted((a, b) => a - b);
}

test("no stretch of time holds more calls than the limit, however late they come in and are answered", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 60_000 }), CALLS, (size, perMs, calls) => {
      assert.ok(mostIn(comeIn(setup({ size, perMs }), calls), perMs) <= size);
    }),
  );
});

test("no window of the provider's clock holds more, wherever its clock is within five seconds of ours", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: -5_000, max: 5_000 }),
      CALLS,
      (size, skew, calls) => {
        const perMs = 20_000;
        const windows = new Map<number, number>();
        for (const at of comeIn(setup({ size, perMs, windows: "clock" }), calls)) {
          const window = Math.floor((at + skew) / perMs);
          windows.set(window, (windows.get(window) ?? 0) + 1);
        }
        assert.ok(Math.max(...windows.values()) <= size);
      },
    ),
  );
});

test("no window that a first call begins holds more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), CALLS, (size, calls) => {
      const perMs = 10_000;
      let from = Number.NEGATIVE_INFINITY;
      let count = 0;
      for (const at of comeIn(setup({ size, perMs, windows: "first-call" }), calls)) {
        if (at >= from + perMs) {
          from = at;
          count = 0;
        }
        count += 1;
        assert.ok(count <= size);
      }
    }),
  );
});

test("after a burst a window of the clock is open again at its edge, not a whole window later", () => {
  const { goes, call } = setup({ size: 2, perMs: 3_600_000, windows: "clock" });
  const end = 3_600_000 * 10;
  call(end - 60_000);
  call(end - 50_000);
  assert.equal(goes(end - 1), false);
  assert.equal(goes(end + 5_500), true);
});

test("waiting just as long as it says always leads to a call, and uses nearly the whole limit", () => {
  const { limit, call } = setup({ size: 500, perMs: 60_000 });
  const times: number[] = [];
  let now = 0;
  while (times.length < 5_000) {
    now = Math.max(now, limit.readyAt(now, 1));
    assert.ok(limit.readyAt(now, 1) <= now, "it goes when it was said to go");
    call(now);
    times.push(now);
  }
  assert.ok(mostIn(times, 60_000) <= 500);
  assert.ok(times.length / now >= (0.95 * 500) / 60_000);
});

test("what an answer says is left counts when it is less than we think, and later answers mend it", () => {
  const { goes, call } = setup({ size: 10, perMs: 60_000 });
  call(0, { reading: { available: 2 } });
  call(1);
  call(2, { reading: { available: 0 } });
  assert.equal(goes(3), false);
  // Others gave back, or it was a mistake: the provider shows only our own three.
  call(1_000, { reading: { available: 6 } });
  assert.equal(goes(1_001), true);
});

test("an answer of a call that left before it said less is not believed when it says more", () => {
  const { limit, goes } = setup({ size: 10, perMs: 60_000 });
  limit.take(0, 1);
  limit.take(5, 1);
  limit.give(10, 1, 5, "answered", { limit: "calls", available: 0 });
  limit.give(20, 1, 0, "answered", { limit: "calls", available: 9 });
  assert.equal(goes(21), false);
});

test("nothing goes before the reset that the provider tells when nothing is left", () => {
  const { limit, call } = setup({ size: 10, perMs: 1_000 });
  call(0, { reading: { available: 0, resetInMs: 30_000 } });
  assert.equal(limit.readyAt(0, 1), 31_000);
});

test("an answer can tell of a greater limit", () => {
  const { goes, call } = setup({ size: 1, perMs: 1_000 });
  call(0, { reading: { size: 3 } });
  assert.equal(goes(0), true);
});

test("only our share is used, also of a limit that an answer tells", () => {
  const { limit, call } = setup({ size: 10, perMs: 1_000, share: 0.5 });
  assert.equal(limit.left(0).available, 5);
  call(0, { reading: { size: 100 } });
  assert.equal(limit.left(0).available, 49);
});

test("points are counted by what calls cost, and given back when they cost less", () => {
  const { limit, goes } = setup({ size: 100, perMs: 60_000, counts: "points", costMost: 50 });
  limit.take(0, 1);
  limit.take(0, 1);
  assert.equal(goes(1), false, "each may cost the most");
  limit.give(10, 1, 0, "answered", { limit: "points", cost: 20 });
  limit.give(10, 1, 0, "answered", { limit: "points", cost: 20 });
  assert.equal(goes(11), true);
  assert.equal(limit.left(11).available, 60);
});

test("a cost beyond all measure fills the window, and swallows nothing of what others took", () => {
  const { limit, goes } = setup({ size: 100, perMs: 60_000, counts: "points" });
  limit.take(0, 1);
  limit.give(0, 1, 0, "answered", { limit: "points", cost: 1e300 });
  assert.equal(goes(59_000), false);
  limit.take(30_000, 80);
  limit.give(30_000, 80, 30_000, "answered", undefined);
  assert.equal(limit.left(61_000).available, 20);
});

test("a call that was never sent took nothing", () => {
  const { limit, goes } = setup({ size: 1, perMs: 60_000 });
  limit.take(0, 1);
  assert.equal(goes(1), false);
  limit.give(2, 1, 0, "nothing", undefined);
  assert.equal(goes(3), true);
});

test("a limit of a million a day is kept in little memory and stays exact at its edge, also when put back", () => {
  const day = 86_400_000;
  const { limit, call } = setup({ size: 1_000_000, perMs: day });
  for (let at = 0; at < 1_000_000; at += 1) {
    assert.ok(limit.readyAt(at, 1) <= at);
    call(at);
  }
  assert.ok(limit.readyAt(1_000_000, 1) > day);
  const after = setup({ size: 1_000_000, perMs: day });
  const pieces = limit.pieces();
  assert.ok(pieces.length <= 100);
  after.limit.restore(pieces);
  assert.equal(after.limit.left(1_000_000).available, 0);
  assert.ok(after.limit.readyAt(1_000_000, 1) > day);
});

test("what others use stays known, however slow our own calls were before", () => {
  const { limit, call } = setup({ size: 100, perMs: 10_000 });
  let now = 1_000_000;
  for (let one = 0; one < 100; one += 1, now += 1_000) call(now, { answeredAt: now + 1_000 });
  now += 20_000;
  assert.equal(limit.left(now).available, 100);
  // Others use 60 of the 100 all the time, as each of our answers says.
  for (const ours of [1, 2]) {
    call(now, { answeredAt: now + 10, reading: { available: 100 - 60 - ours } });
    now += 10;
    assert.equal(limit.left(now).available, 100 - 60 - ours);
  }
});

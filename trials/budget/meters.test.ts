import assert from "node:assert/strict";
import { test } from "node:test";
import { atOnceMeter, bucketMeter, clockMeter, firstCallMeter, slidingMeter, type Meter } from "./meters.ts";

const cases: readonly (readonly [string, Meter, readonly (readonly [number, boolean])[]])[] = [
  [
    "a stretch of any second",
    slidingMeter(2, 1_000),
    [
      [0, true],
      [900, true],
      [999, false],
      [1_000, true],
      [1_899, false],
      [1_900, true],
    ],
  ],
  [
    "a second of a clock that is 300 ms ahead",
    clockMeter(2, 1_000, 300),
    [
      [0, true],
      [699, true],
      [699, false],
      [700, true],
    ],
  ],
  [
    "a second that the first call begins",
    firstCallMeter(2, 1_000),
    [
      [500, true],
      [1_499, true],
      [1_499, false],
      [1_500, true],
    ],
  ],
  [
    "a bucket that fills by the second",
    bucketMeter(1, 1, 1_000),
    [
      [0, true],
      [999, false],
      [1_000, true],
    ],
  ],
];

for (const [name, meter, calls] of cases) {
  test(`the meter of ${name} takes and refuses to the millisecond, and counts what it refuses`, () => {
    for (const [at, taken] of calls) assert.equal(meter.comesIn(at, 1), taken, `at ${at}`);
    assert.equal(meter.over, calls.filter(([, taken]) => !taken).length);
  });
}

test("the meter of calls at once knows how much of the time they were in work", () => {
  const meter = atOnceMeter(2);
  assert.deepEqual([meter.comesIn(0, 1), meter.comesIn(0, 1), meter.comesIn(10, 1)], [true, true, false]);
  meter.ends(50);
  assert.equal(meter.utilisation(100), 0.75);
  assert.equal(meter.over, 1);
});

test("what was used of a limit is what whole windows of it hold", () => {
  const meter = slidingMeter(4, 1_000);
  for (const at of [0, 10, 20, 1_500, 1_600]) meter.comesIn(at, 1);
  assert.equal(meter.utilisation(2_100), 5 / 8);
});

test("a window that nobody used was there all the same, and so was the time before one begins", () => {
  const clock = clockMeter(2, 1_000, 300);
  for (const at of [100, 800, 900, 2_800, 2_900, 4_000]) clock.comesIn(at, 1);
  assert.equal(clock.utilisation(4_100), 4 / 6);
  const firstCall = firstCallMeter(2, 1_000);
  for (const at of [500, 2_000, 2_100, 3_500]) firstCall.comesIn(at, 1);
  assert.equal(firstCall.utilisation(3_600), 2 / 4);
  assert.equal(firstCall.utilisation(5_500), 3 / 8);
});

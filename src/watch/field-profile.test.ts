import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../world/virtual.ts";
import { hasVanished, isThere, NEW_PROFILE, sampled, type FieldProfile } from "./field-profile.ts";

function history(share: number, samples: number, seed = 1): FieldProfile {
  const random = new SeededRandom(seed);
  let profile = NEW_PROFILE;
  for (let sample = 0; sample < samples; sample += 1) profile = sampled(profile, random.next() < share);
  return profile;
}

/** How many samples without it until it counts as vanished. */
function missedAfter(profile: FieldProfile, most = 1_000): number | undefined {
  for (let run = 1, now = profile; run <= most; run += 1) {
    now = sampled(now, false);
    if (hasVanished(now)) return run;
  }
  return undefined;
}

const cases: readonly (readonly [share: number, least: number, most: number])[] = [
  [1, 10, 10],
  [0.9, 10, 12],
  [0.5, 14, 60],
];

for (const [share, least, most] of cases) {
  test(`a field that is there in ${share * 100} % of records has vanished after ${least} to ${most} without it`, () => {
    const run = missedAfter(history(share, 400)) ?? Number.NaN;
    assert.ok(run >= least && run <= most, `got ${run}`);
  });
}

test("a field that is not known well is not missed, nor one that was never there", () => {
  assert.equal(missedAfter(history(1, 20), 25), undefined);
  assert.equal(missedAfter(history(0, 500)), undefined);
});

test("over many seeds a field that comes and goes by chance is never missed", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = new SeededRandom(seed);
    const share = 0.3 + 0.7 * random.next();
    let profile = NEW_PROFILE;
    for (let sample = 0; sample < 500; sample += 1) {
      profile = sampled(profile, random.next() < share);
      assert.equal(hasVanished(profile), false, `seed ${seed}, sample ${sample}`);
    }
  }
});

test("what vanished stays so until it is there again", () => {
  let profile = history(1, 200);
  for (let run = 0; run < 2_000; run += 1) profile = sampled(profile, false);
  assert.equal(hasVanished(profile), true);
  assert.equal(hasVanished(sampled(profile, true)), false);
});

test("a field is there when any item of a list has it", () => {
  const record = { a: { b: 0 }, lines: [{ price: "" }, { price: "1" }], none: [], empty: null };
  const there = ["a", "a.b", "lines[]", "lines[].price", "none[].x", "empty", "empty.x", "other"].filter((path) =>
    isThere(record, path),
  );
  assert.deepEqual(there, ["a", "a.b", "lines[]", "lines[].price"]);
});

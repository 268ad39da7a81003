import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim } from "../store/store.ts";
import { fateOfStep, WAITS_MAX } from "./pair-fate.ts";

const claim = (waits: number) => ({ sync: "people", key: "a", attempts: 2, waits }) as unknown as Claim;

test("waits grow, up to a limit, and spend no attempt", () => {
  const until = (waits: number): readonly unknown[] => {
    const fate = fateOfStep(claim(waits), { do: "wait", reason: "r", forMs: 100 }, 1_000);
    return fate.to === "waiting" ? [fate.until, fate.attempts, fate.waits] : [fate.to];
  };
  assert.deepEqual(
    [until(0), until(3)],
    [
      [1_100, 2, 1],
      [1_400, 2, 4],
    ],
  );
  assert.deepEqual(until(500), [1_000 + 100 * WAITS_MAX, 2, 501]);
});

test("what a person put back and is there already is forgotten, and the merge goes on", () => {
  const fate = fateOfStep(claim(0), { do: "nothing", why: "agreed", corrected: true }, 1_000);
  assert.deepEqual(fate, { to: "cleared", why: "agreed", corrected: "", again: true });
});

test("a record that should have been matched by now is a bug", () => {
  assert.throws(() => fateOfStep(claim(0), { do: "match", values: [] }, 1_000), /was to be matched, and was not/);
});

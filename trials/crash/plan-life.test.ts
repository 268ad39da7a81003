import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../src/world/virtual.ts";
import type { PlannedKill } from "./child-lines.ts";
import { KILL_POINTS } from "./kill-points.ts";
import { LifePlanner, type LifePlan } from "./plan-life.ts";

function plans(planner: LifePlanner, count: number): readonly LifePlan[] {
  return Array.from({ length: count }, () => planner.next());
}

test("sixty lives are enough for a kill at each point and at random times", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const lives = plans(new LifePlanner(new SeededRandom(seed)), 60);
    const points = new Set(lives.flatMap((plan) => (plan.kind === "point" ? [plan.kill.point] : [])));
    assert.equal(points.size, KILL_POINTS.length, `seed ${seed}`);
    assert.ok(lives.some(({ kind }) => kind === "soon"));
    assert.ok(lives.some(({ kind }) => kind === "at-work"));
  }
});

test("the same seed plans the same lives", () => {
  const [one, other] = [new LifePlanner(new SeededRandom(3)), new LifePlanner(new SeededRandom(3))];
  assert.deepEqual(plans(one, 40), plans(other, 40));
});

test("a point that was not reached has the next turn, but only once", () => {
  const planner = new LifePlanner(new SeededRandom(1));
  const nextPoint = (): PlannedKill => {
    const plan = planner.next();
    return plan.kind === "point" ? plan.kill : nextPoint();
  };
  const first = nextPoint();
  planner.missed(first);
  assert.equal(nextPoint().point, first.point);
  planner.missed(first);
  assert.notEqual(nextPoint().point, first.point);
});

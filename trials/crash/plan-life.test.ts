import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../src/world/virtual.ts";
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

test("a point that was not reached has the next turn", () => {
  const planner = new LifePlanner(new SeededRandom(1));
  planner.missed({ point: "page:before", time: 1, onceCleared: false });
  const next = plans(planner, 20).find((plan) => plan.kind === "point");
  assert.ok(next?.kind === "point");
  assert.equal(next.kill.point, "page:before");
});

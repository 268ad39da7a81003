import assert from "node:assert/strict";
import { test } from "node:test";
import { CHANGES } from "./changes.ts";
import { optionsOf, PLANTS } from "./options.ts";
import { runTransplant } from "./transplant.ts";

const options = { trials: 2 * Object.keys(CHANGES).length, seed: 1, plant: undefined, json: true };

test("each kind of change is made, none opens anything, and each raises one alert", async () => {
  const { figures, problems } = await runTransplant(options);
  assert.deepEqual(problems, []);
  assert.deepEqual([figures.decrypts, figures.alerts, figures.controls], [0, options.trials, 2]);
});

test("what was not exercised is a problem", async () => {
  const { problems } = await runTransplant({ ...options, trials: 1 });
  assert.equal(problems.length, Object.keys(CHANGES).length - 1);
});

for (const plant of PLANTS) {
  test(`the planted fault ${plant} is found`, async () => {
    const { figures } = await runTransplant({ ...options, plant });
    assert.ok(figures.decrypts > 0);
  });
}

test("a planted fault that nobody knows is wrong usage", () => {
  assert.throws(() => optionsOf(["--plant", "nothing"], 0), /expected one of no-place, short-tag/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_PAGES_MAX, Rounds } from "./rounds.ts";

for (const [lead, length] of [
  [0, 1],
  [0, 2],
  [3, 7],
  [100, 1],
  [1, 500],
] as const) {
  test(`a circle of ${length} places after ${lead} others is noticed within three times as many`, () => {
    const rounds = new Rounds();
    const placeAt = (step: number): string => (step < lead ? `${step}` : `round ${(step - lead) % length}`);
    let steps = 0;
    const goOn = (): void => {
      for (; ; steps += 1) rounds.goOn("shop/orders", placeAt(steps));
    };
    assert.throws(goOn, { name: "CallFailed", message: /^could not list shop\/orders to its end/ });
    assert.ok(steps >= lead + length && steps <= 3 * (lead + length) + 1, `noticed after ${steps}`);
  });
}

test("what leads on is no circle, and a listing that begins again may go the same way", () => {
  const rounds = new Rounds();
  for (let listing = 0; listing < 3; listing += 1) {
    rounds.begin();
    for (let step = 0; step < 1_000; step += 1) rounds.goOn("shop/orders", `${step}`);
  }
});

test("a listing that leads on for ever with nothing on its pages is noticed, and one with something now and then is not", () => {
  const rounds = new Rounds();
  for (let page = 1; page <= 2 * EMPTY_PAGES_MAX; page += 1) rounds.goOn("orders", String(page), page % 100 !== 0);
  const lead = (): void => {
    for (let page = 1; page <= EMPTY_PAGES_MAX + 1; page += 1) rounds.goOn("orders", `e${page}`, true);
  };
  assert.throws(lead, /could not list orders to its end: .* 5001 pages in a row were empty, up to e5001/);
  rounds.begin();
  rounds.goOn("orders", "1", true);
});

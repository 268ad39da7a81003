import assert from "node:assert/strict";
import { test } from "node:test";
import { askedAt } from "./asked-at.ts";

const NOON = Date.UTC(2026, 7, 20, 12);
const HOUR = 3_600_000;
const asked = (date: string | undefined, endedAt = NOON + 2_000) =>
  askedAt({ headers: date === undefined ? {} : { date } }, { beganAt: NOON, endedAt });

const CASES: readonly [what: string, date: string | undefined, at: number | undefined][] = [
  ["by a clock like ours: when we asked", "Thu, 20 Aug 2026 12:00:02 GMT", NOON],
  ["by a clock that is ten minutes behind", "Thu, 20 Aug 2026 11:50:02 GMT", NOON - 600_000],
  ["by a clock that is in another time zone", "Thu, 20 Aug 2026 22:00:02 GMT", NOON + 10 * HOUR],
  ["by a clock that is years off: not told", "Thu, 01 Jan 1970 00:00:00 GMT", undefined],
  ["by a text that is no time: not told", "yesterday", undefined],
  ["without the header: not told", undefined, undefined],
];

for (const [what, date, at] of CASES) test(`asked ${what}`, () => assert.equal(asked(date), at));

test("our own clock being set back meanwhile makes nothing later", () => {
  assert.equal(asked("Thu, 20 Aug 2026 12:00:02 GMT", NOON - HOUR), NOON + 2_000);
});

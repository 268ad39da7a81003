import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, durationText } from "./time-text.ts";

for (const [durationMs, text] of [
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [7_199_999, "1 h"],
  [172_800_000, "2 d"],
] as const) {
  test(`${durationMs} ms are shown as ${text}`, () => assert.equal(durationText(durationMs), text));
}

test("a time is shown by how long ago it was, and exactly for machines", () => {
  const at = Date.UTC(2026, 7, 20, 12, 0, 5);
  const shown = ago(at, at + 90_000).toString();
  assert.match(shown, />1 min ago</);
  assert.match(shown, /datetime="2026-08-20T12:00:05.000Z" title="2026-08-20 12:00:05 UTC"/);
  assert.match(ago(at, at - 5_000).toString(), />just now</);
});

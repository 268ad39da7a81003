// Widths as terminals draw them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cutToWidth, displayWidth } from "./display-width.ts";

const WIDTHS: readonly (readonly [text: string, width: number])[] = [
  ["", 0],
  ["order", 5],
  ["Zoë", 3],
  ["Zoe\u0308", 3],
  ["山田太郎", 8],
  ["ﾊﾝｶｸ", 4],
  ["Ａ１", 4],
  ["한국어", 6],
  ["👍", 2],
  ["👨‍👩‍👧‍👦", 2],
  ["🇩🇪", 2],
  ["❤️", 2],
  ["1️⃣", 2],
  ["©", 1],
  ["\u001b[31mred\u001b[39m", 3],
  ["zero\u200bwidth", 9],
];
for (const [text, width] of WIDTHS) {
  test(`${JSON.stringify(text)} takes ${width} columns`, () => assert.equal(displayWidth(text), width));
}

test("a text is cut between characters, never inside one", () => {
  assert.equal(cutToWidth("山田太郎", 6), "山田…");
  assert.equal(cutToWidth("山田太郎", 8), "山田太郎");
  assert.equal(cutToWidth("👨‍👩‍👧‍👦 family", 4), "👨‍👩‍👧‍👦 …");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { instantOf, unixSeconds } from "./seconds.ts";

test("a time with an offset becomes seconds since 1970, and back in UTC", () => {
  assert.equal(unixSeconds("2026-08-20T14:00:00+02:00"), 1_787_227_200);
  assert.equal(unixSeconds("2026-08-20T12:00:00.999Z"), 1_787_227_200);
  assert.equal(instantOf(1_787_227_200), "2026-08-20T12:00:00Z");
});

test("a time that does not say where is refused", () => {
  for (const text of ["2026-08-20T14:00:00", "2026-08-20", "", "soon"]) {
    assert.throws(() => unixSeconds(text), /expected one with its offset/);
  }
});

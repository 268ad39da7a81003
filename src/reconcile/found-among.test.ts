import assert from "node:assert/strict";
import { test } from "node:test";
import { foundAmong } from "./found-among.ts";

const NOBODY = { candidates: [], rivals: [] };
const other = { candidates: [{ key: "m", linked: false }], rivals: [] };
const own = { candidates: [], rivals: ["c"] };

test("the first alternative that finds anybody on the other side decides, or else the first on its own", () => {
  const by =
    (...answers: readonly (typeof other | typeof own | typeof NOBODY)[]) =>
    (alternative: number) =>
      answers[alternative] ?? NOBODY;
  assert.deepEqual(foundAmong(["x", "y"], by(NOBODY, other)), { value: "y", ...other });
  assert.deepEqual(foundAmong(["x", "y"], by(own, other)), { value: "y", ...other });
  assert.deepEqual(foundAmong(["x", "y"], by(own, own)), { value: "x", ...own });
  assert.deepEqual(foundAmong([null, "y"], by(other, own)), { value: "y", ...own });
  assert.deepEqual(foundAmong([null, null], by(other, own)), NOBODY);
});

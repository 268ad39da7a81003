import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { verifyHmac, type HmacSignature } from "./hmac.ts";

const body = new TextEncoder().encode('{"a":1}');
const sign = (secret: string, as: "hex" | "base64", hash = "sha256"): string =>
  createHmac(hash, secret).update("17.").update(body).digest(as);
const proves = (changes: Partial<HmacSignature>): boolean =>
  verifyHmac({ given: sign("new", "hex"), signed: ["17.", body], secrets: ["new"], as: "hex", ...changes }).ok;

for (const [what, changes, isProven] of [
  ["a signature by the secret", {}, true],
  ["one in capitals", { given: sign("new", "hex").toUpperCase() }, true],
  ["one in base64", { given: sign("new", "base64"), as: "base64" }, true],
  ["one of another hash that was declared", { given: sign("new", "hex", "sha1"), hash: "sha1" }, true],
  ["one by the secret before", { secrets: ["newest", "new"] }, true],
  ["one of several", { given: [sign("old", "hex"), sign("new", "hex")] }, true],
  ["one by another secret", { given: sign("old", "hex") }, false],
  ["one of other bytes", { signed: ["18.", body] }, false],
  ["half of it", { given: sign("new", "hex").slice(0, 32) }, false],
  ["none", { given: undefined }, false],
  ["an empty one", { given: "" }, false],
  ["an empty list", { given: [] }, false],
  ["one without a secret to compare with", { secrets: [] }, false],
  ["one by an empty secret", { given: sign("", "hex"), secrets: [""] }, false],
  ["one of the eleventh place", { given: [...Array<string>(10).fill("00"), sign("new", "hex")] }, false],
] as const satisfies readonly (readonly [string, Partial<HmacSignature>, boolean])[]) {
  test(`${what} ${isProven ? "proves" : "does not prove"} a delivery`, () => {
    assert.equal(proves(changes), isProven);
  });
}

test("why a delivery was not taken is said for the log", () => {
  const refused = verifyHmac({ given: undefined, signed: [body], secrets: ["a"], as: "hex" });
  assert.deepEqual(refused, { ok: false, reason: "there is no signature" });
  const unfit = verifyHmac({ given: "00", header: "x-signature", signed: [body], secrets: ["a"], as: "hex" });
  const reason = "the signature in the header x-signature is of other bytes or another secret";
  assert.deepEqual(unfit, { ok: false, reason });
});

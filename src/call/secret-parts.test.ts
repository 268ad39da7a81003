import assert from "node:assert/strict";
import { test } from "node:test";
import { PART_CHARS_MIN, SecretParts } from "./secret-parts.ts";

const SECRET = 'kT9fQ2mZx7Lw"B4/vRj8+Ns3Hc6Yd1';
const parts = new SecretParts();
parts.add(SECRET);
parts.add("Another0Secret1Of2Quite3Another4Kind");

test("every part of twelve characters is put out of sight, wherever it begins and whatever is around it", () => {
  for (let length = PART_CHARS_MIN; length <= SECRET.length; length += 1) {
    for (let from = 0; from + length <= SECRET.length; from += 1) {
      for (let around = 0; around < PART_CHARS_MIN; around += 1) {
        const before = "_".repeat(around);
        const text = `${before}${SECRET.slice(from, from + length)}~ after`;
        assert.equal(parts.clean(text, "[secret]"), `${before}[secret]~ after`);
      }
    }
  }
});

test("a shorter part stays, since it may be met by chance", () => {
  const part = SECRET.slice(0, PART_CHARS_MIN - 1);
  assert.equal(parts.clean(`${part}!`, "[secret]"), `${part}!`);
});

test("a part is found however it was coded, cut, or coded twice", () => {
  const bytes = Buffer.from(SECRET);
  for (const coded of [
    JSON.stringify(SECRET),
    encodeURIComponent(SECRET),
    bytes.toString("hex").toUpperCase(),
    bytes.toString("base64").slice(3, 33),
    Buffer.from(`user:${SECRET}`).toString("base64url"),
    Buffer.from(encodeURIComponent(SECRET)).toString("hex"),
  ]) {
    const clean = parts.clean(`<${coded}>`, "");
    assert.ok(clean.length < PART_CHARS_MIN, clean);
  }
});

test("a secret full of characters to escape is found in a document inside a document", () => {
  const awkward = new SecretParts();
  const secret = 'aB3dE6g"H9jK2m\\N5pQ8s"T1vW4x';
  awkward.add(secret);
  const twice = JSON.stringify(JSON.stringify(secret)).slice(3, -3);
  assert.equal(awkward.clean(`<${twice}>`, "*"), "<*>");
  assert.equal(awkward.clean(`<${twice.slice(0, 25)}`, "*"), "<*");
});

test("several secrets in one text go, and what is between them stays", () => {
  assert.equal(parts.clean(`${SECRET} and Another0Secret1Of2, ${SECRET}`, "*"), "* and *, *");
  const text = "nothing secret is here, only some words and 0123456789012345678901234567890";
  assert.equal(parts.clean(text, "*"), text);
});

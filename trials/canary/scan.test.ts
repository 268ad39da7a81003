import assert from "node:assert/strict";
import { test } from "node:test";
import { Scanner } from "./scan.ts";

const SECRET = 'kT9fQ2mZx7Lw5B"4vRj8N\\s3Hc6&Yd1pG0';
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const onPage = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

function formsSeen(text: string): readonly string[] {
  const scanner = new Scanner([SECRET]);
  scanner.scan("here", `before ${text}~ after`);
  return scanner.hits.map(({ form }) => form);
}

const ESCAPES = [
  ["plain", (text: string) => text],
  ["JSON", inJson],
  ["JSON in JSON", (text: string) => inJson(inJson(text))],
  ["page", onPage],
] as const;

for (const [name, escape] of ESCAPES) {
  test(`every part of twelve characters is a hit, and none of eleven, written as ${name}`, () => {
    for (let from = 0; from + 12 <= SECRET.length; from += 1) {
      assert.notDeepEqual(formsSeen(escape(SECRET.slice(from, from + 12))), [], `from ${from}`);
      assert.deepEqual(formsSeen(escape(SECRET.slice(from, from + 11))), [], `from ${from}`);
    }
  });
}

test("a part that was coded as bytes is a hit however it begins", () => {
  for (const before of ["", "a", "ab"]) {
    const coded = Buffer.from(before + SECRET).toString("base64url");
    assert.notDeepEqual(formsSeen(coded), []);
  }
  assert.deepEqual(formsSeen(Buffer.from(SECRET).toString("hex").slice(0, 12)), ["hex"]);
});

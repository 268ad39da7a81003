import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonFault } from "./json-check.ts";

function fault(text: string): string | undefined {
  return jsonFault(Buffer.from(text));
}

test("whatever JSON.stringify writes is accepted", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      assert.equal(fault(JSON.stringify(value, null, indent)), undefined);
    }),
    { numRuns: 300 },
  );
});

test("what JSON.parse refuses is refused, and what it takes is taken, after any one byte is changed", () => {
  const text = '{"k11":[1,-2.5e+3,true,false,null],"k22":{"k33":"x\\u00e9\\n","k44":[]},"k55":{},"k66":"é"}';
  const original = Buffer.from(text);
  for (let at = 0; at < original.length; at += 1) {
    for (const byte of [...Buffer.from('{}[]",:0-.eE+\\u tn\n'), 0, 1, 0x7f, 0x80, 0xff]) {
      const changed = Buffer.from(original);
      changed[at] = byte;
      const taken = jsonFault(changed) === undefined;
      assert.equal(taken, isPlainJson(changed), JSON.stringify(changed.toString()));
    }
  }
});

test("a text cut short is refused at every length", () => {
  const text = Buffer.from('{"a":[1,{"b":"c"}],"d":true}');
  for (let length = 0; length < text.length; length += 1) {
    assert.notEqual(jsonFault(text.subarray(0, length)), undefined);
  }
});

for (const [name, text, expected] of [
  ["a key twice", '{"id":1,"id":2}', 'the key "id" twice in one object at byte 8'],
  ["a key twice deep inside", '[{"x":[{"a":1,"b":2,"a":3}]}]', 'the key "a" twice in one object at byte 20'],
  ["a key twice, once escaped", '{"id":1,"\\u0069d":2}', 'the key "\\u0069d" twice in one object at byte 8'],
  ["a key that would change prototypes", '{"__proto__":{}}', "the key __proto__ at byte 1"],
  ["such a key, escaped", '{"\\u005f_proto__":{}}', "the key __proto__ at byte 1"],
  ["nothing", "", "not valid JSON: it ends too early, after 0 bytes"],
  ["more after the end", "{} {}", "not valid JSON at byte 3"],
  ["a byte order mark", "\uFEFF{}", "not valid JSON at byte 0"],
] as const) {
  test(`refuses ${name}`, () => assert.equal(fault(text), expected));
}

test("the same key in different objects is fine", () => {
  assert.equal(fault('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}'), undefined);
});

test("finds a key twice among very many, quickly", () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `"k${index}":1`);
  assert.equal(fault(`{${keys.join()}}`), undefined);
  assert.match(fault(`{${keys.join()},"k49999":2}`) ?? "", /"k49999" twice/);
  assert.match(fault(`{${keys.join()},"k3":2}`) ?? "", /"k3" twice/);
});

test("takes 64 levels and refuses the 65th", () => {
  assert.equal(fault("[".repeat(64) + "]".repeat(64)), undefined);
  assert.equal(fault("[".repeat(65) + "]".repeat(65)), "nested deeper than 64 at byte 64");
  assert.match(fault('{"a":'.repeat(100_000)) ?? "", /nested deeper than 64/);
});

function isPlainJson(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return value !== undefined;
  } catch {
    return false;
  }
}

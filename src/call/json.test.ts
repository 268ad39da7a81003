import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JsonRefused, parseJsonStrict } from "./json.ts";

test("what JSON.parse reads is read alike", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const wanted: unknown = JSON.parse(text);
      if (text.includes("__proto__")) return;
      assert.deepEqual(parseJsonStrict(Buffer.from(text)), roundedAway(text) ? parseJsonStrict(text) : wanted);
    }),
  );
});

test("what JSON.parse refuses is refused, whatever was put into a text or in the place of something", () => {
  const odd = fc.constantFrom(
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "-",
    "1e400",
    "12345678901234567890",
    ".5",
    "\t",
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), odd, fc.nat(), fc.nat(3), (text, put, at, instead) => {
      const place = at % (text.length + 1);
      const spoiled = text.slice(0, place) + put + text.slice(place + instead);
      assert.equal(isRead(parseLoosely, spoiled), isRead(JSON.parse, spoiled), spoiled);
    }),
    { numRuns: 1000 },
  );
});

test("a quick look overlooks no number that would be changed, wherever it stands", () => {
  const digits = (least: number) => fc.stringMatching(new RegExp(`^(0|[1-9][0-9]{${least},18})$`));
  const part = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: "" });
  const number = fc
    .tuple(
      fc.constantFrom("", "-"),
      digits(0),
      part(fc.stringMatching(/^\.[0-9]{1,18}$/)),
      part(fc.stringMatching(/^[eE][+-]?[0-9]{1,4}$/)),
    )
    .map((parts) => parts.join(""));
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      number,
      fc.string().map((text) => JSON.stringify(text)),
      fc.array(tie("node"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
      fc.array(tie("node"), { maxLength: 4 }).map((items) => `{${items.map((item, at) => `"k${at}":${item}`).join()}}`),
    ),
  }));
  fc.assert(
    fc.property(node, (text) => assert.deepEqual(parseLoosely(text), parseJsonStrict(text), text)),
    { numRuns: 2_000 },
  );
});

test("numbers at the edges of what a number holds are kept, in an answer as in a webhook", () => {
  for (const text of [
    "1e400",
    "-1e400",
    "1e-400",
    "-0.1e-0399",
    "1.234567e-320",
    "0e-400",
    "0",
    "-0",
    "1e22",
    "5e-324",
  ])
    assert.deepEqual(parseLoosely(`{"n":[${text}]}`), parseJsonStrict(`{"n":[${text}]}`), text);
  assert.deepEqual(parseLoosely("[1e400, 1e-400, 1.234567e-320]"), ["1e400", "1e-400", "1.234567e-320"]);
});

const parseLoosely = (text: string): unknown => parseJsonStrict(text, { strictKeys: false });

function isRead(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Numbers that JSON.parse rounds are kept as text here. */
function roundedAway(text: string): boolean {
  return /[\d.]{16}|\de/i.test(text);
}

for (const [name, text, code] of [
  ["a key twice in one object", '{"a":1,"b":{"c":1,"c":2}}', "duplicate-key"],
  ["a key twice, once escaped", '{"a":1,"\\u0061":2}', "duplicate-key"],
  ["__proto__ as a key", '{"a":{"__proto__":{"admin":true}}}', "forbidden-key"],
  ["__proto__ as an escaped key", '{"\\u005f_proto__":1}', "forbidden-key"],
  ["half a text", '{"a":', "malformed"],
  ["a string that does not end", '{"a":"b\\"', "malformed"],
  ["a number with leading zeros", "[012345678901234567890]", "malformed"],
  ["two values", "1 12345678901234567890", "malformed"],
  ["nothing", "", "malformed"],
] as const) {
  test(`${name} is refused as ${code}`, () => {
    assert.throws(() => parseJsonStrict(text), refusedAs(code));
    assert.throws(() => parseJsonStrict(Buffer.from(text)), refusedAs(code));
  });
}

test("64 levels are read and 65 are refused, without a deep stack", () => {
  assert.ok(parseJsonStrict("[".repeat(64) + "]".repeat(64)));
  assert.throws(() => parseJsonStrict("[".repeat(65) + "]".repeat(65)), refusedAs("too-deep"));
  assert.throws(() => parseJsonStrict('{"a":'.repeat(100_000)), refusedAs("too-deep"));
  assert.ok(parseLoosely('{"a":'.repeat(64) + "1" + "}".repeat(64)));
  assert.throws(() => parseLoosely("[".repeat(100_000) + "]".repeat(100_000)), refusedAs("too-deep"));
});

test("brackets, colons and quotes inside strings count for nothing", () => {
  const value = { 'a"[{:': `${"[".repeat(100)}\\"`, b: "\\" };
  assert.deepEqual(parseJsonStrict(JSON.stringify(value)), value);
});

test("bytes that are not UTF-8 are refused, and a byte order mark is not seen", () => {
  assert.throws(() => parseJsonStrict(Buffer.from([0x22, 0xff, 0x22])), refusedAs("not-utf8"));
  assert.deepEqual(parseJsonStrict(Buffer.from("\ufeff[1]")), [1]);
});

test("a text over the limit is refused before it is looked at", () => {
  assert.throws(() => parseJsonStrict("[1,2,3]", { bytesMax: 6 }), refusedAs("too-large"));
});

test("whole numbers that a number cannot hold are kept exactly, as text", () => {
  const read = parseJsonStrict(
    '{"a":9007199254740993,"b":-9007199254740993, "c":9007199254740991,"d":1.2345678901234567,"e":1E21,"f":[18446744073709551615]}',
  );
  assert.deepEqual(read, {
    a: "9007199254740993",
    b: "-9007199254740993",
    c: 9007199254740991,
    d: 1.2345678901234567,
    e: 1e21,
    f: ["18446744073709551615"],
  });
});

for (const [number, read] of [
  ["12345678901234.56", 12345678901234.56],
  ["123456789012345678.90", "123456789012345678.90"],
  ["0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"],
  ["100.0000000000000000", 100],
  ["0.30000000000000004", 0.30000000000000004],
  ["1e400", "1e400"],
  ["-1e400", "-1e400"],
  ["1E-400", "1E-400"],
  ["1e2", 100],
  ["0e5", 0],
  ["1.5e+3", 1500],
  ["-0", -0],
  ["9007199254740994", "9007199254740994"],
] as const) {
  test(`${number} is read as ${JSON.stringify(read)}`, () => {
    assert.deepEqual(parseJsonStrict(`{"a":[${number}]}`), { a: [read] });
    assert.deepEqual(parseJsonStrict(number), read);
  });
}

for (const text of [
  "NaN",
  "[Infinity]",
  "[-Infinity]",
  "01",
  "[1-12345678901234567890]",
  "[.12345678901234567]",
  "1.5.12345678901234567",
  "[1e]",
  "{12345678901234567890:1}",
  '{"a":1,1e400 :2}',
]) {
  test(`${text} is no JSON`, () => assert.throws(() => parseJsonStrict(text), refusedAs("malformed")));
}

function refusedAs(code: JsonRefused["code"]): (error: unknown) => boolean {
  return (error) => error instanceof JsonRefused && error.code === code;
}

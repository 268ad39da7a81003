import assert from "node:assert/strict";
import { test } from "node:test";
import Big from "big.js";
import fc from "fast-check";
import { boolean } from "./boolean.ts";
import { type Converter, converter } from "./converter.ts";
import { decimal } from "./decimal.ts";
import { instant } from "./instant.ts";
import { integer } from "./integer.ts";
import { isoDate } from "./iso-date.ts";
import { lowerCase } from "./lower-case.ts";
import { text } from "./text.ts";

type Case = readonly [convert: Converter<never, unknown>, from: unknown, to: unknown];

const NEW_YORK = isoDate("America/New_York");

const CASES: readonly Case[] = [
  [NEW_YORK, "2026-08-20T03:00:00Z", "2026-08-19"],
  [NEW_YORK, "2026-08-20T04:00:00Z", "2026-08-20"],
  [NEW_YORK, "2026-01-01T04:59:59.999Z", "2025-12-31"],
  [NEW_YORK, "2026-08-20T23:30:00-04:00", "2026-08-20"],
  [isoDate("Asia/Kolkata"), "2026-08-20T18:30:00Z", "2026-08-21"],
  [isoDate("UTC"), "2024-02-29T12:00:00+13:00", "2024-02-28"],
  [instant(), "2026-08-20T14:00:00.000+02:00", "2026-08-20T12:00:00Z"],
  [instant(), "2026-08-20T12:00:00.5Z", "2026-08-20T12:00:00.5Z"],
  [decimal(2), "19.995", "20.00"],
  [decimal(2), "-0.005", "-0.01"],
  [decimal(2), "-0.001", "0.00"],
  [decimal(0), "0.5", "1"],
  [decimal(3), "7", "7.000"],
  [decimal(2), "+1.10", "1.10"],
  [decimal(2), "12345678901234567890.125", "12345678901234567890.13"],
  [text(), "  Tea\n", "Tea"],
  [text({ max: 3 }), "ab  cd", "ab"],
  [text({ max: 2 }), "🫖🍰🥄", "🫖🍰"],
  [text({ max: 2 }), "🫖🍰", "🫖🍰"],
  [integer(), " -12 ", -12],
  [integer(), 12, 12],
  [integer(), "-0", 0],
  [boolean(), "Yes", true],
  [boolean(), 0, false],
  [lowerCase(), " Ann@Example.COM ", "ann@example.com"],
];

for (const [convert, from, to] of CASES) {
  test(`${convert.rule}: ${JSON.stringify(from)} becomes ${JSON.stringify(to)}`, () => {
    assert.equal(Object.is(convert(from as never), to), true, `it became ${String(convert(from as never))}`);
  });
}

const REFUSED: readonly (readonly [Converter<never, unknown>, unknown, RegExp])[] = [
  [NEW_YORK, "2026-08-20", /expected an instant with its offset/],
  [NEW_YORK, "2026-08-20T12:00:00", /could not convert "2026-08-20T12:00:00"/],
  [instant(), "yesterday", /expected an instant/],
  [decimal(2), "1,299.90", /expected decimal text such as "1299.90"/],
  [decimal(2), "1e3", /expected decimal text/],
  [decimal(2), "", /expected decimal text/],
  [decimal(2), 19.9, /could not convert 19.9: expected decimal text/],
  [decimal(2), "1".repeat(61), /expected decimal text/],
  [integer(), "1.5", /expected a whole number/],
  [integer(), 2 ** 53, /expected a whole number that is exact/],
  [boolean(), "maybe", /expected true or false/],
  [text(), 5, /expected text/],
];

for (const [convert, from, message] of REFUSED) {
  test(`${convert.rule}: ${JSON.stringify(from).slice(0, 30)} is refused, saying what was expected`, () => {
    assert.throws(() => convert(from as never), message);
  });
}

const UNUSABLE: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["an unknown time zone", () => isoDate("America/New York"), /expected a time zone of the IANA list/],
  ["negative digits", () => decimal(-1), /expected a whole number of digits/],
  ["text cut at nothing", () => text({ max: 0 }), /at least 1/],
];

for (const [says, make, message] of UNUSABLE) {
  test(`a converter that cannot work is refused when it is made: ${says}`, () => assert.throws(make, message));
}

test("one's own converter carries the name it was given", () => {
  const initials = converter("initials", (name: string) => name.slice(0, 1));
  assert.equal(initials("Ann"), "A");
  assert.equal(initials.rule, "initials");
});

const amounts = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 0, max: 12 }))
  .map(([minus, digits, places]) => {
    const padded = String(digits).padStart(places + 1, "0");
    const at = padded.length - places;
    return `${minus ? "-" : ""}${padded.slice(0, at)}${places === 0 ? "" : `.${padded.slice(at)}`}`;
  });

test("an amount is never further than half a unit of its last digit from what it was, and rounding again changes nothing", () => {
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 8 }), (amount, digits) => {
      const rounded = decimal(digits)(amount);
      const half = new Big(10).pow(-digits).times("0.5");
      assert.ok(new Big(rounded).minus(amount).abs().lte(half), `${amount} became ${rounded}`);
      assert.equal(decimal(digits)(rounded), rounded);
      assert.match(rounded, digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
    }),
  );
});

test("the day in a zone is what the platform's calendar of that zone says", () => {
  const zones = ["America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/London", "UTC"];
  const instants = fc.date({ min: new Date("1990-01-01"), max: new Date("2037-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (timeZone, at) => {
      const wanted = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
      assert.equal(isoDate(timeZone)(at.toISOString()), wanted);
    }),
  );
});

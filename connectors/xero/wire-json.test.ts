import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayOf, instantOf, secondsText } from "./ms-date.ts";
import { readXeroJson, writeXeroJson } from "./wire-json.ts";

test("a moment and a day are told from Xero's dates", () => {
  assert.equal(instantOf("/Date(1541176290160+0000)/"), "2018-11-02T16:31:30.160Z");
  assert.equal(instantOf("/Date(1541176290160)/"), "2018-11-02T16:31:30.160Z");
  assert.equal(dayOf("/Date(1539993600000+0000)/"), "2018-10-20");
  assert.equal(dayOf("/Date(-86400000+0000)/"), "1969-12-31");
  // Midnight in Auckland, told with its distance from UTC.
  assert.equal(dayOf("/Date(1539946800000+1300)/"), "2018-10-20");
  assert.equal(dayOf("/Date(1540008000000-0400)/"), "2018-10-20");
  for (const wrong of ["/Date()/", "2018-10-20", "/Date(99999999999999999)/", "/Date(999999999999999)/"]) {
    assert.deepEqual([instantOf(wrong), dayOf(wrong)], [undefined, undefined], wrong);
  }
});

test("seconds are cut, never rounded up", () => {
  assert.equal(secondsText(Date.UTC(2026, 7, 20, 12, 0, 0, 999)), "2026-08-20T12:00:00");
});

test("each field's date takes its own form, and what is no date stays", () => {
  const text =
    '{"Date":"/Date(1539993600000+0000)/","UpdatedDateUTC":"/Date(1541176290160+0000)/","Reference":"/Date/"}';
  const read = { Date: "2018-10-20", UpdatedDateUTC: "2018-11-02T16:31:30.160Z", Reference: "/Date/" };
  assert.deepEqual(readXeroJson(text), read);
});

test("money comes as text with its own digits, quantities without needless zeros, other numbers as they are", () => {
  const text =
    '{"Total":40.00,"UnitAmount":19.9025,"Quantity":2.0000,"AmountDue":0,"page":1,"Outstanding":12345678901234.10}';
  assert.deepEqual(readXeroJson(text), {
    Total: "40.00",
    UnitAmount: "19.9025",
    Quantity: "2",
    AmountDue: "0.00",
    page: 1,
    Outstanding: "12345678901234.10",
  });
});

test("an amount without end stays a number, which no schema takes", () => {
  assert.deepEqual(readXeroJson('{"Total":1e999}'), { Total: Number.POSITIVE_INFINITY });
});

test("any amount that is written comes back as it was", () => {
  const amount = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat({ max: 99 }));
  fc.assert(
    fc.property(amount, ([whole, cents]) => {
      const Total = `${whole}.${String(cents).padStart(2, "0")}`;
      assert.deepEqual(readXeroJson(writeXeroJson({ Total })), { Total });
    }),
  );
});

test("text that is no amount leaves as text, also under the name of one", () => {
  assert.equal(writeXeroJson({ Total: "a lot", Name: "1.50" }), '{"Total":"a lot","Name":"1.50"}');
});

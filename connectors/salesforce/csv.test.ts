import assert from "node:assert/strict";
import { test } from "node:test";
import { recordsOfCsv } from "./csv.ts";

const kinds = new Map([
  ["Amount", "money"],
  ["IsWon", "boolean"],
  ["Employees", "number"],
  ["SystemModstamp", "dateTime"],
] as const);

test("a row becomes the record that the REST API would show", () => {
  const csv =
    '"Id","Name","Amount","IsWon","Employees","SystemModstamp"\n"006","Say ""hi"",\nO\'Neil","1.2345678E7","true","12","2026-11-21T05:11:00.000Z"\n';
  assert.deepEqual(recordsOfCsv(csv, { kinds }), [
    {
      Id: "006",
      Name: 'Say "hi",\nO\'Neil',
      Amount: "12345678.00",
      IsWon: true,
      Employees: 12,
      SystemModstamp: "2026-11-21T05:11:00.000+0000",
    },
  ]);
});

test("an empty column is null, and no rows are no records", () => {
  assert.deepEqual(recordsOfCsv('"Id","Amount"\n"006",""\n', { kinds }), [{ Id: "006", Amount: null }]);
  assert.deepEqual(recordsOfCsv('"Id","Amount"\n', { kinds }), []);
});

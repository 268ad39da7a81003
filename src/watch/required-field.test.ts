import assert from "node:assert/strict";
import { test } from "node:test";
import { requiredField } from "./required-field.ts";

const cases: readonly (readonly [reason: string, field: string | undefined])[] = [
  ["REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]", "LastName"],
  ["Required parameter Line is missing in the request", "Line"],
  ["Missing required param: customer.", "customer"],
  ["customer.email can't be blank", "customer.email"],
  ["Required property 'email' was missing", "email"],
  ["Due date: DueDate is mandatory", "DueDate"],
  ["Contact must be specified", "Contact"],
  ['"taxCode" is required', "taxCode"],
  ["Duplicate Document Number Error", undefined],
  ["the amount has too many digits", undefined],
  ["authentication is required", undefined],
];

for (const [reason, field] of cases) {
  test(`${field ?? "no field"} is wanted by: ${reason}`, () => assert.equal(requiredField(reason), field));
}

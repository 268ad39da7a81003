// Money crosses this border as text. Salesforce writes its numbers as doubles ("1500.0", from eight digits on "1.2345678E7"):
// they are read from their own digits, and written with exactly the digits that were given.
import { readExactNumbers, writeExactNumbers, type NumberKind } from "../../src/define/exact-numbers.ts";

export type Decimals = ReadonlyMap<string, NumberKind>;

export const DECIMAL = /^-?\d{1,18}(\.\d{1,17})?$/;

/** Parses JSON; numbers in the named fields become text in the one form that equal numbers share. */
export function readDecimalJson(text: string, decimals: Decimals): unknown {
  return decimals.size === 0 ? JSON.parse(text) : readExactNumbers(text, (field) => decimals.get(field));
}

/** Writes JSON; text in the named fields leaves as a number with exactly these digits. */
export function writeDecimalJson(value: unknown, decimals: Decimals): string {
  return writeExactNumbers(value, (field, text) => decimals.has(field) && DECIMAL.test(text));
}

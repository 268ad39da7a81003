// Numbers of JSON with exactly the digits they were written with, as text: 0.1 + 0.2 and 12345678901234.10 do not survive
// binary floating point.
import { Big } from "big.js";

/** `money` is shown with at least two digits behind the point, any other `decimal` without needless zeros. */
export type NumberKind = "money" | "decimal";

/** JSON in which each number still has its digits; the language's own types do not know these two parts of it yet. */
export const SourceJson = JSON as unknown as {
  parse(text: string, reviver: SourceReviver): unknown;
  /** What is written as it stands. */
  rawJSON(text: string): unknown;
};

export type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const CENTS_DIGITS = 2;
/** An absurd exponent would become megabytes of zeros. */
const EXPONENT_MAX = 40;
const NUMBER = /^-?\d+(\.\d+)?(E[+-]?\d{1,6})?$/i;

/** A number of some JSON as text, in the one form that equal numbers share. Undefined: no number, or an absurd one. */
export function numberText(source: string, kind: NumberKind): string | undefined {
  if (!NUMBER.test(source) || Math.abs(new Big(source).e) > EXPONENT_MAX) return undefined;
  return kind === "money" ? moneyText(source) : decimalText(source);
}

/** "19.9" and "19.900" are both "19.90"; "0.125" stays as it is. */
export function moneyText(text: string): string {
  return plain(text, CENTS_DIGITS);
}

/** "2.00" is "2". */
export function decimalText(text: string): string {
  return plain(text, 0);
}

/** Parses JSON; the numbers in fields that have a kind become text. Absurd ones stay numbers, and fail the schema. */
export function readExactNumbers(text: string, kindOf: (field: string) => NumberKind | undefined): unknown {
  return SourceJson.parse(text, (field, value, { source }) => {
    const kind = typeof value === "number" && source !== undefined ? kindOf(field) : undefined;
    return kind === undefined ? value : (numberText(source ?? "", kind) ?? value);
  });
}

/** Writes JSON; text that is an exact number leaves as a number with exactly these digits. */
export function writeExactNumbers(value: unknown, isNumber: (field: string, text: string) => boolean): string {
  return JSON.stringify(value, (field, part: unknown) =>
    typeof part === "string" && isNumber(field, part) ? SourceJson.rawJSON(decimalText(part)) : part,
  );
}

function plain(text: string, digitsMin: number): string {
  const number = new Big(text);
  const shortest = number.eq(0) ? "0" : number.toFixed();
  const [whole = "0", fraction = ""] = shortest.split(".");
  const padded = fraction.padEnd(digitsMin, "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

// Money crosses this border as text. Salesforce writes its numbers as doubles ("1500.0", from eight digits on "1.2345678E7"):
// they are read from their own digits, and written with exactly the digits that were given.
import { Big } from "big.js";

export type Decimals = ReadonlyMap<string, "money" | "decimal">;

export const DECIMAL = /^-?\d{1,18}(\.\d{1,17})?$/;
const CENTS_DIGITS = 2;
const EXPONENT_MAX = 40;

// The language's own types do not know these two parts of JSON yet.
const RawJson = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

/** Parses JSON; numbers in the named fields become text in the one form that equal numbers share. */
export function readDecimalJson(text: string, decimals: Decimals): unknown {
  if (decimals.size === 0) return JSON.parse(text);
  return RawJson.parse(text, (key, value, { source }) => {
    const kind = typeof value === "number" && source !== undefined ? decimals.get(key) : undefined;
    return kind === undefined ? value : (numberText(source ?? "", kind) ?? value);
  });
}

/** Writes JSON; text in the named fields leaves as a number with exactly these digits. */
export function writeDecimalJson(value: unknown, decimals: Decimals): string {
  return JSON.stringify(value, (key, part: unknown) =>
    typeof part === "string" && decimals.has(key) && DECIMAL.test(part) ? RawJson.rawJSON(plain(part, 0)) : part,
  );
}

/** Undefined: no number, or one so absurd that it would become megabytes of zeros. */
export function numberText(text: string, kind: "money" | "decimal"): string | undefined {
  if (!/^-?\d+(\.\d+)?(E[+-]?\d{1,6})?$/i.test(text)) return undefined;
  if (Math.abs(new Big(text).e) > EXPONENT_MAX) return undefined;
  return kind === "money" ? moneyText(text) : decimalText(text);
}

/** "19.9" and "19.900" are both "19.90"; "0.125" stays as it is. */
export function moneyText(text: string): string {
  return plain(text, CENTS_DIGITS);
}

/** "2.00" is "2". */
export function decimalText(text: string): string {
  return plain(text, 0);
}

function plain(text: string, digitsMin: number): string {
  const number = new Big(text);
  const shortest = number.eq(0) ? "0" : number.toFixed();
  const [whole = "0", fraction = ""] = shortest.split(".");
  const padded = fraction.padEnd(digitsMin, "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

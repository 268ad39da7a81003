// Money crosses this border as text: QuickBooks' JSON numbers are read and written digit by digit, because 0.1 + 0.2 and
// 12345678901234.10 do not survive binary floating point.
import { Big } from "big.js";

/** Fields that hold money: shown with at least two digits behind the point. */
const MONEY = new Set([
  "Amount",
  "Balance",
  "BalanceWithJobs",
  "Deposit",
  "DiscountAmt",
  "HomeBalance",
  "HomeTotalAmt",
  "NetAmountTaxable",
  "PurchaseCost",
  "RemainingCredit",
  "TotalAmt",
  "TotalTax",
  "UnappliedAmt",
  "UnitPrice",
]);

/** Fields that hold other exact numbers: shown without needless zeros. */
const QUANTITIES = new Set(["DiscountPercent", "ExchangeRate", "Qty", "QtyOnHand", "ReorderPoint", "TaxPercent"]);

export const DECIMAL = /^-?\d{1,20}(\.\d{1,15})?$/;
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

/** Parses JSON; the fields named above become text in the one form that equal numbers share. */
export function readDecimalJson(text: string): unknown {
  return RawJson.parse(text, (key, value, { source }) =>
    typeof value === "number" && source !== undefined ? (decimalOf(key, source) ?? value) : value,
  );
}

/** Parses JSON so that {@link writeDecimalJson} gives back every number with exactly the digits it came with. */
export function readExactJson(text: string): unknown {
  return RawJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined ? RawJson.rawJSON(source) : value,
  );
}

/** Writes JSON; text in the fields named above leaves as a number with exactly these digits. */
export function writeDecimalJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) =>
    typeof part === "string" && (MONEY.has(key) || QUANTITIES.has(key)) && DECIMAL.test(part)
      ? RawJson.rawJSON(plain(part, 0))
      : part,
  );
}

/** "19.9" and "19.900" are both "19.90"; "0.125" stays as it is. */
export function moneyText(text: string): string {
  return plain(text, CENTS_DIGITS);
}

/** "2.00" is "2". */
export function quantityText(text: string): string {
  return plain(text, 0);
}

function decimalOf(field: string, source: string): string | undefined {
  const isMoney = MONEY.has(field);
  if (!isMoney && !QUANTITIES.has(field)) return undefined;
  // An absurd exponent would become megabytes of zeros; such a number stays a number and fails the schema.
  if (Math.abs(new Big(source).e) > EXPONENT_MAX) return undefined;
  return isMoney ? moneyText(source) : quantityText(source);
}

function plain(text: string, digitsMin: number): string {
  const number = new Big(text);
  const shortest = number.eq(0) ? "0" : number.toFixed();
  const [whole = "0", fraction = ""] = shortest.split(".");
  const padded = fraction.padEnd(digitsMin, "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

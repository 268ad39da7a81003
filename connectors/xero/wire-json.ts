// Where Xero's JSON becomes ours: money as text with its own digits (0.1 + 0.2 and 12345678901234.10 do not survive binary
// floating point), days and moments in ISO 8601.
import { Big } from "big.js";
import { dayOf, instantOf, isMsDate } from "./ms-date.ts";

/** Fields that hold money or a price: shown with at least two digits behind the point. */
const MONEY = new Set([
  "Amount",
  "AmountCredited",
  "AmountDue",
  "AmountPaid",
  "AppliedAmount",
  "BankAmount",
  "CISDeduction",
  "DiscountAmount",
  "LineAmount",
  "Outstanding",
  "Overdue",
  "RemainingCredit",
  "SubTotal",
  "TaxAmount",
  "Total",
  "TotalCostPool",
  "TotalDiscount",
  "TotalTax",
  "UnitAmount",
  "UnitPrice",
]);

/** Fields that hold other exact numbers: shown without needless zeros. */
const QUANTITIES = new Set(["CISRate", "CurrencyRate", "Discount", "DiscountRate", "Quantity", "QuantityOnHand"]);

/** Fields that hold a moment; every other date is a day. */
const MOMENTS = new Set(["CreatedDateUTC", "DateTimeUTC", "DateUTC", "UpdatedDateUTC"]);

export const DECIMAL = /^-?\d{1,18}(\.\d{1,10})?$/;
const CENTS_DIGITS = 2;
const EXPONENT_MAX = 40;

// The language's own types do not know these two parts of JSON yet.
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const SourceJson = JSON as unknown as {
  parse(text: string, reviver: SourceReviver): unknown;
  rawJSON(text: string): unknown;
};

export function readXeroJson(text: string): unknown {
  return SourceJson.parse(text, (key, value, { source }) => {
    if (typeof value === "number" && source !== undefined) return decimalOf(key, source) ?? value;
    if (typeof value === "string" && isMsDate(value)) return MOMENTS.has(key) ? instantOf(value) : dayOf(value);
    return value;
  });
}

/** Text in the number fields above leaves as a number with exactly these digits. */
export function writeXeroJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) =>
    typeof part === "string" && (MONEY.has(key) || QUANTITIES.has(key)) && DECIMAL.test(part)
      ? SourceJson.rawJSON(plain(part, 0))
      : part,
  );
}

/** "19.9" and "19.900" are both "19.90"; "0.1255" stays as it is. */
export function moneyText(text: string): string {
  return plain(text, CENTS_DIGITS);
}

/** "2.0000" is "2". */
export function quantityText(text: string): string {
  return plain(text, 0);
}

function decimalOf(field: string, source: string): string | undefined {
  const isMoney = MONEY.has(field);
  if (!isMoney && !QUANTITIES.has(field)) return undefined;
  // An absurd exponent would become megabytes of zeros; such a number stays one, and fails the schema.
  if (Math.abs(new Big(source).e) > EXPONENT_MAX) return undefined;
  return isMoney ? moneyText(source) : quantityText(source);
}

function plain(text: string, digitsMin: number): string {
  const number = new Big(text);
  const [whole = "0", fraction = ""] = (number.eq(0) ? "0" : number.toFixed()).split(".");
  const padded = fraction.padEnd(digitsMin, "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

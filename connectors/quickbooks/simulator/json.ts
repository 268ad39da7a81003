// Reads and writes the simulator's JSON with numbers that count money kept as text, digit by digit.
import { decimal, decimalText } from "./decimal.ts";

const NUMBERS = new Set([
  "Amount",
  "Balance",
  "BalanceWithJobs",
  "Deposit",
  "DiscountAmt",
  "DiscountPercent",
  "ExchangeRate",
  "HomeBalance",
  "HomeTotalAmt",
  "NetAmountTaxable",
  "PurchaseCost",
  "Qty",
  "QtyOnHand",
  "RemainingCredit",
  "ReorderPoint",
  "TaxPercent",
  "TotalAmt",
  "TotalTax",
  "UnappliedAmt",
  "UnitPrice",
]);

// The language's own types do not know these two parts of JSON yet.
const RawJson = JSON as unknown as { rawJSON(text: string): unknown };
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const keepDigits: SourceReviver = (key, value, { source }) =>
  typeof value === "number" && NUMBERS.has(key) ? source : value;

export function readJson(text: string): unknown {
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

/** Numbers leave without needless zeros, so "19.90" comes back as 19.9: a client has to bear that. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== "string" || !NUMBERS.has(key)) return part;
    const number = decimal(part);
    return number === undefined ? part : RawJson.rawJSON(decimalText(number));
  });
}

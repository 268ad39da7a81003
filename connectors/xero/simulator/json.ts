// Reads what clients send with each number's own digits, and writes numbers with as many digits as Xero shows.
import { Big } from "big.js";

/** Digits behind the point, by field; prices as many as the caller asked for. */
const DIGITS: Readonly<Record<string, number | "price">> = {
  Amount: 2,
  AmountCredited: 2,
  AmountDue: 2,
  AmountPaid: 2,
  BankAmount: 2,
  CurrencyRate: 6,
  DiscountRate: 2,
  LineAmount: 2,
  Outstanding: 2,
  Overdue: 2,
  Quantity: 4,
  QuantityOnHand: 4,
  RemainingCredit: 2,
  SubTotal: 2,
  TaxAmount: 2,
  Total: 2,
  TotalCostPool: 2,
  TotalDiscount: 2,
  TotalTax: 2,
  UnitAmount: "price",
  UnitPrice: "price",
};

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d{1,2})?$/i;

// The language's own types do not know these two parts of JSON yet.
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const RawJson = JSON as unknown as {
  parse(text: string, reviver: SourceReviver): unknown;
  rawJSON(text: string): unknown;
};

export function readJson(text: string): unknown {
  return RawJson.parse(text, (key, value, { source }) =>
    typeof value === "number" && key in DIGITS && source !== undefined ? source : value,
  );
}

export function writeJson(value: unknown, priceDigits: number): string {
  return JSON.stringify(value, (key, part: unknown) => {
    const digits = DIGITS[key];
    // What a client sent wrongly is shown to it as it is.
    if (digits === undefined || typeof part !== "string" || !NUMBER.test(part)) return part;
    return RawJson.rawJSON(new Big(part).toFixed(digits === "price" ? priceDigits : digits, Big.roundHalfUp));
  });
}

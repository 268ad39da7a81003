// Where Xero's JSON becomes ours: money as text with its own digits, days and moments in ISO 8601.
import { numberText, SourceJson, writeExactNumbers, type NumberKind } from "../../src/define/exact-numbers.ts";
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

export function readXeroJson(text: string): unknown {
  return SourceJson.parse(text, (field, value, { source }) => {
    if (typeof value === "number" && source !== undefined) {
      const kind = kindOf(field);
      return kind === undefined ? value : (numberText(source, kind) ?? value);
    }
    if (typeof value === "string" && isMsDate(value)) return MOMENTS.has(field) ? instantOf(value) : dayOf(value);
    return value;
  });
}

/** Text in the number fields above leaves as a number with exactly these digits. */
export function writeXeroJson(value: unknown): string {
  return writeExactNumbers(value, (field, text) => kindOf(field) !== undefined && DECIMAL.test(text));
}

function kindOf(field: string): NumberKind | undefined {
  if (MONEY.has(field)) return "money";
  return QUANTITIES.has(field) ? "decimal" : undefined;
}

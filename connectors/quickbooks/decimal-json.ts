// Money crosses this border as text: QuickBooks' JSON numbers are read and written digit by digit, whatever a
// binary number would make of them.
import { readExactNumbers, SourceJson, writeExactNumbers, type NumberKind } from "../../src/define/exact-numbers.ts";

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

/** Parses JSON; the fields named above become text in the one form that equal numbers share. */
export function readDecimalJson(text: string): unknown {
  return readExactNumbers(text, kindOf);
}

/** Parses JSON so that {@link writeDecimalJson} gives back every number with exactly the digits it came with. */
export function readExactJson(text: string): unknown {
  return SourceJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined ? SourceJson.rawJSON(source) : value,
  );
}

/** Writes JSON; text in the fields named above leaves as a number with exactly these digits. */
export function writeDecimalJson(value: unknown): string {
  return writeExactNumbers(value, (field, text) => kindOf(field) !== undefined && DECIMAL.test(text));
}

function kindOf(field: string): NumberKind | undefined {
  if (MONEY.has(field)) return "money";
  return QUANTITIES.has(field) ? "decimal" : undefined;
}

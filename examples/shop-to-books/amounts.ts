// Arithmetic with amounts of money, which are decimal text and never floating point.
import Big from "big.js";

/** "19.90" × 3 is "59.70". */
export function times(amount: string, quantity: number): string {
  return new Big(amount).times(quantity).toFixed(2);
}

/** The amount, or null when it is nothing at all: "0", "0.0", "0.00". */
export function something(amount: string | undefined): string | null {
  return amount === undefined || new Big(amount).eq(0) ? null : amount;
}

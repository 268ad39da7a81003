// What is sold on an invoice's line or as an invoice item: an amount, a price, or a price made for it alone.
import { z } from "zod";
import * as shape from "./shapes.ts";

const priceData = z
  .strictObject({
    currency: shape.currency,
    product: shape.id,
    unit_amount: shape.amount.optional(),
    unit_amount_decimal: shape.decimal.optional(),
    tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
  })
  .refine(
    ({ unit_amount, unit_amount_decimal }) => (unit_amount === undefined) !== (unit_amount_decimal === undefined),
    "price_data has either unit_amount or unit_amount_decimal",
  );

export const soldFields = {
  /** The whole line's, in minor units; it may be negative. Without `quantity`. */
  amount: shape.amount.optional(),
  /** An active one-time price. */
  pricing: z.strictObject({ price: shape.id }).optional(),
  price_data: priceData.optional(),
  quantity: z.int().min(0).optional(),
  description: shape.text().optional(),
  discountable: z.boolean().optional(),
  period: shape.period.optional(),
  metadata: shape.metadata.optional(),
};

export const ONE_WAY = "is sold by exactly one of amount, pricing and price_data, and an amount has no quantity";

interface Sold {
  readonly amount?: number | undefined;
  readonly pricing?: object | undefined;
  readonly price_data?: object | undefined;
  readonly quantity?: number | undefined;
}

export function isSoldOneWay({ amount, pricing, price_data: data, quantity }: Sold): boolean {
  const ways = [amount, pricing, data].filter((way) => way !== undefined);
  return ways.length === 1 && (amount === undefined || quantity === undefined);
}

export const invoiceLine = z.strictObject(soldFields).refine(isSoldOneWay, `a line ${ONE_WAY}`);
export type InvoiceLine = z.output<typeof invoiceLine>;

const pricingRecord = z.object({
  type: z.string().optional(),
  unit_amount_decimal: shape.maybeText,
  price_details: z.object({ price: shape.reference, product: z.string() }).nullish(),
});

export const soldRecord = {
  amount: shape.amount,
  currency: z.string(),
  description: shape.maybeText,
  discountable: z.boolean(),
  period: z.object({ start: shape.seconds, end: shape.seconds }),
  pricing: pricingRecord.nullish(),
  quantity: z.number().nullish(),
};

export const lineRecord = z.object({
  ...shape.everyRecord("line_item"),
  ...soldRecord,
  subtotal: shape.amount.optional(),
  parent: z
    .object({
      type: z.string(),
      invoice_item_details: z.object({ invoice_item: z.string().nullish() }).nullish(),
      subscription_item_details: z.object({ subscription: z.string().nullish() }).nullish(),
    })
    .nullish(),
});
export type StripeInvoiceLine = z.output<typeof lineRecord>;

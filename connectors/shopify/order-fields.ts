// What can be written of an order: much when it is made, little afterwards.
import { z } from "zod";
import type { OrderRecord } from "./order-record.ts";
import { addressInput, addressInputOf, currencyCode, dateTime, decimal, gid } from "./shapes.ts";

const amount = z.object({ amount: decimal, currencyCode });
const moneyBagInput = z.object({ shopMoney: amount, presentmentMoney: amount.optional() });
const taxLineInput = z.object({ title: z.string(), rate: decimal, priceSet: moneyBagInput.optional() });

export const orderFields = z.object({
  lineItems: z
    .array(
      z.object({
        variantId: gid.optional(),
        productId: gid.optional(),
        title: z.string().optional(),
        sku: z.string().optional(),
        quantity: z.number().int().min(1),
        priceSet: moneyBagInput.optional(),
        taxable: z.boolean().optional(),
        requiresShipping: z.boolean().optional(),
        taxLines: z.array(taxLineInput).optional(),
      }),
    )
    .min(1),
  shippingLines: z
    .array(
      z.object({
        title: z.string(),
        code: z.string().optional(),
        priceSet: moneyBagInput,
        taxLines: z.array(taxLineInput).optional(),
      }),
    )
    .optional(),
  currency: currencyCode.optional(),
  customerId: gid.optional(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  note: z.string().nullish(),
  poNumber: z.string().nullish(),
  tags: z.array(z.string()).optional(),
  billingAddress: addressInput.optional(),
  shippingAddress: addressInput.optional(),
  financialStatus: z.enum(["AUTHORIZED", "PAID", "PARTIALLY_PAID", "PENDING"]).optional(),
  processedAt: dateTime.optional(),
  taxesIncluded: z.boolean().optional(),
  test: z.boolean().optional(),
  sourceName: z.string().optional(),
  /** Your own name for the order, unique among yours: it is found again by it. Default: a name made for this write. */
  sourceIdentifier: z.string().optional(),
});
export type OrderFields = z.infer<typeof orderFields>;

/** What Shopify lets be changed once the order is there. Line items need its order editing, which this does not do. */
export const CHANGEABLE = ["email", "phone", "note", "poNumber", "tags", "shippingAddress"] as const;

export function isChangeable(field: string): field is (typeof CHANGEABLE)[number] {
  return (CHANGEABLE as readonly string[]).includes(field);
}

/** Of the fields, those that the order shows as they were written. The rest of the base is what was sent. */
export function orderFieldsOf(record: OrderRecord): Partial<OrderFields> {
  return {
    email: record.email,
    phone: record.phone,
    note: record.note,
    poNumber: record.poNumber,
    tags: [...record.tags],
    ...(record.shippingAddress === null ? {} : { shippingAddress: addressInputOf(record.shippingAddress) }),
  };
}

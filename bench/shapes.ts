// The shapes of the bench's order and invoice as schemas, checked by Bowline at its border as any provider's are.
import { z } from "zod";
import type { Invoice } from "./invoice.ts";
import type { Order } from "./order.ts";

const address = z.object({
  name: z.string(),
  street: z.string(),
  city: z.string(),
  postalCode: z.string(),
  country: z.string(),
  phone: z.string(),
});

export const orderShape: z.ZodType<Order> = z.object({
  id: z.string(),
  name: z.string(),
  updatedAt: z.string(),
  createdAt: z.string(),
  processedAt: z.string(),
  currency: z.string(),
  financialStatus: z.string(),
  totalPrice: z.string(),
  totalTax: z.string(),
  customer: z.object({ id: z.string(), email: z.string(), firstName: z.string(), lastName: z.string() }),
  billingAddress: address,
  shippingAddress: address,
  shippingMethod: z.string(),
  lineItems: z.array(
    z.object({
      sku: z.string(),
      title: z.string(),
      quantity: z.number(),
      price: z.string(),
      taxable: z.boolean(),
    }),
  ),
  note: z.string().nullable(),
  tags: z.array(z.string()),
  gateway: z.string(),
  landingPage: z.string(),
  cancelReason: z.string().nullable(),
  clientDetails: z.string(),
});

export const invoiceShape: z.ZodType<Invoice> = z.object({
  DocNumber: z.string(),
  TxnDate: z.string(),
  DueDate: z.string(),
  CustomerRef: z.string(),
  CustomerName: z.string(),
  CurrencyRef: z.string(),
  BillEmail: z.string(),
  BillStreet: z.string(),
  BillCity: z.string(),
  BillPostalCode: z.string(),
  BillCountry: z.string(),
  ShipMethod: z.string(),
  PrivateNote: z.string(),
  TotalTax: z.string(),
  TotalAmount: z.string(),
  Lines: z.array(z.object({ Sku: z.string(), Description: z.string(), Quantity: z.number(), UnitPrice: z.string() })),
});

/** What the target answers to a write. */
export const receiptShape = z.object({ id: z.string() });
export type Receipt = z.infer<typeof receiptShape>;

// Customers of the company. Their DisplayName is unique, so it is how one is found again.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Entity } from "./entity.ts";
import { bareAddress, bareReference, pick, present } from "./normal.ts";
import { query, quoted, where } from "./query.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { deactivate, SAFETY, savingOf, written } from "./writing.ts";

const CUSTOMER: Entity = { name: "Customer", path: "/customer", list: true };

const plainFields = {
  Title: shape.text(16).optional(),
  GivenName: shape.text(100).optional(),
  MiddleName: shape.text(100).optional(),
  FamilyName: shape.text(100).optional(),
  Suffix: shape.text(16).optional(),
  CompanyName: shape.text(100).optional(),
  PrintOnCheckName: shape.text(110).optional(),
  Active: z.boolean().optional(),
  Notes: shape.text(2_000).optional(),
  Taxable: z.boolean().optional(),
  Job: z.boolean().optional(),
  BillWithParent: z.boolean().optional(),
  PreferredDeliveryMethod: shape.text(30).optional(),
  ResaleNum: shape.text(16).optional(),
};

const customerRecord = z.object({
  ...shape.everyRecord,
  ...plainFields,
  DisplayName: z.string(),
  FullyQualifiedName: z.string().optional(),
  Active: z.boolean(),
  Balance: shape.money.optional(),
  BalanceWithJobs: shape.money.optional(),
  PrimaryEmailAddr: z.object({ Address: z.string().optional() }).optional(),
  PrimaryPhone: z.object({ FreeFormNumber: z.string().optional() }).optional(),
  AlternatePhone: z.object({ FreeFormNumber: z.string().optional() }).optional(),
  Mobile: z.object({ FreeFormNumber: z.string().optional() }).optional(),
  Fax: z.object({ FreeFormNumber: z.string().optional() }).optional(),
  WebAddr: z.object({ URI: z.string().optional() }).optional(),
  BillAddr: shape.addressRecord.optional(),
  ShipAddr: shape.addressRecord.optional(),
  ParentRef: shape.namedReference.optional(),
  CurrencyRef: shape.namedReference.optional(),
  SalesTermRef: shape.namedReference.optional(),
  PaymentMethodRef: shape.namedReference.optional(),
  DefaultTaxCodeRef: shape.namedReference.optional(),
});

/** QuickBooks would take a person's names instead of DisplayName; we ask for it, since it is the natural key. */
const customerFields = z.strictObject({
  ...plainFields,
  DisplayName: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[^:\t\n]*$/, "a DisplayName has no colon, tab or new line"),
  PrimaryEmailAddr: shape.email.optional(),
  PrimaryPhone: shape.phone.optional(),
  AlternatePhone: shape.phone.optional(),
  Mobile: shape.phone.optional(),
  Fax: shape.phone.optional(),
  WebAddr: shape.webAddress.optional(),
  BillAddr: shape.address.optional(),
  ShipAddr: shape.address.optional(),
  ParentRef: shape.reference.optional(),
  CurrencyRef: shape.reference.optional(),
  SalesTermRef: shape.reference.optional(),
  PaymentMethodRef: shape.reference.optional(),
  DefaultTaxCodeRef: shape.reference.optional(),
});

export type QuickBooksCustomer = z.output<typeof customerRecord>;
export type QuickBooksCustomerFields = z.output<typeof customerFields>;

const PLAIN_NAMES = ["DisplayName", ...(Object.keys(plainFields) as (keyof typeof plainFields)[])] as const;

export const customers = defineResource<QuickBooksCustomer, QuickBooksCustomerFields, "deactivate">({
  name: "customers",
  schema: customerRecord,
  ...readingOf<QuickBooksCustomer>(CUSTOMER),
  title: (customer) => customer.DisplayName,
  write: {
    fields: customerFields,
    safety: SAFETY,
    guarded: true,
    ...savingOf<QuickBooksCustomer, QuickBooksCustomerFields>(CUSTOMER),
    removals: { deactivate: (api, order) => deactivate<QuickBooksCustomer>(api, CUSTOMER, order) },
    lookup: async (api, { fields }) => {
      const named = where(CUSTOMER, [`DisplayName = ${quoted(fields.DisplayName.trim())}`]);
      const found = await query<QuickBooksCustomer>(api, CUSTOMER, named);
      return found.map((customer) => written(customer));
    },
    fieldsOf: (customer) => fieldsOf(customer),
  },
});

function fieldsOf(customer: QuickBooksCustomer): Partial<QuickBooksCustomerFields> {
  const { PrimaryEmailAddr: mail, WebAddr: web } = customer;
  return present({
    ...pick(customer, PLAIN_NAMES),
    PrimaryEmailAddr: mail?.Address === undefined ? undefined : { Address: mail.Address },
    PrimaryPhone: bareNumber(customer.PrimaryPhone),
    AlternatePhone: bareNumber(customer.AlternatePhone),
    Mobile: bareNumber(customer.Mobile),
    Fax: bareNumber(customer.Fax),
    WebAddr: web?.URI === undefined ? undefined : { URI: web.URI },
    BillAddr: bareAddress(customer.BillAddr),
    ShipAddr: bareAddress(customer.ShipAddr),
    ParentRef: bareReference(customer.ParentRef),
    CurrencyRef: bareReference(customer.CurrencyRef),
    SalesTermRef: bareReference(customer.SalesTermRef),
    PaymentMethodRef: bareReference(customer.PaymentMethodRef),
    DefaultTaxCodeRef: bareReference(customer.DefaultTaxCodeRef),
  });
}

function bareNumber(phone: { readonly FreeFormNumber?: string | undefined } | undefined) {
  return phone?.FreeFormNumber === undefined ? undefined : { FreeFormNumber: phone.FreeFormNumber };
}

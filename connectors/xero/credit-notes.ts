// Credit notes, of sales and of bills: read, not written yet.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import { isDeleted, PRICE_DIGITS, type Entity } from "./entity.ts";
import { lineRecord } from "./line-items.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";

const CREDIT_NOTE: Entity = {
  name: "CreditNotes",
  idField: "CreditNoteID",
  paged: true,
  readsByIds: false,
  query: PRICE_DIGITS,
  isGone: isDeleted,
};

const creditNoteRecord = z.object({
  CreditNoteID: shape.id,
  CreditNoteNumber: z.string().optional(),
  /** ACCRECCREDIT or ACCPAYCREDIT. */
  Type: z.string(),
  Status: z.string(),
  Contact: z.object({ ContactID: z.string(), Name: z.string().optional() }),
  Date: shape.day.optional(),
  Reference: z.string().optional(),
  CurrencyCode: z.string().optional(),
  CurrencyRate: shape.quantity.optional(),
  LineAmountTypes: z.string().optional(),
  LineItems: z.array(lineRecord).optional(),
  SubTotal: shape.money.optional(),
  TotalTax: shape.money.optional(),
  Total: shape.money.optional(),
  RemainingCredit: shape.money.optional(),
  UpdatedDateUTC: shape.moment.optional(),
});

export type XeroCreditNote = z.output<typeof creditNoteRecord>;

export const creditNotes = defineResource<XeroCreditNote>({
  name: "creditNotes",
  schema: creditNoteRecord,
  ...readingOf<XeroCreditNote>(CREDIT_NOTE, { tellsDeletions: true }),
  title: ({ CreditNoteNumber = "", CreditNoteID }) =>
    `Credit note ${CreditNoteNumber === "" ? CreditNoteID : CreditNoteNumber}`,
});

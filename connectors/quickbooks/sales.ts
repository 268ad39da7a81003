// What invoices, credit memos and refund receipts have in common: their lines, their heads, and how one is found again.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { WriteOrder, Written } from "../../src/define/resource.ts";
import type { Entity, EntityRecord } from "./entity.ts";
import { bareAddress, bareReference, pick, present } from "./normal.ts";
import { query, quoted, RESULTS_MAX, where } from "./query.ts";
import { fieldLines, lineFields, lineRecord } from "./sales-lines.ts";
import * as shape from "./shapes.ts";

const plainFields = {
  TxnDate: shape.date.optional(),
  DocNumber: shape.text(21).optional(),
  PrivateNote: shape.text(4_000).optional(),
  ExchangeRate: shape.quantity.optional(),
  GlobalTaxCalculation: z.enum(["TaxExcluded", "TaxInclusive", "NotApplicable"]).optional(),
  ApplyTaxAfterDiscount: z.boolean().optional(),
  ShipDate: shape.date.optional(),
  TrackingNum: shape.text(31).optional(),
  EmailStatus: shape.text(30).optional(),
  PrintStatus: shape.text(30).optional(),
};

const PLAIN_NAMES = Object.keys(plainFields) as (keyof typeof plainFields)[];

const linked = z.object({ TxnId: z.string(), TxnType: z.string() });

export const salesRecord = {
  ...shape.everyRecord,
  ...plainFields,
  TxnDate: shape.date,
  CustomerRef: shape.namedReference,
  Line: z.array(lineRecord),
  TotalAmt: shape.money,
  Balance: shape.money.optional(),
  HomeTotalAmt: shape.money.optional(),
  CurrencyRef: shape.namedReference.optional(),
  SalesTermRef: shape.namedReference.optional(),
  ShipMethodRef: shape.namedReference.optional(),
  BillEmail: z.object({ Address: z.string().optional() }).optional(),
  BillAddr: shape.addressRecord.optional(),
  ShipAddr: shape.addressRecord.optional(),
  CustomerMemo: z.object({ value: z.string().optional() }).optional(),
  TxnTaxDetail: z
    .object({ TxnTaxCodeRef: shape.namedReference.optional(), TotalTax: shape.money.optional() })
    .optional(),
  LinkedTxn: z.array(linked).optional(),
  CustomField: z
    .array(
      z.object({
        DefinitionId: z.string(),
        Name: z.string().optional(),
        Type: z.string().optional(),
        StringValue: z.string().optional(),
      }),
    )
    .optional(),
};

export const salesFields = {
  ...plainFields,
  CustomerRef: shape.reference,
  Line: z.array(lineFields).min(1),
  CurrencyRef: shape.reference.optional(),
  SalesTermRef: shape.reference.optional(),
  ShipMethodRef: shape.reference.optional(),
  BillEmail: shape.email.optional(),
  BillAddr: shape.address.optional(),
  ShipAddr: shape.address.optional(),
  CustomerMemo: shape.memo.optional(),
  TxnTaxDetail: z
    .strictObject({ TxnTaxCodeRef: shape.reference.optional(), TotalTax: shape.money.optional() })
    .optional(),
  CustomField: z.array(z.strictObject({ DefinitionId: z.string(), StringValue: shape.text(31) })).optional(),
};

const salesRecordSchema = z.object(salesRecord);
const salesFieldsSchema = z.strictObject(salesFields);
export type SalesRecord = z.output<typeof salesRecordSchema>;
export type SalesFields = z.output<typeof salesFieldsSchema>;

export function fieldsOfSale(sale: SalesRecord): Partial<SalesFields> {
  const { TxnTaxDetail: tax, CustomField: custom } = sale;
  const filled = custom?.flatMap(({ DefinitionId, StringValue }) =>
    StringValue === undefined ? [] : [{ DefinitionId, StringValue }],
  );
  return present({
    ...pick(sale, PLAIN_NAMES),
    CustomerRef: { value: sale.CustomerRef.value },
    Line: fieldLines(sale.Line),
    CurrencyRef: bareReference(sale.CurrencyRef),
    SalesTermRef: bareReference(sale.SalesTermRef),
    ShipMethodRef: bareReference(sale.ShipMethodRef),
    BillEmail: sale.BillEmail?.Address === undefined ? undefined : { Address: sale.BillEmail.Address },
    BillAddr: bareAddress(sale.BillAddr),
    ShipAddr: bareAddress(sale.ShipAddr),
    CustomerMemo: sale.CustomerMemo?.value === undefined ? undefined : { value: sale.CustomerMemo.value },
    TxnTaxDetail: tax && present({ TxnTaxCodeRef: bareReference(tax.TxnTaxCodeRef), TotalTax: tax.TotalTax }),
    CustomField: filled,
  });
}

/** QuickBooks wants each custom field's type told; ours are always text. */
export function salesToWire(fields: Partial<SalesFields>): { readonly [field: string]: unknown } {
  const { CustomField: custom, ...rest } = fields;
  return custom === undefined ? rest : { ...rest, CustomField: custom.map((one) => ({ ...one, Type: "StringType" })) };
}

/**
 * Finds what a create may have left: by DocNumber; without one, by customer and date among those with the same sum of
 * lines. With neither nobody can tell, and that is said.
 */
export async function lookupSale<Record extends EntityRecord & SalesRecord>(
  api: Api,
  entity: Entity,
  { fields }: WriteOrder<Pick<SalesFields, "DocNumber" | "CustomerRef" | "TxnDate" | "Line">>,
): Promise<readonly Written<Record>[]> {
  const { DocNumber, TxnDate, CustomerRef } = fields;
  if (DocNumber !== undefined) {
    const numbered = where(entity, [`DocNumber = ${quoted(DocNumber)}`]);
    return (await query<Record>(api, entity, numbered)).map(asWritten);
  }
  if (TxnDate === undefined) {
    const message = `Could not look up a ${entity.name}: it has neither DocNumber nor TxnDate; give it a DocNumber`;
    throw new CallFailed({ kind: "unknown", reason: message }, message);
  }
  const dated = where(entity, [`CustomerRef = ${quoted(CustomerRef.value)}`, `TxnDate = ${quoted(TxnDate)}`]);
  const found = await query<Record>(api, entity, `${dated}maxresults ${RESULTS_MAX}`);
  const wanted = JSON.stringify(fields.Line.map(({ Amount }) => Amount));
  return found
    .filter((sale) => JSON.stringify(fieldLines(sale.Line).map(({ Amount }) => Amount)) === wanted)
    .map(asWritten);
}

function asWritten<Record extends EntityRecord>(record: Record): Written<Record> {
  return { key: record.Id, version: record.SyncToken.padStart(12, "0"), record };
}

// Credit memos: what a customer gets back as a credit towards later invoices.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Entity } from "./entity.ts";
import { readingOf } from "./reading.ts";
import { fieldsOfSale, lookupSale, salesFields, salesRecord, salesToWire } from "./sales.ts";
import * as shape from "./shapes.ts";
import { deleteTransaction, SAFETY, savingOf } from "./writing.ts";

const CREDIT_MEMO: Entity = { name: "CreditMemo", path: "/creditmemo", list: false };

const creditMemoRecord = z.object({ ...salesRecord, RemainingCredit: shape.money.optional() });
const creditMemoFields = z.strictObject(salesFields);

export type QuickBooksCreditMemo = z.output<typeof creditMemoRecord>;
export type QuickBooksCreditMemoFields = z.output<typeof creditMemoFields>;

export const creditMemos = defineResource<QuickBooksCreditMemo, QuickBooksCreditMemoFields, "delete">({
  name: "creditMemos",
  schema: creditMemoRecord,
  ...readingOf<QuickBooksCreditMemo>(CREDIT_MEMO),
  title: ({ DocNumber, Id }) => (DocNumber === undefined ? `Credit memo with Id ${Id}` : `Credit memo ${DocNumber}`),
  write: {
    fields: creditMemoFields,
    safety: SAFETY,
    guarded: true,
    ...savingOf<QuickBooksCreditMemo, QuickBooksCreditMemoFields>(CREDIT_MEMO, salesToWire),
    removals: { delete: (api, order) => deleteTransaction(api, CREDIT_MEMO, order) },
    lookup: (api, order) => lookupSale<QuickBooksCreditMemo>(api, CREDIT_MEMO, order),
    fieldsOf: fieldsOfSale,
  },
});

// Products and services. Their Name is unique, so it is how one is found again.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Entity } from "./entity.ts";
import { bareReference, pick, present } from "./normal.ts";
import { query, quoted, where } from "./query.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { deactivate, SAFETY, savingOf, written } from "./writing.ts";

const ITEM: Entity = { name: "Item", path: "/item", list: true };

const plainFields = {
  Sku: shape.text(100).optional(),
  Description: shape.text(4_000).optional(),
  UnitPrice: shape.money.optional(),
  PurchaseDesc: shape.text(1_000).optional(),
  PurchaseCost: shape.money.optional(),
  Taxable: z.boolean().optional(),
  Active: z.boolean().optional(),
  SubItem: z.boolean().optional(),
  ReorderPoint: shape.quantity.optional(),
  TrackQtyOnHand: z.boolean().optional(),
  /** The stock when an inventory item is made; later only an inventory adjustment moves it. */
  QtyOnHand: shape.quantity.optional(),
  InvStartDate: shape.date.optional(),
};

const itemRecord = z.object({
  ...shape.everyRecord,
  ...plainFields,
  Name: z.string(),
  FullyQualifiedName: z.string().optional(),
  Active: z.boolean(),
  Type: z.string(),
  ParentRef: shape.namedReference.optional(),
  IncomeAccountRef: shape.namedReference.optional(),
  ExpenseAccountRef: shape.namedReference.optional(),
  AssetAccountRef: shape.namedReference.optional(),
});

const itemFields = z.strictObject({
  ...plainFields,
  Name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^:\t\n]*$/, "an item's Name has no colon, tab or new line"),
  Type: z.enum(["Inventory", "Service", "NonInventory"]),
  /** Every item that is sold needs one. */
  IncomeAccountRef: shape.reference.optional(),
  ExpenseAccountRef: shape.reference.optional(),
  AssetAccountRef: shape.reference.optional(),
  ParentRef: shape.reference.optional(),
});

export type QuickBooksItem = z.output<typeof itemRecord>;
export type QuickBooksItemFields = z.output<typeof itemFields>;

const PLAIN_NAMES = ["Name", ...(Object.keys(plainFields) as (keyof typeof plainFields)[])] as const;

export const items = defineResource<QuickBooksItem, QuickBooksItemFields, "deactivate">({
  name: "items",
  schema: itemRecord,
  ...readingOf<QuickBooksItem>(ITEM),
  title: (item) => item.Name,
  write: {
    fields: itemFields,
    safety: SAFETY,
    guarded: true,
    ...savingOf<QuickBooksItem, QuickBooksItemFields>(ITEM),
    removals: { deactivate: (api, order) => deactivate<QuickBooksItem>(api, ITEM, order) },
    lookup: async (api, { fields }) => {
      const found = await query<QuickBooksItem>(api, ITEM, where(ITEM, [`Name = ${quoted(fields.Name.trim())}`]));
      return found.map((item) => written(item));
    },
    fieldsOf: (item) =>
      present({
        ...pick(item, PLAIN_NAMES),
        Type: itemFields.shape.Type.safeParse(item.Type).data,
        IncomeAccountRef: bareReference(item.IncomeAccountRef),
        ExpenseAccountRef: bareReference(item.ExpenseAccountRef),
        AssetAccountRef: bareReference(item.AssetAccountRef),
        ParentRef: bareReference(item.ParentRef),
      }),
  },
});

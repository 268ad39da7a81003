// Products and services. Their Code is unique, so it is how one is found again. Xero lists them all in one answer.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask } from "./ask.ts";
import { PRICE_DIGITS, type Entity } from "./entity.ts";
import { creatingTogether } from "./creating-together.ts";
import { filled, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { whereText } from "./where.ts";
import { createOf, found, SAFETY, updateOf, written } from "./writing.ts";

const ITEM: Entity = {
  name: "Items",
  idField: "ItemID",
  paged: false,
  readsByIds: false,
  query: PRICE_DIGITS,
  isGone: () => false,
};

const plainFields = {
  Name: shape.text(50).optional(),
  Description: shape.text(4_000).optional(),
  PurchaseDescription: shape.text(4_000).optional(),
  IsSold: z.boolean().optional(),
  IsPurchased: z.boolean().optional(),
  /** With PurchaseDetails.COGSAccountCode it makes the item one whose stock Xero tracks. */
  InventoryAssetAccountCode: shape.text(10).optional(),
};

const saleParts = { AccountCode: shape.text(10).optional(), TaxType: shape.text(50).optional() };
const purchaseParts = { ...saleParts, COGSAccountCode: shape.text(10).optional() };
const SALE_NAMES = ["UnitPrice", "AccountCode", "TaxType"] as const;
const PURCHASE_NAMES = [...SALE_NAMES, "COGSAccountCode"] as const;

const itemRecord = z.object({
  ...plainFields,
  ItemID: shape.id,
  Code: z.string(),
  SalesDetails: z.object({ ...saleParts, UnitPrice: shape.money.optional() }).optional(),
  PurchaseDetails: z.object({ ...purchaseParts, UnitPrice: shape.money.optional() }).optional(),
  IsTrackedAsInventory: z.boolean().optional(),
  QuantityOnHand: shape.quantity.optional(),
  TotalCostPool: shape.money.optional(),
  UpdatedDateUTC: shape.moment.optional(),
});

const itemFields = z.strictObject({
  ...plainFields,
  Code: z.string().trim().min(1).max(30),
  SalesDetails: z.strictObject({ ...saleParts, UnitPrice: shape.price.optional() }).optional(),
  PurchaseDetails: z.strictObject({ ...purchaseParts, UnitPrice: shape.price.optional() }).optional(),
});

export type XeroItem = z.output<typeof itemRecord>;
export type XeroItemFields = z.output<typeof itemFields>;

const PLAIN_NAMES = ["Code", ...(Object.keys(plainFields) as (keyof typeof plainFields)[])] as const;

const create = createOf<XeroItem, XeroItemFields>(ITEM);

export const items = defineResource<XeroItem, XeroItemFields, "delete">({
  name: "items",
  schema: itemRecord,
  // A deleted item leaves nothing behind: only a listing of all of them shows that it is gone.
  ...readingOf<XeroItem>(ITEM, { tellsDeletions: false }),
  title: ({ Code, Name = "" }) => (Name === "" ? Code : `${Code} ${Name}`),
  write: {
    fields: itemFields,
    safety: SAFETY,
    create,
    together: creatingTogether<XeroItem, XeroItemFields, "delete">({
      entity: ITEM,
      resource: "Items",
      isUnique: () => true,
      alone: create,
    }),
    update: updateOf<XeroItem, XeroItemFields>(ITEM, {
      cleared: { Name: "", Description: "", PurchaseDescription: "" },
      always: ["Code"],
    }),
    removals: { delete: remove },
    lookup,
    fieldsOf: (item) =>
      present({
        ...filled(item, PLAIN_NAMES),
        SalesDetails: details(filled(item.SalesDetails ?? {}, SALE_NAMES)),
        PurchaseDetails: details(filled(item.PurchaseDetails ?? {}, PURCHASE_NAMES)),
      }),
  },
});

/** One that is already gone is as wished. */
async function remove(api: Api, { key }: RemoveOrder): Promise<undefined> {
  try {
    await ask(api, { method: "DELETE", path: `/${ITEM.name}/${encodeURIComponent(key)}`, safe: true });
  } catch (error) {
    if (!(error instanceof CallFailed) || error.outcome.kind !== "missing") throw error;
  }
}

async function lookup(api: Api, { fields }: WriteOrder<XeroItemFields>): Promise<readonly Written<XeroItem>[]> {
  const where = whereText("Code", fields.Code);
  const named = await found<XeroItem>(api, ITEM, where === undefined ? {} : { where });
  const isIt = ({ Code }: XeroItem): boolean => Code.toLowerCase() === fields.Code.toLowerCase();
  return named.filter(isIt).map((item) => written(ITEM, item));
}

function details<Details extends object>(given: Details): Details | undefined {
  return Object.keys(given).length === 0 ? undefined : given;
}

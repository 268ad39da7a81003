// The lines of a sale. QuickBooks adds a subtotal, numbers and names to them, and a tax code where none was given.
import { z } from "zod";
import { bareReference, present } from "./normal.ts";
import * as shape from "./shapes.ts";

/** What QuickBooks writes where a line names no tax code. */
const NO_TAX = "NON";

export const lineRecord = z.object({
  Id: z.string().optional(),
  LineNum: z.number().optional(),
  Description: z.string().optional(),
  Amount: shape.money.optional(),
  /** Among others SalesItemLineDetail, SubTotalLineDetail, DiscountLineDetail, DescriptionOnly, GroupLineDetail. */
  DetailType: z.string(),
  SalesItemLineDetail: z
    .object({
      ItemRef: shape.namedReference.optional(),
      UnitPrice: shape.money.optional(),
      Qty: shape.quantity.optional(),
      TaxCodeRef: shape.namedReference.optional(),
      ServiceDate: shape.date.optional(),
    })
    .optional(),
  DiscountLineDetail: z
    .object({ PercentBased: z.boolean().optional(), DiscountPercent: shape.quantity.optional() })
    .optional(),
});

const salesItem = z.strictObject({
  DetailType: z.literal("SalesItemLineDetail"),
  /** UnitPrice times Qty, where both are given. */
  Amount: shape.money,
  Description: shape.text().optional(),
  SalesItemLineDetail: z
    .strictObject({
      /** QuickBooks would take a default item for none: in the wrong account, and without a word. */
      ItemRef: shape.reference,
      UnitPrice: shape.money.optional(),
      Qty: shape.quantity.optional(),
      TaxCodeRef: shape.reference.optional(),
      ServiceDate: shape.date.optional(),
    })
    .transform(({ TaxCodeRef, ...detail }) =>
      TaxCodeRef === undefined || TaxCodeRef.value === NO_TAX ? detail : { ...detail, TaxCodeRef },
    ),
});

const discount = z.strictObject({
  DetailType: z.literal("DiscountLineDetail"),
  Amount: shape.money,
  Description: shape.text().optional(),
  DiscountLineDetail: z.strictObject({ PercentBased: z.literal(false) }),
});

const description = z.strictObject({
  DetailType: z.literal("DescriptionOnly"),
  Amount: z.undefined().optional(),
  Description: shape.text(),
});

export const lineFields = z.discriminatedUnion("DetailType", [salesItem, discount, description]);

export type LineRecord = z.output<typeof lineRecord>;
export type LineFields = z.output<typeof lineFields>;

/** The lines as we would write them; what QuickBooks added by itself is left out. */
export function fieldLines(lines: readonly LineRecord[]): LineFields[] {
  return lines.flatMap((line) => fieldLine(line) ?? []);
}

function fieldLine({
  DetailType,
  Amount,
  Description,
  SalesItemLineDetail: detail,
}: LineRecord): LineFields | undefined {
  const head = Description === undefined ? {} : { Description };
  if (DetailType === "DescriptionOnly") return { DetailType, Description: Description ?? "" };
  if (Amount === undefined) return undefined;
  if (DetailType === "DiscountLineDetail") {
    return { DetailType, Amount, ...head, DiscountLineDetail: { PercentBased: false } };
  }
  if (DetailType !== "SalesItemLineDetail") return undefined;
  const taxed = detail?.TaxCodeRef?.value === NO_TAX ? undefined : detail?.TaxCodeRef;
  const settled = present({
    ItemRef: bareReference(detail?.ItemRef),
    UnitPrice: detail?.UnitPrice,
    Qty: detail?.Qty,
    TaxCodeRef: bareReference(taxed),
    ServiceDate: detail?.ServiceDate,
  });
  return { DetailType, Amount, ...head, SalesItemLineDetail: settled } as LineFields;
}

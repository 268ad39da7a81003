// The lines of an invoice. An update that names lines replaces them all: one whose LineItemID is left out is deleted and
// made anew, with what hung on it. So lines that stay are told by the id they have.
import { Big } from "big.js";
import { z } from "zod";
import { filled, present, some } from "./normal.ts";
import * as shape from "./shapes.ts";

const plainFields = {
  Description: shape.text(4_000).optional(),
  Quantity: shape.quantity.optional(),
  UnitAmount: shape.price.optional(),
  /** Quantity times UnitAmount, less the discount; needed only where one of the two is left out. */
  LineAmount: shape.money.optional(),
  ItemCode: shape.text(30).optional(),
  AccountCode: shape.text(10).optional(),
  TaxType: shape.text(50).optional(),
  /** Only where it must be another than Xero reckons from the rate. */
  TaxAmount: shape.money.optional(),
  /** In percent; sales only. */
  DiscountRate: shape.quantity.optional(),
};

const PLAIN_NAMES = Object.keys(plainFields) as (keyof typeof plainFields)[];

export const lineRecord = z.object({
  ...plainFields,
  UnitAmount: shape.money.optional(),
  LineItemID: z.string().optional(),
  Tracking: z.array(z.object({ Name: z.string().optional(), Option: z.string().optional() })).optional(),
});

export const lineFields = z.strictObject({
  ...plainFields,
  Tracking: z
    .array(z.strictObject({ Name: shape.text(100), Option: shape.text(100) }))
    .max(2)
    .optional(),
});

export type LineRecord = z.output<typeof lineRecord>;
export type LineFields = z.output<typeof lineFields>;

/** The lines as we would write them: without what Xero reckons itself. */
export function fieldLines(lines: readonly LineRecord[]): LineFields[] {
  return lines.map((line) => {
    const { TaxAmount: _tax, LineAmount, ...rest } = filled(line, PLAIN_NAMES);
    const tracking = (line.Tracking ?? []).flatMap(({ Name, Option }) =>
      Name === undefined || Option === undefined ? [] : [{ Name, Option }],
    );
    return present({ ...rest, LineAmount: isReckoned(line) ? undefined : LineAmount, Tracking: some(tracking) });
  });
}

function isReckoned({ Quantity, UnitAmount, LineAmount, DiscountRate = "0" }: LineRecord): boolean {
  if (Quantity === undefined || UnitAmount === undefined || LineAmount === undefined) return false;
  const whole = new Big(Quantity).times(UnitAmount);
  const amount = whole.minus(whole.times(DiscountRate).div(100));
  return amount.round(2, Big.roundHalfUp).eq(LineAmount) || amount.round(2, Big.roundHalfEven).eq(LineAmount);
}

/** Gives each line the id of the one that it continues: equal ones first, then those of the same thing, then any. */
export function withLineIds(
  lines: readonly LineFields[],
  existing: readonly LineRecord[],
): readonly (LineFields & { readonly LineItemID?: string })[] {
  const free = existing.flatMap((line) => (line.LineItemID === undefined ? [] : [{ ...line, id: line.LineItemID }]));
  const ids = new Map<LineFields, string>();
  const assign = (fits: (line: LineFields, other: LineRecord) => boolean): void => {
    for (const line of lines) {
      const index = ids.has(line) ? -1 : free.findIndex((other) => fits(line, other));
      if (index !== -1) ids.set(line, free.splice(index, 1)[0]!.id);
    }
  };
  assign((line, other) => isSame(line, other));
  assign((line, other) => line.ItemCode !== undefined && line.ItemCode === other.ItemCode);
  assign((line, other) => line.Description !== undefined && line.Description === other.Description);
  assign(() => true);
  return lines.map((line) => ({ ...line, ...(ids.has(line) ? { LineItemID: ids.get(line)! } : {}) }));
}

function isSame(line: LineFields, other: LineRecord): boolean {
  const tracking = (of: LineFields["Tracking"] | LineRecord["Tracking"]): string =>
    JSON.stringify((of ?? []).map(({ Name, Option }) => [Name, Option]));
  return (
    PLAIN_NAMES.every((name) => line[name] === undefined || line[name] === other[name]) &&
    tracking(line.Tracking) === tracking(other.Tracking)
  );
}

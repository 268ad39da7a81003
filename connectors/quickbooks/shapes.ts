// The pieces that QuickBooks' records and the fields we write have in common.
import { z } from "zod";
import { decimalText, moneyText } from "../../src/define/exact-numbers.ts";
import { DECIMAL } from "./decimal-json.ts";

const TEXT_MAX = 4_000;

export const id = z.string().regex(/^[\w:-]{1,40}$/);
export const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Money as text such as "19.90": QuickBooks' JSON numbers, never through floating point. */
export const money = z.string().regex(DECIMAL).transform(moneyText);
export const quantity = z.string().regex(DECIMAL).transform(decimalText);

export function text(charactersMax = TEXT_MAX): z.ZodString {
  return z.string().max(charactersMax);
}

/** A reference as it comes back: with the name of what it leads to. */
export const namedReference = z.object({ value: z.string(), name: z.string().optional() });
/** A reference as it is written: by Id alone, since the name belongs to what it leads to. */
export const reference = z.strictObject({ value: z.string().min(1) });

export const everyRecord = {
  Id: id,
  SyncToken: z.string().regex(/^\d{1,12}$/),
  MetaData: z.object({ CreateTime: z.string(), LastUpdatedTime: z.string() }),
  domain: z.string().optional(),
  sparse: z.boolean().optional(),
};

const addressParts = {
  Line1: text(500).optional(),
  Line2: text(500).optional(),
  Line3: text(500).optional(),
  Line4: text(500).optional(),
  Line5: text(500).optional(),
  City: text(255).optional(),
  CountrySubDivisionCode: text(255).optional(),
  PostalCode: text(30).optional(),
  Country: text(255).optional(),
};

export const addressRecord = z.object({ Id: z.string().optional(), ...addressParts });
export const address = z.strictObject(addressParts);
export const email = z.strictObject({ Address: text(100) });
export const phone = z.strictObject({ FreeFormNumber: text(30) });
export const webAddress = z.strictObject({ URI: text(1_000) });
export const memo = z.strictObject({ value: text(1_000) });

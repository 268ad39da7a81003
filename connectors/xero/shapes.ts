// The pieces that Xero's records and the fields we write have in common.
import { z } from "zod";
import { decimalText, moneyText } from "../../src/define/exact-numbers.ts";
import { DECIMAL } from "./wire-json.ts";

export const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "an id is a UUID");
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is written as in "2026-08-20"');
export const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);

/** Money as text such as "19.90": Xero's JSON numbers, never through floating point. */
export const money = z.string().regex(DECIMAL).transform(moneyText);
/** A price takes four digits behind the point at the most. */
export const price = z
  .string()
  .regex(/^-?\d{1,16}(\.\d{1,4}0*)?$/, "a price has at most four digits behind the point")
  .transform(moneyText);
export const quantity = z.string().regex(DECIMAL).transform(decimalText);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'a currency is written as in "NZD"');

export function text(charactersMax: number): z.ZodString {
  return z.string().max(charactersMax);
}

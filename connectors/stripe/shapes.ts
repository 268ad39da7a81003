// The pieces that Stripe's records and the fields we write have in common.
import { z } from "zod";

const TEXT_MAX = 5_000;
/** Stripe takes 50 keys; one is our stamp. */
const METADATA_KEYS_MAX = 49;

export const id = z.string().min(1).max(255);
/** Whole minor units: 1990 for 19.90 USD, 1990 for 1990 JPY. */
export const amount = z.int();
/** Seconds since 1970. */
export const seconds = z.int();
/** Text in an older record, null in others: Stripe shows every field. */
export const maybeText = z.string().nullish();
export const currency = z.string().regex(/^[a-z]{3}$/, "a currency is three lower-case letters, such as usd");
export const decimal = z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, "a decimal of at most 12 digits behind the point");

export const metadataRecord = z.record(z.string(), z.string());
/** Keys are merged into what is there; one with an empty text is taken away. */
export const metadata = z
  .record(
    z
      .string()
      .min(1)
      .max(40)
      .regex(/^[^[\]]*$/, "a metadata key has no brackets"),
    z.string().max(500),
  )
  .refine((keys) => Object.keys(keys).length <= METADATA_KEYS_MAX, `at most ${METADATA_KEYS_MAX} metadata keys`);

export function text(charactersMax = TEXT_MAX): z.ZodString {
  return z.string().max(charactersMax);
}

const part = text(500).optional();

/** Written whole: what is not named is cleared. */
export const address = z.strictObject({
  line1: part,
  line2: part,
  city: part,
  state: part,
  postal_code: part,
  country: z.string().length(2).optional(),
});
export type Address = z.output<typeof address>;

export const addressRecord = z.object({
  line1: maybeText,
  line2: maybeText,
  city: maybeText,
  state: maybeText,
  postal_code: maybeText,
  country: maybeText,
});

export const shipping = z.strictObject({ name: text(), phone: text(100).optional(), address });
export const shippingRecord = z.object({ name: maybeText, phone: maybeText, address: addressRecord.nullish() });

/** Whether it is shown as an id or, where somebody asked for it, whole. */
export const reference = z.union([z.string(), z.object({ id: z.string() })]);

export const recurring = z.strictObject({
  interval: z.enum(["day", "week", "month", "year"]),
  interval_count: z.int().positive().optional(),
  usage_type: z.enum(["licensed", "metered"]).optional(),
});

export const period = z.strictObject({ start: seconds, end: seconds });

export function everyRecord<const Name extends string>(object: Name) {
  return { id, object: z.literal(object), livemode: z.boolean().optional(), metadata: metadataRecord.nullish() };
}

export const listOf = <Part extends z.ZodType>(one: Part) => z.object({ data: z.array(one), has_more: z.boolean() });

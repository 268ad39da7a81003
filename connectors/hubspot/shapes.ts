// The pieces that HubSpot's records and the fields we write have in common. In a record every property is text or null; its
// schema says what the text holds. HubSpot leaves out what was not asked for, so each may be absent.
import { z } from "zod";
import { DECIMAL, plainDecimal } from "./decimal.ts";

const TEXT_MAX = 65_536;

// ------------------------------------------------------------ as it is read

export const id = z.string().regex(/^\d{1,19}$/);
export const textShown = z.string().nullable().optional();
export const numberShown = z
  .union([z.literal(""), z.string().regex(DECIMAL)])
  .nullable()
  .optional();
/** ISO 8601 in UTC with milliseconds. */
export const instantShown = z
  .union([z.literal(""), z.iso.datetime()])
  .nullable()
  .optional();

export const systemProperties = {
  hs_object_id: z.string().nullable().optional(),
  createdate: instantShown,
  /** The ids of records that were merged into this one, with ";" between. */
  hs_merged_object_ids: textShown,
  hubspot_owner_id: textShown,
};

/** Each record that this one is associated with, once; `type` tells a primary company ("contact_to_company") from others. */
const associated = z.object({ results: z.array(z.object({ id, type: z.string().optional() })) });

export const associationsShown = z
  .object({ contacts: associated.optional(), companies: associated.optional(), deals: associated.optional() })
  .optional();

/** A record with these properties; those of the account's own (`customProperties`) stand beside them, as text. */
export function recordOf<Shape extends z.ZodRawShape>(properties: Shape) {
  return z.object({
    id,
    properties: z.object(properties).catchall(z.string().nullable()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    archived: z.boolean(),
    associations: associationsShown,
    url: z.string().optional(),
  });
}

// ------------------------------------------------------------ as it is written

export function text(charactersMax = TEXT_MAX) {
  return z.string().max(charactersMax).optional();
}

/** A checkbox: "true" or "false". */
export const checkbox = z.enum(["true", "false"]).optional();

/** What a property of the account's own may hold: always text. */
export type OwnProperties = Readonly<Record<string, z.ZodType<string | undefined>>>;

/** A number as text, such as "1500.5". */
export const number = z.string().regex(DECIMAL, "a number such as 1500.50").transform(plainDecimal).optional();

/** A time with its zone, such as "2026-11-21T09:00:00+01:00". */
export const instant = z.iso
  .datetime({ offset: true })
  .transform((at) => new Date(at).toISOString())
  .optional();

/** HubSpot keeps e-mail addresses in lower case. */
export const email = z.string().trim().toLowerCase().pipe(z.email());

/** The records that this one is to be associated with: all of them, and no others. Their order means nothing. */
export const associates = z
  .array(z.strictObject({ id }))
  .max(500)
  .transform((all) => [...new Set(all.map((one) => one.id))].toSorted().map((one) => ({ id: one })))
  .optional();

/** The account's own properties, by their internal names. "" clears one. */
export const custom = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,99}$/), z.string().max(TEXT_MAX)).optional();

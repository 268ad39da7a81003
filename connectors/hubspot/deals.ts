// Deals. HubSpot keeps nothing of a deal unique, so each is made under the key of its write.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { CrmObject } from "./crm-object.ts";
import { plainDecimal } from "./decimal.ts";
import { fieldsOf } from "./fields-of.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { togetherOf } from "./together.ts";
import { archive, createByKey, foundBy, keyProperty, update } from "./writing.ts";

const plain = {
  /** Default: the account's default pipeline. */
  pipeline: shape.text(),
  /** In the currency of the deal, such as "1500.5". */
  amount: shape.number,
  deal_currency_code: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  closedate: shape.instant,
  dealtype: shape.text(),
  description: shape.text(),
  hs_priority: shape.text(),
  hs_next_step: shape.text(),
  closed_lost_reason: shape.text(),
  closed_won_reason: shape.text(),
  hubspot_owner_id: shape.text(),
};

const dealRecord = shape.recordOf({
  ...shape.systemProperties,
  hs_lastmodifieddate: shape.instantShown,
  dealname: shape.textShown,
  dealstage: shape.textShown,
  pipeline: shape.textShown,
  amount: shape.numberShown,
  deal_currency_code: shape.textShown,
  /** The amount in the account's own currency. */
  amount_in_home_currency: shape.numberShown,
  closedate: shape.instantShown,
  dealtype: shape.textShown,
  description: shape.textShown,
  hs_priority: shape.textShown,
  hs_next_step: shape.textShown,
  closed_lost_reason: shape.textShown,
  closed_won_reason: shape.textShown,
  /** "true" or "false". */
  hs_is_closed: shape.textShown,
  hs_is_closed_won: shape.textShown,
  hs_primary_associated_company: shape.textShown,
});

const dealFields = z.strictObject({
  ...plain,
  dealname: z.string().trim().min(1),
  dealstage: z.string().min(1),
  contacts: shape.associates,
  companies: shape.associates,
  custom: shape.custom,
});

export type HubSpotDeal = z.output<typeof dealRecord>;
export type HubSpotDealFields = z.output<typeof dealFields>;

const DEALS: CrmObject = {
  name: "deals",
  modified: "hs_lastmodifieddate",
  properties: Object.keys(dealRecord.shape.properties.shape),
  writable: ["dealname", "dealstage", ...Object.keys(plain)],
  associated: [
    { to: "contacts", typeId: 3, name: "deal_to_contact" },
    { to: "companies", typeId: 341, primaryTypeId: 5, name: "deal_to_company" },
  ],
};

export const deals = defineResource<HubSpotDeal, HubSpotDealFields, "archive">({
  name: "deals",
  schema: dealRecord,
  ...readingOf<HubSpotDeal>(DEALS),
  title: ({ properties: { dealname } }) => dealname || undefined,
  write: {
    fields: dealFields,
    safety: { kind: "upsert" },
    create: (api, order) => createByKey(api, DEALS, order),
    update: (api, order) => update(api, DEALS, order),
    removals: { archive: (api, order) => archive(api, DEALS, order) },
    together: togetherOf<HubSpotDeal, HubSpotDealFields>(DEALS, "by-key"),
    lookup: (api, { idempotencyKey }) => foundBy<HubSpotDeal>(api, DEALS, keyProperty(api), idempotencyKey),
    fieldsOf: (deal) => fieldsOf(DEALS, deal, { amount: plainDecimal, closedate: instantOf }),
  },
});

function instantOf(text: string): string {
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

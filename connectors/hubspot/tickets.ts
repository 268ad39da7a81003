// Tickets. HubSpot keeps nothing of a ticket unique, so each is made under the key of its write.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { CrmObject } from "./crm-object.ts";
import { fieldsOf } from "./fields-of.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { togetherOf } from "./together.ts";
import { archive, createByKey, foundBy, keyProperty, update } from "./writing.ts";

const plain = {
  content: shape.text(),
  /** Default: the account's default pipeline, "0". */
  hs_pipeline: shape.text(),
  hs_ticket_priority: shape.text(),
  hs_ticket_category: shape.text(),
  hs_resolution: shape.text(),
  source_type: shape.text(),
  hubspot_owner_id: shape.text(),
};

const ticketRecord = shape.recordOf({
  ...shape.systemProperties,
  hs_lastmodifieddate: shape.instantShown,
  subject: shape.textShown,
  content: shape.textShown,
  hs_pipeline: shape.textShown,
  hs_pipeline_stage: shape.textShown,
  hs_ticket_priority: shape.textShown,
  hs_ticket_category: shape.textShown,
  hs_resolution: shape.textShown,
  source_type: shape.textShown,
  closed_date: shape.instantShown,
});

const ticketFields = z.strictObject({
  ...plain,
  subject: z.string().trim().min(1),
  hs_pipeline_stage: z.string().min(1),
  contacts: shape.associates,
  companies: shape.associates,
  custom: shape.custom,
});

export type HubSpotTicket = z.output<typeof ticketRecord>;
export type HubSpotTicketFields = z.output<typeof ticketFields>;

const TICKETS: CrmObject = {
  name: "tickets",
  modified: "hs_lastmodifieddate",
  properties: Object.keys(ticketRecord.shape.properties.shape),
  writable: ["subject", "hs_pipeline_stage", ...Object.keys(plain)],
  associated: [
    { to: "contacts", typeId: 16, name: "ticket_to_contact" },
    { to: "companies", typeId: 339, primaryTypeId: 26, name: "ticket_to_company" },
  ],
};

export const tickets = defineResource<HubSpotTicket, HubSpotTicketFields, "archive">({
  name: "tickets",
  schema: ticketRecord,
  ...readingOf<HubSpotTicket>(TICKETS),
  title: ({ properties: { subject } }) => subject || undefined,
  write: {
    fields: ticketFields,
    safety: { kind: "upsert" },
    create: (api, order) => createByKey(api, TICKETS, order),
    update: (api, order) => update(api, TICKETS, order),
    removals: { archive: (api, order) => archive(api, TICKETS, order) },
    together: togetherOf<HubSpotTicket, HubSpotTicketFields>(TICKETS, "by-key"),
    lookup: (api, { idempotencyKey }) => foundBy<HubSpotTicket>(api, TICKETS, keyProperty(api), idempotencyKey),
    fieldsOf: (ticket) => fieldsOf(TICKETS, ticket),
  },
});

// Deals. What a probability and a forecast become by themselves follows from the stage.
import { z } from "zod";
import { type FieldsIn, type RecordIn } from "./object.ts";
import * as shape from "./shapes.ts";
import { withAdded, type StandardObjectOptions } from "./standard-object.ts";

const writable = {
  Name: shape.text(120).min(1),
  StageName: shape.text(255).min(1),
  CloseDate: shape.date,
  AccountId: shape.id.optional(),
  Amount: shape.money.optional(),
  Probability: shape.decimal.optional(),
  Type: shape.text(255).optional(),
  NextStep: shape.text(255).optional(),
  LeadSource: shape.text(255).optional(),
  ForecastCategoryName: shape.text(255).optional(),
  CampaignId: shape.id.optional(),
  Pricebook2Id: shape.id.optional(),
  Description: shape.text(32_000).optional(),
  OwnerId: shape.id.optional(),
};

const readOnly = {
  IsClosed: z.boolean(),
  IsWon: z.boolean(),
  ForecastCategory: shape.text(),
  ExpectedRevenue: shape.money,
  HasOpportunityLineItem: z.boolean(),
  LastActivityDate: shape.date,
  CreatedById: shape.id,
};

export type SalesforceOpportunity = RecordIn<typeof writable, typeof readOnly>;
export type SalesforceOpportunityFields = FieldsIn<typeof writable>;

const FACTS = {
  name: "opportunities",
  object: "Opportunity",
  writable,
  readOnly,
  naturalKey: ["Name", "CloseDate", "AccountId"],
} as const;

/** Opportunities with fields of one's own. */
export function opportunitiesWith<const Added extends z.core.$ZodShape = {}>(options: StandardObjectOptions<Added>) {
  return withAdded<typeof writable, typeof readOnly, Added>(FACTS, options);
}

export const opportunities = opportunitiesWith({});

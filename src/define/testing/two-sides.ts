// A small CRM and a small marketing system for tests of what people write: their types are all that matters, nobody calls them.
import { z } from "zod";
import { defineConnector, defineResource } from "../define-connector.ts";
import type { Resource } from "../resource.ts";

const unread = (): never => {
  throw new Error("nobody reads this");
};

const contactFields = z.strictObject({
  Email: z.string().optional(),
  Name: z.string(),
  OptOut: z.boolean().optional(),
  Score: z.number().optional(),
  Stage: z.enum(["new", "won"]).optional(),
  Tags: z.array(z.string()).optional(),
});
const personFields = z.strictObject({
  email: z.string(),
  name: z.string().optional(),
  optout: z.string().optional(),
  score: z.string().optional(),
  stage: z.enum(["1", "2"]).optional(),
  tags: z.array(z.string()).optional(),
});
export type ContactFields = z.infer<typeof contactFields>;
export type PersonFields = z.infer<typeof personFields>;
type Contact = ContactFields & { readonly id: string };
type Person = { readonly id: string; readonly properties: PersonFields };

const contacts = defineResource<Contact, ContactFields, "delete" | "retire">({
  name: "contacts",
  schema: contactFields.extend({ id: z.string() }),
  key: ({ id }) => id,
  read: { keysMax: 10, records: unread },
  everything: { page: unread },
  write: {
    fields: contactFields,
    safety: { kind: "upsert" },
    create: unread,
    update: unread,
    removals: { delete: unread, retire: unread },
    fieldsOf: ({ id: _id, ...fields }) => fields,
  },
});

const people: Resource<Person, PersonFields, "archive"> = defineResource<Person, PersonFields, "archive">({
  name: "people",
  schema: z.object({ id: z.string(), properties: personFields }),
  key: ({ id }) => id,
  read: { keysMax: 10, records: unread },
  everything: { page: unread },
  write: {
    fields: personFields,
    safety: { kind: "upsert" },
    create: unread,
    update: unread,
    removals: { archive: unread },
    fieldsOf: ({ properties }) => properties,
  },
});

const reports = defineResource({ name: "reports", schema: z.object({ id: z.string() }), key: ({ id }) => id });

/** It can be written, but shows nothing of what was. */
const blind = defineResource<{ readonly id: string }, ContactFields, "delete">({
  name: "blind",
  schema: z.object({ id: z.string() }),
  key: ({ id }) => id,
  write: { fields: contactFields, safety: { kind: "none" }, create: unread },
});

const common = {
  settings: z.object({ token: z.string() }),
  auth: { kind: "header", header: "x-token", setting: "token" },
  limits: [],
} as const;

const crmConnector = defineConnector({
  ...common,
  name: "small-crm",
  title: "Small CRM",
  baseUrl: () => "https://crm.invalid",
  resources: { contacts, reports, blind },
});
const marketingConnector = defineConnector({
  ...common,
  name: "small-marketing",
  title: "Small Marketing",
  baseUrl: () => "https://marketing.invalid",
  resources: { people },
});
export const crm = crmConnector.connect("crm", { token: "1" });
export const marketing = marketingConnector.connect("marketing", { token: "1" });

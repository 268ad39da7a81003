// Customers: read, searched by change, written by e-mail or phone so that a repetition leaves one customer.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Page, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, type Connection, nodesOf, pageOf, restOf, updatedSince } from "./ask.ts";
import {
  CUSTOMER_ADDRESSES,
  CUSTOMER_BY_IDENTIFIER,
  CUSTOMER_DELETE,
  CUSTOMER_SET,
  CUSTOMERS_BY_ID,
  CUSTOMERS_PAGE,
} from "./documents/customers.ts";
import { gone } from "./gone.ts";
import { OVERLAP_MS } from "./overlap.ts";
import { address, addressInput, addressInputOf, dateTime, gid, money, utcSeconds } from "./shapes.ts";

const PAGE_SIZE = 100;
/** Shopify documents this filter as matching whole days, without saying in which time zone: no zone is further off. */
const DAY_FILTER_SLACK_MS = 24 * 3_600_000;

export const customerRecord = z.object({
  id: gid,
  legacyResourceId: z.string(),
  displayName: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  state: z.enum(["DECLINED", "DISABLED", "ENABLED", "INVITED"]),
  note: z.string().nullable(),
  tags: z.array(z.string()),
  taxExempt: z.boolean(),
  locale: z.string(),
  verifiedEmail: z.boolean(),
  /** A whole number as text. */
  numberOfOrders: z.string(),
  amountSpent: money,
  createdAt: dateTime,
  updatedAt: dateTime,
  defaultEmailAddress: z
    .object({
      emailAddress: z.string(),
      marketingState: z.enum(["INVALID", "NOT_SUBSCRIBED", "PENDING", "SUBSCRIBED", "UNSUBSCRIBED"]),
    })
    .nullable(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullable(),
  defaultAddress: address.nullable(),
  /** All of them, flattened from the connection. */
  addressesV2: z.array(address.extend({ id: gid })),
});
export type CustomerRecord = z.infer<typeof customerRecord>;

const customerFieldsShape = z.object({
  email: z.email().nullish(),
  phone: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  note: z.string().nullish(),
  tags: z.array(z.string()).optional(),
  taxExempt: z.boolean().optional(),
  locale: z.string().optional(),
  /** Replaces all addresses; the first is the default one. */
  addresses: z.array(addressInput).optional(),
});
export const customerFields = customerFieldsShape.refine(
  ({ email, phone }) => Boolean(email) || Boolean(phone),
  "an email or a phone is wanted: without either, a customer whose creation was not answered could not be found again",
);
export type CustomerFields = z.infer<typeof customerFieldsShape>;

export const customers = defineResource<CustomerRecord, CustomerFields, "delete">({
  name: "customers",
  schema: customerRecord,
  key: (customer) => customer.id,
  version: (customer) => utcSeconds(customer.updatedAt),
  title: (customer) => customer.displayName,
  read: {
    keysMax: PAGE_SIZE,
    records: async (api, keys) => wholeCustomers(api, await nodesOf(api, CUSTOMERS_BY_ID, keys)),
  },
  changes: {
    overlapMs: OVERLAP_MS,
    page: (api, { since, cursor }) =>
      page(api, { query: updatedSince(since - DAY_FILTER_SLACK_MS), sortKey: "UPDATED_AT" }, cursor),
  },
  everything: { page: (api, { cursor }) => page(api, { query: null, sortKey: "ID" }, cursor) },
  write: {
    fields: customerFields,
    safety: { kind: "upsert" },
    create: (api, { fields }) => set(api, identifierOf(fields), fields),
    update: (api, { key, fields, changed }) =>
      set(api, { id: key }, Object.fromEntries(changed.map((name) => [name, fields[name] ?? null]))),
    removals: {
      delete: (api, { key }) => gone(ask(api, CUSTOMER_DELETE, { id: key })),
    },
    lookup,
    fieldsOf: customerFieldsOf,
  },
});

async function page(
  api: Api,
  variables: { readonly query: string | null; readonly sortKey: string },
  cursor: string | undefined,
): Promise<Page<CustomerRecord>> {
  const { nodes, next } = await pageOf(api, {
    document: CUSTOMERS_PAGE,
    field: "customers",
    variables,
    size: PAGE_SIZE,
    cursor,
  });
  const records = await wholeCustomers(api, nodes);
  return next === undefined ? { records } : { records, next };
}

async function set(api: Api, identifier: object, input: object): Promise<Written<CustomerRecord>> {
  const data = await ask(api, CUSTOMER_SET, { identifier, input });
  return written(api, (data["customerSet"] as { readonly customer: unknown }).customer);
}

/** The unique key of a customer to be: customerSet finds by it what an earlier try may have left. */
function identifierOf({ email, phone }: CustomerFields): object {
  return email ? { email } : { phone };
}

async function lookup(api: Api, { fields }: WriteOrder<CustomerFields>): Promise<readonly Written<CustomerRecord>[]> {
  const identifier = fields.email ? { emailAddress: fields.email } : { phoneNumber: fields.phone };
  const data = await ask(api, CUSTOMER_BY_IDENTIFIER, { identifier });
  return data["customerByIdentifier"] === null ? [] : [await written(api, data["customerByIdentifier"])];
}

async function written(api: Api, node: unknown): Promise<Written<CustomerRecord>> {
  const record = await wholeCustomer(api, node);
  return { key: record.id, version: utcSeconds(record.updatedAt), record };
}

function customerFieldsOf(record: CustomerRecord): Partial<CustomerFields> {
  return {
    email: record.defaultEmailAddress?.emailAddress ?? null,
    phone: record.defaultPhoneNumber?.phoneNumber ?? null,
    firstName: record.firstName,
    lastName: record.lastName,
    note: record.note,
    tags: [...record.tags],
    taxExempt: record.taxExempt,
    locale: record.locale,
    addresses: record.addressesV2.map(addressInputOf),
  };
}

async function wholeCustomers(api: Api, nodes: readonly unknown[]): Promise<readonly CustomerRecord[]> {
  const records: CustomerRecord[] = [];
  for (const node of nodes) records.push(await wholeCustomer(api, node));
  return records;
}

async function wholeCustomer(api: Api, node: unknown): Promise<CustomerRecord> {
  const customer = node as Omit<CustomerRecord, "addressesV2"> & { readonly addressesV2: Connection };
  const addressesV2 = await restOf(api, customer.addressesV2, {
    document: CUSTOMER_ADDRESSES,
    owner: "customer",
    field: "addressesV2",
    id: customer.id,
    updatedAt: customer.updatedAt,
  });
  return { ...customer, addressesV2: addressesV2 as CustomerRecord["addressesV2"] };
}

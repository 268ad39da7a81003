// An org and a connection to it over real HTTP, for this folder's tests.
import { z } from "zod";
import { serve } from "../../src/rehearse/serve.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { connectorApi, type ConnectorApi } from "../../src/testing/connector-api.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { accountsWith } from "./accounts.ts";
import { salesforceWith } from "./connector.ts";
import { contactsWith } from "./contacts.ts";
import { customObject } from "./custom-object.ts";
import type { SalesforceSettings } from "./settings.ts";
import { money, text } from "./shapes.ts";
import { createSalesforceSimulator, type SalesforceSimulator, type SalesforceSimulatorOptions } from "./simulator.ts";

export const invoices = customObject({
  object: "Invoice__c",
  name: "invoices",
  externalId: "Number__c",
  fields: z.strictObject({
    Number__c: text(40),
    Name: text(80).optional(),
    Amount__c: money.optional(),
    Paid__c: z.boolean().optional(),
  }),
});

export const erpAccounts = accountsWith({ fields: { Erp_Id__c: text(40).optional() }, externalId: "Erp_Id__c" });
export const stampedContacts = contactsWith({ writeKey: "Bowline_Key__c" });

export const connector = salesforceWith({ resources: { invoices, accounts: erpAccounts, contacts: stampedContacts } });

export const WEBHOOK_SECRET = "a secret of the tests";

/** The org's own fields and objects, written as Salesforce has them. */
export const ORG: Pick<SalesforceSimulatorOptions, "objects" | "fields"> = {
  objects: [
    {
      name: "Invoice__c",
      keyPrefix: "a00",
      fields: [
        { name: "Name", type: "string", length: 80 },
        { name: "Number__c", type: "string", length: 40, externalId: true, unique: true },
        { name: "Amount__c", type: "currency", scale: 2 },
        { name: "Paid__c", type: "boolean", default: false },
      ],
    },
  ],
  fields: {
    Account: [{ name: "Erp_Id__c", type: "string", length: 40, externalId: true, unique: true }],
    Contact: [
      { name: "Bowline_Key__c", type: "string", length: 36, externalId: true, unique: true, caseSensitive: true },
    ],
  },
};

export interface Setup extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulator: SalesforceSimulator;
  readonly settings: SalesforceSettings;
  readonly api: ConnectorApi;
  readonly hooks: readonly OutgoingWebhook[];
}

export interface SetupOptions {
  readonly simulator?: Partial<SalesforceSimulatorOptions>;
  readonly settings?: Partial<SalesforceSettings>;
  readonly withinLimits?: boolean;
}

export async function setup({
  simulator: asked,
  settings: more,
  withinLimits = true,
}: SetupOptions = {}): Promise<Setup> {
  const clock = new VirtualClock();
  const hooks: OutgoingWebhook[] = [];
  const simulator = createSalesforceSimulator({
    clock,
    random: new SeededRandom(7),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "5Aep-first",
    webhookSecret: WEBHOOK_SECRET,
    webhookUrl: "http://receiver.test/salesforce",
    send: (webhook) => Promise.resolve(hooks.push(webhook) > 0 ? 200 : 0),
    ...ORG,
    ...asked,
    // Tests go on for virtual weeks; those about sessions say how long one lasts.
    settings: { sessionMs: 400 * 86_400_000, ...asked?.settings },
  });
  const served = await serve((request) => simulator.fetch(request));
  const settings: SalesforceSettings = {
    instanceUrl: "https://acme.my.salesforce.com",
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "5Aep-first",
    baseUrl: served.url,
    ...more,
  };
  const api = connectorApi({
    connector,
    settings,
    credential: { name: "authorization", value: `Bearer ${simulator.accessToken()}` },
    clock,
    withinLimits,
  });
  return {
    clock,
    simulator,
    settings,
    api,
    hooks,
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await served.close();
    },
  };
}

interface AnyPage<Record> {
  readonly records: readonly Record[];
  readonly deleted?: readonly string[];
  readonly next?: string;
  readonly coveredUntil?: number;
  readonly deletionsIncomplete?: boolean;
  readonly nextInMs?: number;
}

export interface AllPages<Record> {
  readonly records: Record[];
  readonly deleted: string[];
  pages: number;
  coveredUntil: number;
  deletionsIncomplete: boolean;
}

/** Reads all pages of a listing, as the engine does: waiting where the provider wants it. */
export async function allPages<Record>(
  clock: VirtualClock,
  page: (cursor: string | undefined) => Promise<AnyPage<Record>>,
  between: (pages: number) => void = () => {},
): Promise<AllPages<Record>> {
  const all: AllPages<Record> = {
    records: [],
    deleted: [],
    pages: 0,
    coveredUntil: Number.POSITIVE_INFINITY,
    deletionsIncomplete: false,
  };
  let cursor: string | undefined;
  do {
    const told = await page(cursor);
    all.records.push(...told.records);
    all.deleted.push(...(told.deleted ?? []));
    all.pages += 1;
    all.coveredUntil = Math.min(all.coveredUntil, told.coveredUntil ?? Number.POSITIVE_INFINITY);
    all.deletionsIncomplete ||= told.deletionsIncomplete === true;
    cursor = told.next;
    if (told.nextInMs !== undefined) await clock.advance(told.nextInMs);
    between(all.pages);
  } while (cursor !== undefined);
  return all;
}

export function changesSince(world: Setup, since: number, resource = erpAccounts, between?: (pages: number) => void) {
  return allPages<{ Id: string; Name?: string | null | undefined }>(
    world.clock,
    (cursor) => resource.changes!.page(world.api, { since, ...(cursor === undefined ? {} : { cursor }) }),
    between,
  );
}

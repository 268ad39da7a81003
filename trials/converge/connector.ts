// The connector of a system on trial, of its setting: what it tells, what it returns, how its writes are made safe.
import { z } from "zod";
import type { Api, Webhook } from "../../src/define/connector.ts";
import { defineConnector, defineResource } from "../../src/define/define-connector.ts";
import type { Page, Read, Resource, Write, Written } from "../../src/define/resource.ts";
import { spelled, type System, type Value } from "./fields.ts";
import { SEARCH_LAG_MS } from "./provider.ts";
import type { Setting } from "./setting.ts";

const value = z.union([z.string(), z.number(), z.array(z.string()), z.null()]);
const body = z.object({
  id: z.string(),
  version: z.string().optional(),
  changedAt: z.number().optional(),
  changedBy: z.string().optional(),
  hidden: z.boolean(),
  former: z.array(z.string()),
  fields: z.record(z.string(), value),
});
export type Body = z.infer<typeof body>;
export type Fields = Record<string, Value>;

export const addressOf = (system: System): string => `https://${system}.example`;

export function connectorOf(system: System, setting: Setting) {
  const resource: Resource<Body, Fields, "delete"> = {
    name: "contacts",
    schema: body,
    key: ({ id }) => id,
    title: ({ id }) => id,
    formerKeys: ({ former }) => former,
    ...(setting.versions ? versioned(system, setting) : {}),
    read: readOf(setting),
    changes: {
      // The clock that stamps may be far from ours.
      overlapMs: setting.sharedClock ? 1_000 : Math.abs(setting.skewMs) + 1_000,
      tellsDeletions: setting.tellsDeletions,
      page: (api, { since, cursor }) => listed(api, { since, after: cursor }),
    },
    everything: { page: (api, { cursor }) => listed(api, { after: cursor }) },
    write: writeOf(system, setting),
  };
  return defineConnector({
    name: system,
    title: system,
    settings: z.object({}),
    baseUrl: () => addressOf(system),
    auth: { kind: "none" },
    limits: [{ kind: "concurrency", name: "calls", count: 4, every: true }],
    webhook,
    resources: { contacts: defineResource(resource) },
  });
}

function versioned(system: System, { sharedClock }: Setting): Partial<Resource<Body, Fields, "delete">> {
  return {
    version: ({ version }) => version,
    clock: sharedClock ? "the clock of all" : `the clock of ${system}`,
    changedAt: ({ changedAt }) => changedAt,
    // An automation acts under our name, as our writes do.
    changedByUs: ({ changedBy }) => changedBy === "bowline",
  };
}

function listed(api: Api, query: Record<string, string | number | undefined>): Promise<Page<Body>> {
  return api.request({ method: "GET", path: "/contacts", query }).then(({ json }) => json as Page<Body>);
}

function readOf({ mergedRead }: Setting): Read<Body> {
  const records: Read<Body>["records"] = async (api, keys) => (await listed(api, { keys: keys.join(",") })).records;
  if (mergedRead === "follows") return { keysMax: 5, records };
  return {
    keysMax: 5,
    records,
    async successors(api, keys) {
      const { json } = await api.request({ method: "GET", path: "/contacts", query: { merged: keys.join(",") } });
      return new Map(Object.entries(z.object({ merged: z.record(z.string(), z.string()) }).parse(json).merged));
    },
  };
}

function writeOf(system: System, { preconditions }: Setting): Write<Body, Fields, "delete"> {
  const email = spelled(system, "email");
  return {
    fields: z.record(z.string(), value),
    // Of both kinds one: the CRM knows its keys for a day, elsewhere a contact is looked up by its address.
    safety:
      system === "crm"
        ? { kind: "idempotency-key", retentionMs: 86_400_000 }
        : { kind: "lookup", lagMs: SEARCH_LAG_MS },
    guarded: preconditions,
    async create(api, { fields, idempotencyKey }) {
      return writtenIn(await send(api, "POST", "/contacts", idempotencyKey, { body: fields }), "");
    },
    async update(api, { key, fields, changed, version, idempotencyKey }) {
      const told = Object.fromEntries(changed.map((name) => [name, fields[name] ?? null]));
      return writtenIn(await send(api, "PATCH", `/contacts/${key}`, idempotencyKey, { version, body: told }), key);
    },
    removals: {
      async delete(api, { key, version, idempotencyKey }) {
        await send(api, "DELETE", `/contacts/${key}`, idempotencyKey, { version });
        return undefined;
      },
    },
    async lookup(api, { fields }) {
      const { records } = await listed(api, {
        email: String(fields[email] ?? "")
          .trim()
          .toLowerCase(),
      });
      return records.map(foundAs);
    },
    fieldsOf: ({ fields }) => fields,
  };
}

interface Sent {
  readonly version?: string | undefined;
  readonly body?: object;
}

async function send(
  api: Api,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  idempotencyKey: string,
  { version, body: told }: Sent,
): Promise<unknown> {
  const headers = { "idempotency-key": idempotencyKey, ...(version === undefined ? {} : { "if-match": version }) };
  return (await api.request({ method, path, headers, ...(told === undefined ? {} : { body: told }) })).json;
}

function writtenIn(json: unknown, key: string): Written<Body> {
  const whole = body.safeParse(json);
  if (whole.success) return foundAs(whole.data);
  const { version } = z.object({ version: z.string().optional() }).parse(json);
  return { key, ...(version === undefined ? {} : { version }) };
}

const foundAs = (record: Body): Written<Body> => ({
  key: record.id,
  record,
  ...(record.version === undefined ? {} : { version: record.version }),
});

const event = z.object({
  key: z.string(),
  version: z.string().optional(),
  deleted: z.boolean(),
  record: body.optional(),
});

const webhook: Webhook = {
  secretSettings: [],
  verify: () => ({ ok: true }),
  dedupeId: () => "",
  answerWithinMs: 5_000,
  events: ({ json }) => {
    const { key, version, deleted, record } = event.parse(json);
    const whole = record === undefined ? {} : { record };
    return [{ resource: "contacts", key, deleted, ...whole, ...(version === undefined ? {} : { version }) }];
  },
};

// The project on trial: customers become clients and paid orders become bills of these, written in the way that the world draws.
import { z } from "zod";
import type { Api, Webhook } from "../../src/define/connector.ts";
import { defineConnector, defineResource } from "../../src/define/define-connector.ts";
import type { Page, PageQuery, Resource, Safety, Write, Written } from "../../src/define/resource.ts";
import { defineConfig, defineSync, type Project } from "../../src/index.ts";
import { SECOND_MS, type Setting } from "./setting.ts";
import { itemSchema, SOURCE, type Item, type Kind } from "./source.ts";
import { fieldsSchema, TARGET, thingSchema, type Fields, type Thing, type TargetKind } from "./target.ts";

const KEYS_MAX = 10;
const RETENTION_MS = 86_400_000;
const CALLS_AT_ONCE = 3;

export function oneWayProject(setting: Setting): Project {
  const source = sourceConnector(setting).connect("source", {});
  const target = targetConnector(setting).connect("target", {});
  const common = {
    owner: "trial",
    freshWithin: "1d",
    pollEvery: `${setting.pollEveryMs}ms`,
    everythingEvery: `${setting.everythingEveryMs}ms`,
    onExisting: setting.onExisting,
    onDelete: "delete",
    onOutOfScope: setting.onOutOfScope,
    deletedShareMax: 1,
  } as const;
  const clients = defineSync<Item, Fields, "delete", "ref" | "note">({
    ...common,
    name: "clients",
    purpose: "Whoever buys is a client.",
    from: source.customers,
    to: target.clients,
    map: ({ field }) => ({ ref: field(({ id }) => id), note: field(({ note }) => note) }),
  });
  const bills = defineSync<Item, Fields, "delete", keyof Fields>({
    ...common,
    name: "bills",
    purpose: "Each paid order has its bill.",
    from: source.orders,
    to: target.bills,
    only: ({ paid }) => paid,
    map: ({ field, link }) => ({
      ref: field(({ id }) => id),
      note: field(({ note }) => note),
      client: link(clients, ({ customer }) => customer).orOmit(),
    }),
  });
  return defineConfig({ name: "restore", connections: [source, target], syncs: [clients, bills] });
}

function sourceConnector(setting: Setting) {
  return defineConnector({
    name: "source",
    title: "Source",
    settings: z.object({}),
    baseUrl: () => SOURCE,
    auth: { kind: "none" },
    limits: [],
    webhook,
    resources: { customers: sourceResource("customers", setting), orders: sourceResource("orders", setting) },
  });
}

function sourceResource(name: Kind, setting: Setting) {
  const { hasChanges, tellsDeletions, listLagMs, lookbackMs, keeps } = setting;
  const resource: Resource<Item> = {
    name,
    schema: itemSchema,
    key: ({ id }) => id,
    version: ({ version }) => version,
    keep: keeps,
    read: {
      keysMax: KEYS_MAX,
      records: async (api, keys) => {
        const { json } = await api.request({ method: "GET", path: `/${name}`, query: { keys: keys.join(",") } });
        return (json as Page<Item>).records;
      },
    },
    everything: { page: (api, { cursor }) => pageOf(api, name, cursor === undefined ? {} : { cursor }) },
    ...(hasChanges
      ? {
          changes: {
            overlapMs: listLagMs + SECOND_MS,
            tellsDeletions,
            ...(lookbackMs === undefined ? {} : { lookbackMaxMs: lookbackMs }),
            page: (api, query) => pageOf(api, name, query),
          },
        }
      : {}),
  };
  return defineResource(resource);
}

async function pageOf(api: Api, name: Kind, { since, cursor }: Partial<PageQuery>): Promise<Page<Item>> {
  const { json } = await api.request({ method: "GET", path: `/${name}`, query: { since, after: cursor } });
  return json as Page<Item>;
}

const event = z.object({ kind: z.string(), id: z.string(), version: z.string(), deleted: z.boolean() });

const webhook: Webhook = {
  secretSettings: [],
  verify: () => ({ ok: true }),
  dedupeId: () => "",
  answerWithinMs: 5_000,
  events: ({ json }) => {
    const { kind, id, version, deleted } = event.parse(json);
    return [{ resource: kind, key: id, version, deleted }];
  },
};

function targetConnector(setting: Setting) {
  return defineConnector({
    name: "target",
    title: "Target",
    settings: z.object({}),
    baseUrl: () => TARGET,
    auth: { kind: "none" },
    limits: [{ kind: "concurrency", name: "calls", count: CALLS_AT_ONCE, every: true }],
    resources: { clients: targetResource("clients", setting), bills: targetResource("bills", setting) },
  });
}

function targetResource(name: TargetKind, setting: Setting) {
  return defineResource<Thing, Fields, "delete">({
    name,
    schema: thingSchema,
    key: ({ id }) => id,
    write: writeOf(name, setting),
  });
}

function writeOf(name: TargetKind, setting: Setting): Write<Thing, Fields, "delete"> {
  const { safety, showsFields } = setting;
  const written = (json: unknown): Written<Thing> => {
    const record = thingSchema.parse(json);
    return { key: record.id, ...(showsFields ? { record } : {}) };
  };
  const hasKeys = safety === "key" || safety === "key-blind";
  return {
    fields: fieldsSchema,
    safety: safetyOf(setting),
    async create(api, { fields, idempotencyKey }) {
      const isUpsert = safety === "upsert";
      const { json } = await api.request({
        method: isUpsert ? "PUT" : "POST",
        path: isUpsert ? `/${name}/${fields.ref}` : `/${name}`,
        body: fields,
        ...(hasKeys ? { headers: { "idempotency-key": idempotencyKey } } : {}),
      });
      return written(json);
    },
    async update(api, { key, fields, changed }) {
      const body = Object.fromEntries(changed.map((field) => [field, fields[field]]));
      return written((await api.request({ method: "PATCH", path: `/${name}/${key}`, body })).json);
    },
    removals: {
      async delete(api, { key }) {
        await api.request({ method: "DELETE", path: `/${name}/${key}` });
        return undefined;
      },
    },
    ...(safety === "lookup" || safety === "key"
      ? {
          async lookup(api, { fields }) {
            const { json } = await api.request({ method: "GET", path: `/${name}`, query: { ref: fields.ref } });
            return (json as readonly unknown[]).map(written);
          },
        }
      : {}),
    ...(showsFields ? { fieldsOf: ({ id: _id, ...fields }) => fields } : {}),
  };
}

function safetyOf({ safety, searchLagMs }: Setting): Safety {
  if (safety === "lookup") return { kind: "lookup", lagMs: searchLagMs };
  if (safety === "key" || safety === "key-blind") return { kind: "idempotency-key", retentionMs: RETENTION_MS };
  return { kind: safety };
}

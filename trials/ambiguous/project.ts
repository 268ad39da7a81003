// The project on trial: records of a source become objects of the provider, written in the way that the cell asks for.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineConnector, defineResource } from "../../src/define/define-connector.ts";
import type { Safety, Write, Written } from "../../src/define/resource.ts";
import { defineConfig, defineSync, type Project } from "../../src/index.ts";
import type { Class } from "./cells.ts";
import { RETENTION_MS, SEARCH_LAG_MS } from "./provider.ts";

export const SOURCE = "https://source.example";
const TARGET = "https://target.example";
export const SYNC = "records";
/** Longer than the retention, so that only what is pending makes Bowline call. */
const SELDOM = "12h";

const record = z.object({ id: z.string() });
const object = z.object({ id: z.string(), ref: z.string() });
const fields = z.object({ ref: z.string() });
type Fields = z.infer<typeof fields>;
type Thing = z.infer<typeof object>;

export interface ProjectOptions {
  readonly class: Class;
  /** Can a lost write be searched for? */
  readonly canLookUp: boolean;
  /** What the connector says of the retention; a planted fault says too much. */
  readonly retentionMs?: number;
  readonly recordsAtOnce: number;
}

export function trialProject({ retentionMs = RETENTION_MS, ...options }: ProjectOptions): Project {
  const source = sourceConnector.connect("source", {});
  const target = targetConnector(options, retentionMs).connect("target", {});
  const sync = defineSync<z.infer<typeof record>, Fields, string, "ref">({
    name: SYNC,
    purpose: "Each record is one object.",
    owner: "trial",
    from: source.records,
    to: target.objects,
    freshWithin: "1d",
    pollEvery: SELDOM,
    map: ({ field }) => ({ ref: field((one) => one.id) }),
    onDelete: "keep",
  });
  return defineConfig({ name: "ambiguous", connections: [source, target], syncs: [sync] });
}

const sourceConnector = defineConnector({
  name: "source",
  title: "Source",
  settings: z.object({}),
  baseUrl: () => SOURCE,
  auth: { kind: "none" },
  limits: [],
  resources: {
    records: defineResource<z.infer<typeof record>>({
      name: "records",
      schema: record,
      key: ({ id }) => id,
      everything: {
        page: async (api) => ({ records: (await api.request({ method: "GET", path: "/records" })).json as never }),
      },
    }),
  },
});

function targetConnector({ class: one, canLookUp, recordsAtOnce }: ProjectOptions, retentionMs: number) {
  const write: Write<Thing, Fields> = {
    fields,
    safety: safetyOf(one, canLookUp, retentionMs),
    create: async (api, order) => {
      const { json } = await api.request({
        method: one === "upsert" ? "PUT" : "POST",
        path: one === "upsert" ? `/objects/${order.fields.ref}` : "/objects",
        body: order.fields,
        ...(one === "idempotency-key" ? { headers: { "idempotency-key": order.idempotencyKey } } : {}),
      });
      return { key: object.parse(json).id };
    },
    ...(canLookUp ? { lookup: (api, order) => found(api, order.fields.ref) } : {}),
  };
  return defineConnector({
    name: "target",
    title: "Target",
    settings: z.object({}),
    baseUrl: () => TARGET,
    auth: { kind: "none" },
    limits: [{ kind: "concurrency", name: "calls", count: recordsAtOnce, every: true }],
    resources: {
      objects: defineResource<Thing, Fields>({ name: "objects", schema: object, key: ({ id }) => id, write }),
    },
  });
}

function safetyOf(one: Class, canLookUp: boolean, retentionMs: number): Safety {
  if (one === "idempotency-key") return { kind: "idempotency-key", retentionMs };
  if (one === "upsert") return { kind: "upsert" };
  return canLookUp ? { kind: "lookup", lagMs: SEARCH_LAG_MS } : { kind: "none" };
}

async function found(api: Api, ref: string): Promise<readonly Written<Thing>[]> {
  const { json } = await api.request({ method: "GET", path: "/objects", query: { ref } });
  return z
    .array(object)
    .parse(json)
    .map((one) => ({ key: one.id }));
}

// The project on trial: a connector for the provider as its author writes it from the documentation, and a sync that only
// looks at what it reads.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineConnector, defineResource } from "../../src/define/define-connector.ts";
import type { Changes, Everything, Page } from "../../src/define/resource.ts";
import { defineConfig, defineSync, type Project } from "../../src/index.ts";
import type { Plant } from "./options.ts";
import { declaredFor, HOUR_MS, type Quirks } from "./quirks.ts";

const SOURCE = "https://source.example";
export const RESOURCE = "source/records";
const KEYS_MAX = 20;

const record = z.object({ id: z.string(), value: z.string(), stamp: z.number() });
export type Item = z.infer<typeof record>;

const pageAnswer = z.object({
  records: z.array(record),
  deleted: z.array(z.string()).optional(),
  more: z.boolean().optional(),
  cursor: z.string().optional(),
  purged: z.boolean().optional(),
  coveredUntil: z.number().optional(),
});
type Answered = z.infer<typeof pageAnswer>;

export function trialProject(quirks: Quirks, plant: Plant | undefined): Project {
  const source = sourceConnector(quirks, plant).connect("source", {});
  const target = targetConnector.connect("target", {});
  const sync = defineSync<Item, { readonly value: string }, string, "value">({
    name: "records",
    purpose: "What is read is looked at.",
    owner: "trial",
    from: source.records,
    to: target.objects,
    freshWithin: "1d",
    pollEvery: `${quirks.pollEveryMs}ms`,
    everythingEvery: `${declaredFor(quirks).everythingEveryMs / HOUR_MS}h`,
    only: () => false,
    map: ({ field }) => ({ value: field((one) => one.value) }),
    onDelete: "keep",
  });
  return defineConfig({ name: "cursor", connections: [source, target], syncs: [sync] });
}

function sourceConnector(quirks: Quirks, plant: Plant | undefined) {
  const { overlapMs, lookbackMaxMs } = declaredFor(quirks);
  const changes: Changes<Item> = {
    overlapMs: plant === "no-overlap" ? 0 : overlapMs,
    ...(lookbackMaxMs === undefined ? {} : { lookbackMaxMs }),
    tellsDeletions: quirks.deletions === "log",
    page: async (api, { since, cursor }) => {
      const isExclusive = quirks.since === "exclusive" && plant !== "since-exclusive";
      const from = { since: Math.max(0, isExclusive ? since - quirks.stampMs : since) };
      return paged(api, { path: "/changes", query: from, cursor, quirks, plant });
    },
  };
  const everything: Everything<Item> = {
    page: (api, { cursor }) => paged(api, { path: "/everything", query: {}, cursor, quirks, plant }),
  };
  return defineConnector({
    name: "source",
    title: "Source",
    settings: z.object({}),
    baseUrl: () => SOURCE,
    auth: { kind: "none" },
    limits: [],
    resources: {
      records: defineResource<Item>({
        name: "records",
        schema: record,
        key: ({ id }) => id,
        ...(quirks.version === "stamp" || plant === "cursor-max-updated"
          ? { version: ({ stamp }: Item) => new Date(stamp).toISOString() }
          : {}),
        read: {
          keysMax: KEYS_MAX,
          records: async (api, keys) => (await ask(api, "/records", { keys: keys.join(",") })).records,
        },
        changes,
        everything,
      }),
    },
  });
}

interface Asked {
  readonly path: "/changes" | "/everything";
  readonly query: Readonly<Record<string, number>>;
  readonly cursor: string | undefined;
  readonly quirks: Quirks;
  readonly plant: Plant | undefined;
}

/** Where an offset goes on: a record early, which has to be met again. */
interface Place {
  readonly offset: number;
  readonly anchor: string;
}

async function paged(api: Api, asked: Asked): Promise<Page<Item>> {
  const { path, query, cursor, quirks } = asked;
  if (quirks.paging !== "offset") {
    const answer = await ask(api, path, { ...query, ...(cursor === undefined ? {} : JSON.parse(cursor)) });
    return pageOf(answer, answer.more ? JSON.stringify(following(answer, asked)) : undefined);
  }
  const place = cursor === undefined ? undefined : (JSON.parse(cursor) as Place);
  const answer = await ask(api, path, { ...query, offset: place?.offset });
  // The one record of the last page did not come again: others may have slipped past the border, so it begins anew.
  const isLost = place !== undefined && place.offset > 0 && !answer.records.some(({ id }) => id === place.anchor);
  if (isLost) return { records: answer.records, next: JSON.stringify({ offset: 0, anchor: "" }) };
  const last = answer.records.at(-1);
  const next: Place = { offset: (place?.offset ?? 0) + answer.records.length - 1, anchor: last?.id ?? "" };
  return pageOf(answer, answer.more ? JSON.stringify(next) : undefined);
}

function following({ records, cursor }: Answered, { path, quirks, plant }: Asked): object {
  const last = records.at(-1);
  if (quirks.paging === "snapshot") return { cursor };
  if (quirks.paging === "id" || path === "/everything") return { afterKey: last?.id };
  if (plant === "since-exclusive") return { afterStamp: last?.stamp };
  return { afterStamp: last?.stamp, afterKey: last?.id };
}

function pageOf({ records, deleted = [], purged, coveredUntil }: Answered, next: string | undefined): Page<Item> {
  return {
    records,
    deleted,
    ...(purged ? { deletionsIncomplete: true } : {}),
    ...(coveredUntil === undefined ? {} : { coveredUntil }),
    ...(next === undefined ? {} : { next }),
  };
}

async function ask(
  api: Api,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<Answered> {
  return pageAnswer.parse((await api.request({ method: "GET", path, query })).json);
}

const targetConnector = defineConnector({
  name: "target",
  title: "Target",
  settings: z.object({}),
  baseUrl: () => "https://target.example",
  auth: { kind: "none" },
  limits: [],
  resources: {
    objects: defineResource<{ readonly id: string }, { readonly value: string }>({
      name: "objects",
      schema: z.object({ id: z.string() }),
      key: ({ id }) => id,
      write: {
        fields: z.object({ value: z.string() }),
        safety: { kind: "none" },
        create: () => Promise.reject(new Error("could not write: nothing is ever in scope")),
      },
    }),
  },
});

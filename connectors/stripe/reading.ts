// How every kind of object is read: by ids, by the events that tell of it, and all of it from the newest to the oldest.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Changes, Everything, Page, Read } from "../../src/define/resource.ts";
import { ask, isMissing, type StripeObject } from "./ask.ts";
import { expansion, type Kind, type Shown } from "./kind.ts";
import { toldBy, typesOf } from "./observed.ts";

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
/** Stripe reads one object a call; so many calls go out together. */
const KEYS_MAX = 20;
const RECORDS_A_PAGE = 100;
/** Each event may cost a call to read its object, so a page of them is smaller. */
const EVENTS_A_PAGE = 50;
/** Events are kept for 30 days; a day less bears a long scan and a difference of clocks. */
const LOOKBACK_MAX_MS = 29 * DAY_MS;
/** Stripe does not say how soon an event is listed. */
const OVERLAP_MS = 5 * 60_000;

export interface Reading<Record> {
  key(record: Record): string;
  readonly read: Read<Record>;
  readonly changes: Changes<Record>;
  readonly everything: Everything<Record>;
}

export function readingOf<Record extends StripeObject>(kind: Kind<Record>): Reading<Record> {
  return {
    key: ({ id }) => id,
    read: { keysMax: KEYS_MAX, records: (api, keys) => readAll(api, kind, keys) },
    changes: {
      overlapMs: OVERLAP_MS,
      lookbackMaxMs: LOOKBACK_MAX_MS,
      tellsDeletions: kind.tellsDeletions,
      page: (api, { since, cursor }) => changesPage(api, kind, since, cursor),
    },
    everything: { page: (api, { cursor }) => everythingPage(api, kind, cursor) },
  };
}

/** The record as it is now; undefined: there is none, or only what is left of a deleted one. */
export async function readOne<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  id: string,
): Promise<Record | undefined> {
  try {
    const record = await ask<Record>(api, { method: "GET", route: `${kind.route}/{id}`, id, form: expansion(kind) });
    return record.deleted === true ? undefined : await completed(api, kind, record);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function completed<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  record: Record,
): Promise<Record> {
  return kind.complete === undefined ? record : kind.complete(api, record);
}

/** All calls have ended before the first failure is told: none goes on behind the engine's back. */
async function readAll<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  keys: readonly string[],
): Promise<readonly Record[]> {
  const results = await Promise.allSettled(keys.map((key) => readOne(api, kind, key)));
  const records: Record[] = [];
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
    if (result.value !== undefined) records.push(result.value);
  }
  return records;
}

interface StripeEvent extends StripeObject {
  readonly type: string;
  readonly data: { readonly object: Readonly<globalThis.Record<string, unknown>> };
}

/**
 * Events are the newest first, and what happens meanwhile comes before the first page, where the next scan finds it. What
 * an event shows of its object is as old as the event and in the account's own version: the object is read.
 */
async function changesPage<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  since: number,
  cursor: string | undefined,
): Promise<Page<Record>> {
  const form = {
    types: typesOf(kind.name),
    created: { gte: Math.floor(since / SECOND_MS) },
    limit: EVENTS_A_PAGE,
    starting_after: cursor,
  };
  const events = await ask<Shown<StripeEvent>>(api, { method: "GET", route: "/events", form });
  const keys = new Set<string>();
  for (const { type, data } of events.data) {
    for (const told of toldBy(type, data.object)) if (told.resource === kind.name) keys.add(told.key);
  }
  const records = await readAll(api, kind, [...keys]);
  const there = new Set(records.map(({ id }) => id));
  const deleted = [...keys].filter((key) => !there.has(key));
  const last = events.data.at(-1);
  return { records, deleted, ...(events.has_more && last !== undefined ? { next: last.id } : {}) };
}

/** Where the next page begins: after this object, or, when that one is gone, with all that were made before or with it. */
interface Place {
  readonly after: string;
  readonly created: number;
  /** The list itself ends at this time since an earlier object went. */
  readonly until?: number;
}

interface Created extends StripeObject {
  readonly created?: number;
  /** Invoice items have this in place of `created`. */
  readonly date?: number;
}

async function everythingPage<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  cursor: string | undefined,
): Promise<Page<Record>> {
  const place = cursor === undefined ? undefined : (JSON.parse(cursor) as Place);
  const { page, until } = await pageAfter<Record>(api, kind, place);
  const records = await Promise.all(page.data.map((record) => completed(api, kind, record)));
  const last = page.data.at(-1) as Created | undefined;
  if (!page.has_more || last === undefined) return { records };
  const created = last.created ?? last.date ?? 0;
  const next: Place = { after: last.id, created, ...(until === undefined ? {} : { until }) };
  return { records, next: JSON.stringify(next) };
}

/**
 * `starting_after` fails when its object was deleted meanwhile. The list then begins anew at the second in which that one
 * was made: what was made in the same second is shown twice, and nothing is left out.
 */
async function pageAfter<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  place: Place | undefined,
): Promise<{ readonly page: Shown<Record>; readonly until: number | undefined }> {
  const until = place?.until;
  try {
    return { page: await listed<Record>(api, kind, { until, after: place?.after }), until };
  } catch (error) {
    if (place === undefined || !isAboutPlace(error)) throw error;
    return { page: await listed<Record>(api, kind, { until: place.created }), until: place.created };
  }
}

function listed<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  { until, after }: { readonly until?: number | undefined; readonly after?: string | undefined },
): Promise<Shown<Record>> {
  const form = {
    ...kind.listing,
    ...expansion(kind, "data."),
    limit: RECORDS_A_PAGE,
    starting_after: after,
    ...(until === undefined ? {} : { created: { lte: until } }),
  };
  return ask<Shown<Record>>(api, { method: "GET", route: kind.route, form });
}

function isAboutPlace(error: unknown): boolean {
  if (!(error instanceof CallFailed) || error.outcome.code !== "resource_missing") return false;
  return error.outcome.reason?.includes("parameter starting_after") ?? false;
}

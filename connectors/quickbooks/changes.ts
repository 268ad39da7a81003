// What changed since a time, from change data capture: one call tells changes and deletions of up to 1,000 records. It has
// no second page, so a full answer is never trusted: the changes are then listed by query, which has pages.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Changes, Page, PageQuery } from "../../src/define/resource.ts";
import { readDecimalJson } from "./decimal-json.ts";
import { MINOR_VERSION, type Entity, type EntityRecord } from "./entity.ts";
import { pageById, quotedTime, secondsTime } from "./query.ts";

const OBJECTS_MAX = 1_000;
const DAY_MS = 86_400_000;
/** Documented as 30 days; a day less bears a difference of clocks and a long scan. */
const LOOKBACK_MAX_MS = 29 * DAY_MS;
const OVERLAP_MS = 5 * 60_000;
const SECOND_MS = 1_000;

/** Where a scan goes on after a full answer: first through the listing, then on through the deletions. */
type Cursor =
  | { readonly phase: "listing"; readonly listing?: string; readonly deletionsFrom: number }
  | { readonly phase: "deletions"; readonly from: number };

export function changesOf<Record extends EntityRecord>(entity: Entity): Changes<Record> {
  return {
    overlapMs: OVERLAP_MS,
    lookbackMaxMs: LOOKBACK_MAX_MS,
    tellsDeletions: true,
    page: (api, { since, cursor }) => {
      const at = cursor === undefined ? undefined : (JSON.parse(cursor) as Cursor);
      if (at === undefined) return firstPage<Record>(api, entity, since);
      if (at.phase === "listing") return listingPage<Record>(api, entity, since, at);
      return deletionsPage<Record>(api, entity, at.from);
    },
  };
}

async function firstPage<Record extends EntityRecord>(api: Api, entity: Entity, since: number): Promise<Page<Record>> {
  const { records, deleted, isFull, latest } = await captured<Record>(api, entity, since);
  if (!isFull) return { records, deleted };
  return { records, deleted, next: cursorText({ phase: "listing", deletionsFrom: beyond(since, latest) }) };
}

async function listingPage<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  since: PageQuery["since"],
  at: Extract<Cursor, { phase: "listing" }>,
): Promise<Page<Record>> {
  const changed = [`MetaData.LastUpdatedTime >= ${quotedTime(since)}`];
  const page = await pageById<Record>(api, entity, changed, at.listing);
  const next: Cursor =
    page.next === undefined ? { phase: "deletions", from: at.deletionsFrom } : { ...at, listing: page.next };
  return { records: page.records, next: cursorText(next) };
}

/** The window grows shorter from its old end until an answer is no longer full. */
async function deletionsPage<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  from: number,
): Promise<Page<Record>> {
  const { records, deleted, isFull, latest } = await captured<Record>(api, entity, from);
  if (!isFull) return { records, deleted };
  return { records, deleted, next: cursorText({ phase: "deletions", from: beyond(from, latest) }) };
}

interface Captured<Record> {
  readonly records: readonly Record[];
  readonly deleted: readonly string[];
  readonly isFull: boolean;
  /** The latest time that was told of, in milliseconds since 1970. */
  readonly latest: number;
}

interface CapturedObject extends EntityRecord {
  readonly status?: string;
  readonly MetaData?: { readonly LastUpdatedTime?: string };
}

async function captured<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  since: number,
): Promise<Captured<Record>> {
  const answer = await api.request({
    method: "GET",
    path: "/cdc",
    query: { entities: entity.name, changedSince: secondsTime(since), minorversion: MINOR_VERSION },
  });
  const objects = objectsOf(readDecimalJson(answer.text), entity);
  const isDeleted = (one: CapturedObject): boolean => one.status === "Deleted";
  let latest = since;
  for (const one of objects) latest = Math.max(latest, Date.parse(one.MetaData?.LastUpdatedTime ?? "") || since);
  return {
    records: objects.filter((one) => !isDeleted(one)) as unknown as readonly Record[],
    deleted: objects.filter(isDeleted).map((one) => one.Id),
    isFull: objects.length >= OBJECTS_MAX,
    latest,
  };
}

function objectsOf(json: unknown, entity: Entity): readonly CapturedObject[] {
  const { CDCResponse } = json as { readonly CDCResponse?: readonly { readonly QueryResponse?: readonly object[] }[] };
  if (CDCResponse === undefined) {
    const reason = `Could not read the changes of ${entity.name}: expected a CDCResponse and got none`;
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  const answers = CDCResponse.flatMap(({ QueryResponse }) => QueryResponse ?? []) as {
    readonly [name: string]: unknown;
  }[];
  return answers.flatMap((one) => (one[entity.name] ?? []) as readonly CapturedObject[]);
}

/** The next window begins with the last second told of, since more may have happened in it; but always later than now. */
function beyond(from: number, latest: number): number {
  const second = Math.floor(latest / SECOND_MS) * SECOND_MS;
  return second > from ? second : from + SECOND_MS;
}

function cursorText(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

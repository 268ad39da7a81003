// Lists records by the time of their last change. Pages are counted, so a record that is changed meanwhile moves to the
// end and draws all others forward, past the border of a page: the next page would skip one. So the listing goes on from
// the time of the last record it saw, and counts pages only through records that share one second.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Page } from "../../src/define/resource.ts";
import { list } from "./ask.ts";
import { keyOf, type Entity, type EntityRecord } from "./entity.ts";
import { secondsText } from "./ms-date.ts";

/** The most that Xero gives in one page. */
const PAGE_SIZE = 1_000;
const PAGES_MAX = PAGE_SIZE / 2;
const SECOND_MS = 1_000;

interface Position {
  /** Changed since, in milliseconds since 1970; 0: from the beginning. */
  readonly since: number;
  /** Counted from 1. */
  readonly page: number;
  /** The last keys of the page before, one of which must be met again. */
  readonly anchors: readonly string[];
}

export async function pageByTime<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  since: number,
  cursor: string | undefined,
): Promise<Page<Record>> {
  const at: Position =
    cursor === undefined ? { since: wholeSecond(since), page: 1, anchors: [] } : (JSON.parse(cursor) as Position);
  const { records, hasMore } = await listFrom<Record>(api, entity, at);
  const next = hasMore ? following(entity, at, records) : undefined;
  return {
    records: records.filter((record) => !entity.isGone(record)),
    deleted: records.filter((record) => entity.isGone(record)).map((record) => keyOf(entity, record)),
    ...(next === undefined ? {} : { next: JSON.stringify(next) }),
  };
}

/**
 * Each further page is one record shorter than the one before, so that it begins just that many records early: page 2 with
 * 999 records begins with the 1,000th, page 3 with 998 with the 1,997th.
 */
async function listFrom<Record>(api: Api, entity: Entity, { since, page }: Position) {
  const pageSize = PAGE_SIZE + 1 - page;
  const paging = entity.paged ? { page, pageSize, order: "UpdatedDateUTC ASC" } : {};
  const headers = since > 0 ? { "if-modified-since": secondsText(since) } : undefined;
  const listed = await list<Record>(api, entity, { query: paging, ...(headers === undefined ? {} : { headers }) });
  const hasMore = entity.paged && (listed.hasMore ?? listed.records.length >= pageSize);
  return { records: listed.records, hasMore };
}

function following(entity: Entity, at: Position, records: readonly EntityRecord[]): Position {
  const keys = records.map((record) => keyOf(entity, record));
  // Of the records that the last page ended with none is left: others were drawn forward, and may have been passed over.
  const isLost = at.page > 1 && !keys.some((key) => at.anchors.includes(key));
  if (isLost) return { since: at.since, page: 1, anchors: [] };
  // A second early, in case that `since` is meant without its own moment.
  const since = wholeSecond(changedAt(records.at(-1))) - SECOND_MS;
  if (since > at.since && isOrdered(records)) return { since, page: 1, anchors: [] };
  if (at.page >= PAGES_MAX) {
    const reason = `Could not list ${entity.name}: expected fewer than ${(PAGES_MAX * PAGE_SIZE) / 2} changes in one second`;
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  return { since: at.since, page: at.page + 1, anchors: keys.slice(-at.page) };
}

function isOrdered(records: readonly EntityRecord[]): boolean {
  return records.every((record, index) => index === 0 || changedAt(record) >= changedAt(records[index - 1]));
}

/** NaN where a record tells none, which is never later than anything. */
function changedAt(record: EntityRecord | undefined): number {
  return Date.parse(record?.UpdatedDateUTC ?? "");
}

function wholeSecond(at: number): number {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}

// What changed since a time: first the records, by their stamp or by Salesforce's own list of changed ids, then what was
// deleted, from its delete log. Both count to a time by Salesforce's clock, which is where the next listing goes on.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Changes, Page, PageQuery } from "../../src/define/resource.ts";
import type { SalesforceObject } from "./object.ts";
import { recordsOf, fieldsFor } from "./reading.ts";
import { deletedIn, MINUTE_MS, updatedIn, wholeMinutes, windowOf, type Window } from "./replication.ts";
import { answeredAt, PAGE_RECORDS, query, quoted, select, timeLiteral, type SalesforceRecord } from "./soql.ts";

const DAY_MS = 86_400_000;
/** Replication looks back 30 days; a day less bears a difference of clocks and a long scan. */
const LOOKBACK_MAX_MS = 29 * DAY_MS;
/** A long transaction shows its records late, with the stamp of when each was written. */
const OVERLAP_MS = 10 * MINUTE_MS;
/** The log of deletions, like the recycle bin, holds fifteen days. */
const DELETIONS_KEPT_MS = 15 * DAY_MS;

/** Where a scan goes on. `until` is the minute in which it began, by Salesforce's clock. */
type Cursor =
  | { readonly phase: "stamps"; readonly until: number; readonly stamp: string; readonly id: string }
  | { readonly phase: "ids"; readonly window: Window; readonly after: string; readonly until: number }
  | { readonly phase: "deletions"; readonly from: number; readonly until: number; readonly covered?: number };

export function changesOf<Record>(object: SalesforceObject): Changes<Record> {
  return {
    overlapMs: OVERLAP_MS,
    lookbackMaxMs: LOOKBACK_MAX_MS,
    tellsDeletions: true,
    page: async (api, { since, cursor }) => {
      const page = await pageAt(api, object, since, cursor === undefined ? undefined : (JSON.parse(cursor) as Cursor));
      return page as Page<Record>;
    },
  };
}

async function pageAt(
  api: Api,
  object: SalesforceObject,
  since: PageQuery["since"],
  at: Cursor | undefined,
): Promise<Page<SalesforceRecord>> {
  if (at === undefined) {
    if (api.settings["changesBy"] !== "replication") return stampsPage(api, object, since, undefined);
    const until = wholeMinutes(await salesforceTime(api));
    return idsPage(api, object, since, { phase: "ids", window: windowOf(since, until), after: "", until });
  }
  switch (at.phase) {
    case "stamps":
      return stampsPage(api, object, since, at);
    case "ids":
      return idsPage(api, object, since, at);
    case "deletions":
      return deletionsPage(api, object, at);
  }
}

/** By stamp and then by id: an edit moves a record to the end, where it is met again, and never past the border of a page. */
async function stampsPage(
  api: Api,
  object: SalesforceObject,
  since: number,
  at: Extract<Cursor, { phase: "stamps" }> | undefined,
): Promise<Page<SalesforceRecord>> {
  const {
    records,
    isDone,
    at: answered,
  } = await query(api, stampsQuery(api, object, since, at), {
    deletedToo: true,
    decimals: object.decimals,
  });
  const until = at?.until ?? wholeMinutes(answered ?? noTime());
  const last = records.at(-1);
  const isLast = last === undefined || (isDone && records.length < PAGE_RECORDS);
  const next: Cursor = isLast
    ? { phase: "deletions", from: since, until }
    : { phase: "stamps", until, stamp: String(last["SystemModstamp"]), id: last.Id };
  return { ...sorted(records), next: JSON.stringify(next) };
}

function stampsQuery(
  api: Api,
  object: SalesforceObject,
  since: number,
  at: Extract<Cursor, { phase: "stamps" }> | undefined,
): string {
  const stamp = at === undefined ? timeLiteral(since) : timeLiteral(at.stamp);
  const beyond = `(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${quoted(at?.id ?? "")}))`;
  return select({
    object: object.name,
    fields: [...fieldsFor(api, object), "IsDeleted"],
    where: [at === undefined ? `SystemModstamp >= ${stamp}` : beyond],
    orderBy: ["SystemModstamp", "Id"],
    limit: PAGE_RECORDS,
  });
}

/** Of a merge, the record that went is deleted, and the one that stays has a new stamp. */
function sorted(records: readonly SalesforceRecord[]): Pick<Page<SalesforceRecord>, "records" | "deleted"> {
  const isDeleted = (record: SalesforceRecord): boolean => record["IsDeleted"] === true;
  return {
    records: records.filter((record) => !isDeleted(record)).map(({ IsDeleted: _isDeleted, ...record }) => record),
    deleted: records.filter(isDeleted).map(({ Id }) => Id),
  };
}

async function idsPage(
  api: Api,
  object: SalesforceObject,
  since: number,
  at: Extract<Cursor, { phase: "ids" }>,
): Promise<Page<SalesforceRecord>> {
  const { window, after, until } = at;
  const told = await updatedIn(api, object.name, window);
  // What Salesforce does not replicate, or no longer knows, is asked for by its stamp.
  if (told === undefined) return stampsPage(api, object, since, undefined);
  const ids = told.ids.filter((id) => id > after).sort();
  const now = ids.slice(0, PAGE_RECORDS);
  const records = await recordsOf<SalesforceRecord>(api, object, now);
  const isMore = ids.length > now.length;
  const isWhole = told.window.end >= until;
  const next: Cursor = isMore
    ? { ...at, window: told.window, after: now.at(-1) ?? "" }
    : isWhole
      ? { phase: "deletions", from: since, until, covered: told.latestDateCovered }
      : { ...at, window: { start: told.window.end, end: until }, after: "" };
  return { records, next: JSON.stringify(next), coveredUntil: Math.min(until, told.latestDateCovered) };
}

async function deletionsPage(
  api: Api,
  object: SalesforceObject,
  { from, until, covered = until }: Extract<Cursor, { phase: "deletions" }>,
): Promise<Page<SalesforceRecord>> {
  const isOld = from < until - DELETIONS_KEPT_MS;
  const window = windowOf(isOld ? until - DELETIONS_KEPT_MS + MINUTE_MS : from, until);
  const told = await deletedIn(api, object.name, window);
  if (told.kind === "not-replicated") return { records: [], coveredUntil: covered };
  if (told.kind === "purged") return { records: [], deletionsIncomplete: true, coveredUntil: covered };
  const isPurged = isOld || told.earliestDateAvailable > window.start;
  return {
    records: [],
    deleted: told.ids,
    coveredUntil: Math.min(covered, told.latestDateCovered),
    ...(isPurged ? { deletionsIncomplete: true } : {}),
    ...(told.window.end < until
      ? { next: JSON.stringify({ phase: "deletions", from: told.window.end, until, covered } satisfies Cursor) }
      : {}),
  };
}

/** Salesforce's clock decides what it has shown; the cheapest answer tells it. */
async function salesforceTime(api: Api): Promise<number> {
  return answeredAt(await api.request({ method: "GET", path: "/" })) ?? noTime();
}

function noTime(): never {
  const reason = "Could not tell what time it is at Salesforce: expected the header Date in its answer and got none";
  throw new CallFailed({ kind: "unavailable", reason }, reason);
}

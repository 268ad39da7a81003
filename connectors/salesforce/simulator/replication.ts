// The lists of what was updated and deleted between two times, for those who keep copies. They count in minutes.
import { refuse } from "./errors.ts";
import type { SalesforceSimulatorSettings } from "./options.ts";
import type { Org } from "./org.ts";
import { stampText, stampTime } from "./values.ts";

const MINUTE_MS = 60_000;
const LOOKBACK_MS = 30 * 86_400_000;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly covered: number;
}

export function updatedBetween(
  org: Org,
  settings: SalesforceSimulatorSettings,
  object: string,
  query: URLSearchParams,
): object {
  const { facts } = replicated(org, object);
  const { start, end, covered } = spanOf(org, settings, query);
  const ids: string[] = [];
  for (const row of org.rows(facts.name)) {
    const at = stampTime(String(row["SystemModstamp"]));
    if (row["IsDeleted"] === false && at >= start && at < end) ids.push(String(row["Id"]));
  }
  tooMany(ids.length, settings);
  return { ids, latestDateCovered: stampText(covered) };
}

export function deletedBetween(
  org: Org,
  settings: SalesforceSimulatorSettings,
  object: string,
  query: URLSearchParams,
): object {
  const { facts } = replicated(org, object);
  const { start, end, covered } = spanOf(org, settings, query);
  const earliest = Math.max(org.now() - settings.recycleBinMs, org.purgedAt);
  if (start < earliest) {
    refuse(
      400,
      "INVALID_REPLICATION_DATE",
      `startDate before org replication enabled date or delete log was purged: ${stampText(earliest)}`,
    );
  }
  const found = org.deletions.filter((one) => one.object === facts.name && one.at >= start && one.at < end);
  tooMany(found.length, settings);
  return {
    deletedRecords: found.map(({ id, at }) => ({ id, deletedDate: stampText(at) })),
    earliestDateAvailable: stampText(earliest),
    latestDateCovered: stampText(covered),
  };
}

function replicated(org: Org, object: string) {
  const schema = org.schema(object);
  if (schema.facts.replicateable === false) refuse(400, "INVALID_TYPE", `entity type is not replicatable: ${object}`);
  return schema;
}

function spanOf(org: Org, settings: SalesforceSimulatorSettings, query: URLSearchParams): Span {
  const start = timeOf(query.get("start"));
  const end = timeOf(query.get("end"));
  if (end - start <= MINUTE_MS) {
    refuse(400, "INVALID_REPLICATION_DATE", "endDate must be after startDate by more than one minute");
  }
  if (start < org.now() - LOOKBACK_MS)
    refuse(400, "INVALID_REPLICATION_DATE", "startDate cannot be more than 30 days ago");
  const covered = Math.min(end, Math.floor((org.now() - settings.coveredLagMs) / MINUTE_MS) * MINUTE_MS);
  return { start, end, covered };
}

function timeOf(text: string | null): number {
  const at = Date.parse(text ?? "");
  // Seconds are left aside.
  return Number.isNaN(at)
    ? refuse(400, "MALFORMED_QUERY", `Invalid date: ${text}`)
    : Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

function tooMany(count: number, { replicationIdsMax }: SalesforceSimulatorSettings): void {
  if (count > replicationIdsMax) refuse(400, "EXCEEDED_ID_LIMIT", `The maximum number of ids is ${replicationIdsMax}`);
}

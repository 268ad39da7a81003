// Runs a sync as it is now in the project over its records as they were seen, and gathers what would differ. Nothing is
// written and nobody is called.
import type { Sync } from "../define/sync.ts";
import { shown } from "../mapping/shown.ts";
import type { StoreReader } from "../store/reader.ts";
import type { LinkNeed, SyncRow } from "../store/store.ts";
import { backtestRecord, type Difference, type Verdict } from "./backtest-record.ts";

const PAGE_ROWS = 500;
export const EXAMPLES_MAX = 3;

export interface BacktestReport {
  readonly sync: string;
  /** Records that changed at or after this time, in milliseconds since 1970. */
  readonly since: number;
  /** The records that were looked at, by what came of them. */
  readonly records: number;
  readonly same: number;
  readonly different: number;
  /** Not judged: their last change is not written yet, or they wait for something that no mapping decides. */
  readonly inFlight: number;
  /** Not judged: their bodies are not kept. */
  readonly notKept: number;
  /** The most frequent first. A record may be in several. */
  readonly groups: readonly DifferenceGroup[];
}

export interface DifferenceGroup {
  readonly kind: Difference["kind"];
  /** The target field, where it is about one. */
  readonly field?: string;
  /** How many records. */
  readonly records: number;
  readonly examples: readonly DifferenceExample[];
}

export interface DifferenceExample {
  readonly key: string;
  readonly title?: string;
  /** As JSON, cut when long; empty: no value. */
  readonly before?: string;
  readonly after?: string;
  readonly reason?: string;
}

export interface Backtest {
  readonly report: BacktestReport;
  /** The records that differ. */
  readonly keys: readonly string[];
}

export function backtest(reader: StoreReader, sync: Sync, since: number): Backtest {
  const counts = { same: 0, different: 0, "in-flight": 0, "not-kept": 0 };
  const groups = new Map<string, GrowingGroup>();
  const keys: string[] = [];
  for (const { row, verdict } of judged(reader, sync, since)) {
    counts[verdict.is] += 1;
    if (verdict.is !== "different") continue;
    keys.push(row.key);
    gather(groups, row, verdict.differences);
  }
  const { same, different } = counts;
  const report: BacktestReport = {
    sync: sync.name,
    since,
    records: same + different + counts["in-flight"] + counts["not-kept"],
    same,
    different,
    inFlight: counts["in-flight"],
    notKept: counts["not-kept"],
    groups: [...groups.values()].toSorted((one, other) => other.records - one.records),
  };
  return { report, keys };
}

interface Judged {
  readonly row: SyncRow;
  readonly verdict: Verdict;
}

function* judged(reader: StoreReader, sync: Sync, since: number): Generator<Judged> {
  if (!reader.syncs.includes(sync.name)) return;
  for (let after: string | undefined; ;) {
    const rows = reader.syncRows({
      sync: sync.name,
      since,
      limit: PAGE_ROWS,
      ...(after === undefined ? {} : { after }),
    });
    const bodies = rows.map(({ record: { body } }) => (body === undefined ? undefined : (JSON.parse(body) as unknown)));
    const linked = linksFor(reader, sync, bodies);
    for (const [index, row] of rows.entries()) yield { row, verdict: backtestRecord(sync, row, bodies[index], linked) };
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)?.key;
  }
}

function linksFor(reader: StoreReader, sync: Sync, bodies: readonly unknown[]) {
  const needs = new Map<string, LinkNeed>();
  for (const body of bodies) {
    if (body === undefined) continue;
    for (const need of sync.mapping.links(body)) needs.set(linkId(need.sync, need.key), need);
  }
  const targets = reader.links([...needs.values()]);
  const byId = new Map([...needs.keys()].map((id, index) => [id, targets[index]]));
  return (name: string, key: string): string | undefined => byId.get(linkId(name, key));
}

const linkId = (sync: string, key: string): string => `${sync}\n${key}`;

type GrowingGroup = Omit<DifferenceGroup, "records" | "examples"> & {
  records: number;
  readonly examples: DifferenceExample[];
};

/** A record counts once in each group, however many of its lines differ alike. */
function gather(groups: Map<string, GrowingGroup>, row: SyncRow, differences: readonly Difference[]): void {
  const counted = new Set<string>();
  for (const difference of differences) {
    const field = "field" in difference && difference.field !== "" ? difference.field : undefined;
    const id = `${difference.kind}\n${field ?? ""}`;
    if (counted.has(id)) continue;
    counted.add(id);
    const group = groups.get(id) ?? {
      kind: difference.kind,
      ...(field === undefined ? {} : { field }),
      records: 0,
      examples: [],
    };
    group.records += 1;
    if (group.examples.length < EXAMPLES_MAX) group.examples.push(exampleOf(row, difference));
    groups.set(id, group);
  }
}

function exampleOf({ key, record: { title } }: SyncRow, difference: Difference): DifferenceExample {
  return {
    key,
    ...(title === undefined ? {} : { title }),
    ...("before" in difference ? { before: shown(difference.before), after: shown(difference.after) } : {}),
    ...("reason" in difference ? { reason: difference.reason } : {}),
    ...("way" in difference ? { reason: difference.way } : {}),
  };
}

// What a backtest found: the writes that would differ, gathered by kind and field, with examples.
import { shown } from "../mapping/shown.ts";
import type { KnownRecord } from "../store/store.ts";
import type { Difference, Verdict } from "./backtest-record.ts";

const EXAMPLES_MAX = 3;

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
  /** Of a two-way sync: the side that would be written. */
  readonly side?: string;
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

/** A record, or a pair by its first side's. */
export interface JudgedRow {
  readonly key: string;
  readonly side?: 1;
  readonly record: KnownRecord;
}

export interface Judged {
  readonly row: JudgedRow;
  readonly verdict: Verdict;
}

export interface Backtest {
  readonly report: BacktestReport;
  /** The records that differ; of a two-way sync those of the first side. */
  readonly keys: readonly string[];
  /** Of a two-way sync: those of the second side that are alone. */
  readonly secondKeys: readonly string[];
}

export function gathered(sync: string, since: number, judged: Iterable<Judged>): Backtest {
  const counts = { same: 0, different: 0, "in-flight": 0, "not-kept": 0 };
  const groups = new Map<string, GrowingGroup>();
  const keys: [string[], string[]] = [[], []];
  for (const { row, verdict } of judged) {
    counts[verdict.is] += 1;
    if (verdict.is !== "different") continue;
    keys[row.side ?? 0].push(row.key);
    gather(groups, row, verdict.differences);
  }
  const { same, different } = counts;
  const report: BacktestReport = {
    sync,
    since,
    records: same + different + counts["in-flight"] + counts["not-kept"],
    same,
    different,
    inFlight: counts["in-flight"],
    notKept: counts["not-kept"],
    groups: [...groups.values()].toSorted((one, other) => other.records - one.records),
  };
  return { report, keys: keys[0], secondKeys: keys[1] };
}

type GrowingGroup = Omit<DifferenceGroup, "records" | "examples"> & {
  records: number;
  readonly examples: DifferenceExample[];
};

/** A record counts once in each group, however many of its lines differ alike. */
function gather(groups: Map<string, GrowingGroup>, row: JudgedRow, differences: readonly Difference[]): void {
  const counted = new Set<string>();
  for (const difference of differences) {
    const field = "field" in difference && difference.field !== "" ? difference.field : undefined;
    const { kind, side } = difference;
    const id = `${kind}\n${side ?? ""}\n${field ?? ""}`;
    if (counted.has(id)) continue;
    counted.add(id);
    const group = groups.get(id) ?? {
      kind,
      ...(side === undefined ? {} : { side }),
      ...(field === undefined ? {} : { field }),
      records: 0,
      examples: [],
    };
    group.records += 1;
    if (group.examples.length < EXAMPLES_MAX) group.examples.push(exampleOf(row, difference));
    groups.set(id, group);
  }
}

function exampleOf({ key, record: { title } }: JudgedRow, difference: Difference): DifferenceExample {
  return {
    key,
    ...(title === undefined ? {} : { title }),
    ...("before" in difference ? { before: shown(difference.before), after: shown(difference.after) } : {}),
    ...("reason" in difference ? { reason: difference.reason } : {}),
    ...("way" in difference ? { reason: difference.way } : {}),
  };
}

// Goes through a two-way sync's pairs and its records that are alone, as they were seen; whom those that are alone find by the
// rules as they are now is looked up among all that are known.
import { otherSide, type Side, type TwoWaySync } from "../define/two-way.ts";
import { matchValues } from "../reconcile/decide-alone.ts";
import { foundAmong } from "../reconcile/found-among.ts";
import type { Both } from "../reconcile/merge.ts";
import type { StoreReader } from "../store/reader.ts";
import type { PairRow } from "../store/pair-rows.ts";
import type { KnownRecord } from "../store/store.ts";
import type { MatchCandidate, MatchFound } from "../store/two-way.ts";
import { backtestPair, type FoundBy } from "./backtest-pair.ts";
import type { Judged } from "./backtest-report.ts";

const PAGE_ROWS = 500;
/** More records that one is found by are not told apart. */
const FOUND_MAX = 10;

export function* judgedPairs(reader: StoreReader, sync: TwoWaySync, since: number): Generator<Judged> {
  const found = finding(reader, sync, since);
  for (const row of allRows(reader, sync, since)) {
    yield { row, verdict: backtestPair(sync, row, bodiesOf(row), found) };
  }
}

function* allRows(reader: StoreReader, { name: sync }: TwoWaySync, since: number): Generator<PairRow> {
  for (const side of [0, 1] as const) {
    for (let after = ""; ;) {
      const rows = reader.pairRows({ sync, side, since, after, limit: PAGE_ROWS });
      yield* rows;
      const last = rows.at(-1);
      if (rows.length < PAGE_ROWS || last === undefined) break;
      after = last.key;
    }
  }
}

function bodiesOf({ side, record, other }: PairRow): Both<unknown> {
  const own = bodyOf(record);
  return side === 1 ? [undefined, own] : [own, bodyOf(other?.record)];
}

function bodyOf(record: KnownRecord | undefined): unknown {
  return record?.body === undefined || record.deleted ? undefined : (JSON.parse(record.body) as unknown);
}

/** By side and alternative, who is found by a value; only of values that records that are alone have. */
type Index = Both<readonly Map<string, MatchCandidate[]>[]>;

function finding(reader: StoreReader, sync: TwoWaySync, since: number): FoundBy {
  const wanted = sync.match.map(() => new Set<string>());
  for (const row of allRows(reader, sync, since)) {
    if (row.link !== undefined) continue;
    valuesOf(sync, row.side ?? 0, bodiesOf(row)[row.side ?? 0]).forEach((value, index) => {
      if (value !== null) wanted[index]?.add(value);
    });
  }
  const index: Index = [sync.match.map(() => new Map()), sync.match.map(() => new Map())];
  if (wanted.every(({ size }) => size === 0)) return () => ({ candidates: [], rivals: [] });
  for (const row of allRows(reader, sync, 0)) {
    const bodies = bodiesOf(row);
    const linked = row.link !== undefined;
    note(sync, index, wanted, row.side ?? 0, bodies[row.side ?? 0], { key: row.key, linked });
    if (row.other !== undefined) note(sync, index, wanted, 1, bodies[1], { key: row.other.key, linked });
  }
  return (row, values) => foundIn(index, row, values);
}

function note(
  sync: TwoWaySync,
  index: Index,
  wanted: readonly ReadonlySet<string>[],
  side: Side,
  body: unknown,
  candidate: MatchCandidate,
): void {
  if (!candidate.linked && !isInScope(sync, side, body)) return;
  valuesOf(sync, side, body).forEach((value, at) => {
    if (value === null || wanted[at]?.has(value) !== true) return;
    const byValue = index[side][at];
    byValue?.set(value, [...(byValue.get(value) ?? []), candidate].slice(0, FOUND_MAX));
  });
}

function valuesOf(sync: TwoWaySync, side: Side, body: unknown): readonly (string | null)[] {
  if (body === undefined) return [];
  const values = matchValues(sync, side, body);
  return Array.isArray(values) ? (values as readonly (string | null)[]) : [];
}

function isInScope({ sides }: TwoWaySync, side: Side, body: unknown): boolean {
  try {
    return body !== undefined && sides[side].only?.(body) !== false;
  } catch {
    return false;
  }
}

function foundIn(index: Index, row: PairRow, values: readonly (string | null)[]): MatchFound {
  const side: Side = row.side ?? 0;
  return foundAmong(values, (at, value) => ({
    candidates: index[otherSide(side)][at]?.get(value) ?? [],
    rivals: (index[side][at]?.get(value) ?? []).map(({ key }) => key).filter((key) => key !== row.key),
  }));
}

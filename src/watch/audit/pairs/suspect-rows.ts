// Under which key a pair, or a record that is alone, is kept while it is looked into and when it is found amiss: keys of two
// systems may be the same.
import type { TwoWaySync } from "../../../define/two-way.ts";
import type { AuditFindingRow } from "../../../store/audit.ts";
import type { PairKey } from "../../../store/audit-pairs.ts";
import type { AuditFinding, Matches } from "../report.ts";
import { SUSPECT } from "../steps.ts";

export interface PairSuspect extends PairKey {
  /** Of a record that is alone, or of a pair that may be linked wrongly. */
  readonly matches?: Matches;
}

export function rowKey({ sides }: TwoWaySync, { key, side }: PairKey): string {
  return side === 1 ? `${sides[1].name} ${key}` : key;
}

/** How it is named in what is found. */
export function aboutOf({ sides }: TwoWaySync, { key, side }: PairKey): Pick<AuditFinding, "key" | "side"> {
  return side === 1 ? { key, side: sides[1].name } : { key };
}

export function suspectRow(sync: TwoWaySync, suspect: PairSuspect): AuditFindingRow {
  return { kind: SUSPECT, key: rowKey(sync, suspect), detail: JSON.stringify(suspect) };
}

/** What was kept of it, whether it is still suspected or was found amiss. */
export function suspectOf(sync: TwoWaySync, { kind, detail }: AuditFindingRow): PairSuspect {
  if (kind === SUSPECT) return JSON.parse(detail) as PairSuspect;
  const { key, side, matches } = JSON.parse(detail) as AuditFinding;
  return { key, ...(side === sync.sides[1].name ? { side: 1 } : {}), ...(matches === undefined ? {} : { matches }) };
}

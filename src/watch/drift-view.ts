// A drift as people see it: with the syncs and target fields that it touches, and who answers for them (pure).
import type { Sync } from "../define/sync.ts";
import { mappedPaths, targetsOf } from "../mapping/mapped-paths.ts";
import type { DriftRow } from "../store/store.ts";

export interface DriftView extends DriftRow {
  /** Empty: nothing that any sync reads or writes. */
  readonly touches: readonly TouchedSync[];
}

export interface TouchedSync {
  readonly sync: string;
  /** The target fields; "only" is the sync's scope; "unknown": nobody can tell what its rules read. */
  readonly fields: readonly string[];
  readonly owner?: string;
}

export function driftView(row: DriftRow, syncs: readonly Sync[]): DriftView {
  const touches = syncs.flatMap((sync): readonly TouchedSync[] => {
    const fields = touchedBy(row, sync);
    if (fields === undefined) return [];
    return [{ sync: sync.name, fields, ...(sync.owner === undefined ? {} : { owner: sync.owner.name }) }];
  });
  return { ...row, touches };
}

/** The target fields; undefined: the sync has nothing to do with it. */
function touchedBy({ kind, on, place }: DriftRow, sync: Sync): readonly string[] | undefined {
  if (kind === "version") return sync.from.connectionName === on || sync.to.connectionName === on ? [] : undefined;
  if (kind === "required") return sync.to.id === on ? [place] : undefined;
  if (sync.from.id !== on) return undefined;
  const fields = targetsOf(mappedPaths(sync), place);
  return fields.length === 0 ? undefined : fields;
}

export function driftText({ kind, on, place, detail }: DriftRow): string {
  const field = place === "" ? "the record" : place;
  switch (kind) {
    case "vanished":
      return `${field} of ${on} is not there any more: ${detail}`;
    case "type":
      return `${field} of ${on} has another type: ${detail}`;
    case "value":
      return `${field} of ${on} has a value that is not known: ${detail}`;
    case "shape":
      return `${field} of ${on} has another shape: ${detail}`;
    case "required":
      return `${on} wants ${field}: ${detail}`;
    case "version":
      return `${on}: ${detail}`;
  }
}

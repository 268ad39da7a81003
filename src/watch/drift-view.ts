// A drift as people see it: with the syncs and target fields that it touches, and who answers for them (pure).
import { resourcesOf } from "../define/config.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Sync } from "../define/sync.ts";
import type { TwoWaySync } from "../define/two-way.ts";
import { targetsOf } from "../mapping/mapped-paths.ts";
import type { DriftRow } from "../store/store.ts";
import { readersOf } from "./drift-readers.ts";

export interface DriftView extends DriftRow {
  /** Empty: nothing that any sync reads or writes. */
  readonly touches: readonly TouchedSync[];
}

export interface TouchedSync {
  readonly sync: string;
  /**
   * The target fields, or a two-way sync's fields of that side; "only" is the sync's scope, "match" how its records find each
   * other; "unknown": nobody can tell what its rules read.
   */
  readonly fields: readonly string[];
  readonly owner?: string;
}

export function driftView(row: DriftRow, syncs: readonly (Sync | TwoWaySync)[]): DriftView {
  const touches = syncs.flatMap((sync): readonly TouchedSync[] => {
    const fields = touchedBy(row, sync);
    if (fields === undefined) return [];
    return [{ sync: sync.name, fields, ...(sync.owner === undefined ? {} : { owner: sync.owner.name }) }];
  });
  return { ...row, touches };
}

/** The target fields; undefined: the sync has nothing to do with it. */
function touchedBy({ kind, on, place }: DriftRow, sync: Sync | TwoWaySync): readonly string[] | undefined {
  if (kind === "version") return resourcesOf(sync).some(({ connectionName }) => connectionName === on) ? [] : undefined;
  if (kind === "required") return writtenBy(sync).some(({ id }) => id === on) ? [place] : undefined;
  const reader = readersOf(sync).find(({ from }) => from.id === on);
  const fields = reader === undefined ? [] : targetsOf(reader.paths, place);
  return fields.length === 0 ? undefined : fields;
}

/** The resources that a sync writes to. */
export function writtenBy(sync: Sync | TwoWaySync): readonly ConnectedResource[] {
  return sync.kind === "sync" ? [sync.to] : resourcesOf(sync);
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

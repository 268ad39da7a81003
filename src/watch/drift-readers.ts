// Who reads a resource, and what of it: a one-way sync its source, a two-way sync both its sides.
import type { ConnectedResource } from "../define/connection.ts";
import type { Sync } from "../define/sync.ts";
import type { Side, SyncSide, TwoWaySync } from "../define/two-way.ts";
import { mappedPaths, type MappedPaths } from "../mapping/mapped-paths.ts";
import { readPaths } from "../mapping/read-paths.ts";
import type { Read } from "../mapping/rule-node.ts";
import { newValues, type NewValue } from "./new-values.ts";

export interface DriftReader {
  readonly sync: Sync | TwoWaySync;
  readonly from: ConnectedResource;
  readonly paths: MappedPaths;
  readonly only?: (record: unknown) => boolean;
  newValues(record: unknown): readonly NewValue[];
}

const SIDES = [0, 1] as const;

const known = new WeakMap<Sync | TwoWaySync, readonly DriftReader[]>();

/** Reckoned once for each sync. */
export function readersOf(sync: Sync | TwoWaySync): readonly DriftReader[] {
  const before = known.get(sync);
  if (before !== undefined) return before;
  const readers = reckon(sync);
  known.set(sync, readers);
  return readers;
}

function reckon(sync: Sync | TwoWaySync): readonly DriftReader[] {
  if (sync.kind === "two-way-sync") return SIDES.map((side) => readerOfSide(sync, side));
  const { from, mapping, only } = sync;
  return [
    {
      sync,
      from,
      paths: mappedPaths(sync),
      ...(only === undefined ? {} : { only }),
      newValues: (record) => newValues(mapping, record),
    },
  ];
}

function readerOfSide(sync: TwoWaySync, side: Side): DriftReader {
  const { resource, only } = sync.sides[side];
  return {
    sync,
    from: resource,
    paths: pairedPaths(sync, side),
    ...(only === undefined ? {} : { only }),
    newValues: () => [],
  };
}

/** Where the fields of one side stand in its records, with what the sync reads besides for its scope and to match them. */
export function pairedPaths({ sides, pairs, match }: TwoWaySync, side: Side): MappedPaths {
  const targets = new Map<string, string[]>();
  const add = (path: string, target: string): void => {
    targets.set(path, [...new Set([...(targets.get(path) ?? []), target])]);
  };
  for (const { fields } of pairs) for (const path of placesOf(sides[side], fields[side])) add(path, fields[side]);
  for (const { read } of match) for (const path of readPaths(read[side]).paths) add(path, "match");
  const { only } = sides[side];
  if (only !== undefined) for (const path of readPaths(only as Read).paths) add(path, "only");
  return { targets, lists: new Map(), opaque: false };
}

type FieldsOf = ((record: unknown) => unknown) | undefined;

/** The connector shows the field; in the record it has the same name, mostly within something. */
function placesOf({ resource }: SyncSide, field: string): readonly string[] {
  const fieldsOf = resource.resource.write?.fieldsOf as FieldsOf;
  const shown: Read = (record) => (fieldsOf?.(record) as Readonly<Record<string, unknown>> | undefined)?.[field];
  const paths = readPaths(shown).paths.filter((path) => path === field || path.endsWith(`.${field}`));
  if (paths.length > 0) return paths;
  // What goes through all there is reads nothing by its name: it is tried where a value would have to stand.
  const around = readPaths((record) => fieldsOf?.(record)).paths.filter((path) => !path.includes("["));
  const found = around.map((path) => `${path}.${field}`).filter((path) => isShown(shown, path));
  return found.length === 0 ? [field] : found;
}

function isShown(shown: Read, path: string): boolean {
  const record = path.split(".").reduceRight<unknown>((value, name) => ({ [name]: value }), "1");
  try {
    return shown(record, record) !== undefined;
  } catch {
    return false;
  }
}

// Which source fields a sync depends on, so that a change elsewhere in a record need not stop it.
import type { Mapping } from "./mapping.ts";
import { readPaths } from "./read-paths.ts";
import type { Read } from "./rule-node.ts";

export interface MappedPaths {
  /** Source paths with the target fields that are made from them; of the scope, "only". */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** The same for lists whose items have rules of their own: only that there is a list matters. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** What some rule reads is not known: every path may matter. */
  readonly opaque: boolean;
}

interface Mapped {
  readonly mapping: Mapping;
  readonly only?: (record: unknown) => boolean;
}

const known = new WeakMap<Mapped, MappedPaths>();

/** Reckoned once for each sync. */
export function mappedPaths(sync: Mapped): MappedPaths {
  const before = known.get(sync);
  if (before !== undefined) return before;
  const paths = reckon(sync);
  known.set(sync, paths);
  return paths;
}

function reckon({ mapping, only }: Mapped): MappedPaths {
  const targets = new Map<string, string[]>();
  const lists = new Map<string, string[]>();
  const rows = mapping.rules === undefined ? [] : mapping.explain();
  let opaque = mapping.rules === undefined;
  for (const { target, sources, rule } of rows) {
    const isList = rows.some((row) => row.target.startsWith(`${target}[].`));
    for (const source of sources) add(isList ? lists : targets, source, target);
    if (sources.length === 0 && rule.startsWith("computed")) opaque = true;
  }
  if (only !== undefined) {
    const { paths } = readPaths(only as Read);
    for (const path of paths) add(targets, path, "only");
    if (paths.length === 0) opaque = true;
  }
  return { targets, lists, opaque };
}

function add(paths: Map<string, string[]>, path: string, target: string): void {
  const all = paths.get(path);
  if (all === undefined) paths.set(path, [target]);
  else if (!all.includes(target)) all.push(target);
}

/** The target fields that depend on what is at this place, or within or around it. */
export function targetsOf({ targets, lists, opaque }: MappedPaths, place: string): readonly string[] {
  const found = [
    ...[...targets].flatMap(([path, fields]) => (isWithin(path, place) || isWithin(place, path) ? fields : [])),
    ...[...lists].flatMap(([path, fields]) => (isWithin(path, place) ? fields : [])),
  ];
  return found.length === 0 && opaque ? ["unknown"] : [...new Set(found)];
}

/** "a.b" and "a[]" are within "a"; everything is within "". */
function isWithin(path: string, around: string): boolean {
  if (around === "" || path === around) return true;
  return path.startsWith(`${around}.`) || path.startsWith(`${around}[`);
}

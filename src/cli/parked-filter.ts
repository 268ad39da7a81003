// Which parked records a command is about: one, those of a sync, those with a cause, or all when somebody says so.
import type { Command } from "commander";
import type { Project } from "../define/config.ts";
import type { ParkCause, ParkedFilter } from "../store/store.ts";
import { named, syncNamed } from "./named.ts";
import type { Session } from "./session.ts";

export interface FilterOptions {
  readonly sync?: string;
  readonly key?: string;
  readonly cause?: string;
  readonly all?: boolean;
}

const CAUSES = {
  mapping: true,
  invalid: true,
  denied: true,
  conflict: true,
  missing: true,
  "unknown-outcome": true,
  attempts: true,
  link: true,
  exists: true,
  deleted: true,
  schema: true,
  match: true,
  edited: true,
  loop: true,
  deletions: true,
  bug: true,
} as const satisfies Record<ParkCause, true>;

export function filterOptions(command: Command): Command {
  return command
    .option("--sync <name>", "only of this sync")
    .option("--key <key>", "only this record")
    .option("--cause <cause>", `only parked because of this: ${Object.keys(CAUSES).join(", ")}`);
}

/** The filter of a command below `parked`: commander gives options that `parked` has too to `parked`. */
export function filterGiven(command: Command): FilterOptions {
  return command.optsWithGlobals<FilterOptions>();
}

export function filterOf(project: Project, { sync, key, cause }: FilterOptions): ParkedFilter {
  return {
    ...(sync === undefined ? {} : { sync: syncNamed(project, sync) }),
    ...(key === undefined ? {} : { key }),
    ...(cause === undefined ? {} : { cause: causeNamed(cause) }),
  };
}

/** As `filterOf`, for commands that change something: everything is meant only when somebody says `--all`. */
export function statedFilterOf(session: Session, project: Project, options: FilterOptions): ParkedFilter {
  const filter = filterOf(project, options);
  const isNarrow = Object.keys(filter).length > 0;
  if (isNarrow && options.all === true) {
    throw session.usage(
      "could not tell which records are meant: expected --all, or --sync, --key and --cause, not both",
    );
  }
  if (isNarrow || options.all === true) return filter;
  throw session.usage(
    "could not tell which records are meant: expected --sync, --key or --cause, or --all for every one",
  );
}

function causeNamed(cause: string): ParkCause {
  const name = named("cause", cause, Object.keys(CAUSES));
  return name as ParkCause;
}

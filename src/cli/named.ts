// Finds what a person named in the project; a wrong name gives the nearest right one.
import { allSyncs, type Project } from "../define/config.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import { unknownName } from "../define/did-you-mean.ts";

export function syncNamed(project: Project, name: string): string {
  const names = allSyncs(project).map((sync) => sync.name);
  return named("sync", name, names);
}

export function connectionNamed(project: Project, name: string): string {
  return named(
    "connection",
    name,
    project.connections.map(({ connectionName }) => connectionName),
  );
}

export function named(what: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  throw new CommandFault(EXIT.usage, unknownName(what, name, names));
}

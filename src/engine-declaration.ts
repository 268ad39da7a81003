// What a project declares to its store, and the resources that its syncs read.
import { allSyncs, resourcesOf, sourcesOf as sourcesOfSync, type Project } from "./define/config.ts";
import type { ConnectedResource } from "./define/connection.ts";
import type { Declaration, Declared, Restored } from "./store/store.ts";

/** By their ids. */
export function sourcesOf(project: Project): ReadonlyMap<string, ConnectedResource> {
  return new Map(allSyncs(project).flatMap((sync) => sourcesOfSync(sync).map((from) => [from.id, from])));
}

export function declarationOf(project: Project, at: number): Declaration {
  const syncs = allSyncs(project);
  const resources = syncs.flatMap((sync) => resourcesOf(sync).map(({ id }) => id));
  return {
    at,
    connections: project.connections.map(({ connectionName }) => connectionName),
    resources: [...new Set(resources)],
    syncs: syncs.map((sync) => {
      const [from, to] = resourcesOf(sync);
      return { name: sync.name, from: from.id, to: to.id, twoWay: sync.kind === "two-way-sync" };
    }),
  };
}

export function restoredWords({ madeAt }: Restored): string {
  const backup = madeAt === undefined ? "a backup" : `the backup of ${new Date(madeAt).toISOString()}`;
  return (
    `the file of state was restored from ${backup}: what was written since is not in it, so that whatever is new to it is looked up ` +
    "before it is created, and parked where it cannot be looked up; run `bowline audit` of each sync once it has caught up"
  );
}

export function renamedWords({ sync, before }: Declared["renamed"][number]): string {
  return (
    `the sync ${sync} is new, and ${before}, which left the project, has links between the same resources: expected one name as long as ` +
    `a sync lives. If it is the same, name it ${before} again, or ${sync} makes anew what is edited from now on; if it is another, ` +
    `\`bowline sync ${sync} --full\` gives it what is known already`
  );
}

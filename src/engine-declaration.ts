// What a project declares to its store, and the resources that its syncs read.
import { allSyncs, resourcesOf, sourcesOf as sourcesOfSync, type Project } from "./define/config.ts";
import type { ConnectedResource } from "./define/connection.ts";
import type { Declaration } from "./store/store.ts";

/** By their ids. */
export function sourcesOf(project: Project): ReadonlyMap<string, ConnectedResource> {
  return new Map(allSyncs(project).flatMap((sync) => sourcesOfSync(sync).map((from) => [from.id, from])));
}

export function declarationOf(project: Project): Declaration {
  const syncs = allSyncs(project);
  const resources = syncs.flatMap((sync) => resourcesOf(sync).map(({ id }) => id));
  return {
    connections: project.connections.map(({ connectionName }) => connectionName),
    resources: [...new Set(resources)],
    syncs: syncs.map((sync) => {
      const [from, to] = resourcesOf(sync);
      return { name: sync.name, from: from.id, to: to.id, twoWay: sync.kind === "two-way-sync" };
    }),
  };
}

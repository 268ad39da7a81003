// Makes a project from what people write, with a default for everything but what is connected and kept in agreement.
import { PROJECT_LIMITS, type Project, type ProjectLimits, type ProjectNetwork } from "./config.ts";
import type { Connection, ConnectionBase } from "./connector.ts";
import type { Sync } from "./sync.ts";
import type { TwoWaySync } from "./two-way.ts";

export interface ProjectOptions {
  /** What the project is called on the web page and in messages. Default "bowline". */
  readonly name?: string;
  readonly connections: readonly ConnectionBase<any, any>[];
  /** One-way and two-way. */
  readonly syncs: readonly (Sync | TwoWaySync)[];
  /** The file of state; a relative path begins at the folder of the configuration. Default "bowline.db". */
  readonly data?: string;
  /** Where to listen. Default "127.0.0.1": only this machine; "0.0.0.0" is every network. */
  readonly host?: string;
  /** The port to listen on; 0: any that is free. Default 4600. */
  readonly port?: number;
  /** Where providers reach us, such as "https://bowline.example.com". Default: the host and port. */
  readonly publicUrl?: string;
  /** Where calls may go; see {@link ProjectNetwork}. Default: only to public addresses. */
  readonly network?: Partial<ProjectNetwork>;
  /** Each limit has a name and a default; see {@link ProjectLimits}. */
  readonly limits?: Partial<ProjectLimits>;
}

/** The default export of `bowline.config.ts`. Nothing is checked or opened yet. */
export function defineConfig({
  name = "bowline",
  connections,
  syncs,
  data = "bowline.db",
  host = "127.0.0.1",
  port = 4_600,
  publicUrl,
  network = {},
  limits = {},
}: ProjectOptions): Project {
  return {
    kind: "project",
    name,
    // Its resources are properties of it; only their names are unknown here.
    connections: connections as readonly Connection<any, any>[],
    syncs: syncs.filter((sync) => sync.kind === "sync"),
    twoWaySyncs: syncs.filter((sync) => sync.kind === "two-way-sync"),
    data,
    host,
    port,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    network: { privateAddresses: [], ...network },
    limits: { ...PROJECT_LIMITS, ...limits },
  };
}

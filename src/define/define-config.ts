// Makes a project from what people write, with a default for everything but what is connected and kept in agreement.
import { PROJECT_LIMITS, type Project, type ProjectAlerts, type ProjectLimits, type ProjectNetwork } from "./config.ts";
import type { Connection, ConnectionBase } from "./connector.ts";
import { durationMs, type Duration } from "./duration.ts";
import type { Secret } from "./secret.ts";
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
  /** Who is told what waits for a person; see {@link AlertOptions}. Default: the log and the page only. */
  readonly alerts?: AlertOptions;
  /** Each limit has a name and a default; see {@link ProjectLimits}. */
  readonly limits?: Partial<ProjectLimits>;
}

export interface AlertOptions {
  /** The address that takes a POST of JSON for each alert; one that is a secret as a whole is `env("…")`. Default: none. */
  readonly to?: string | Secret;
  /** An address for each of these owners, by name, instead of `to`. Default: none. */
  readonly toOwners?: Readonly<Record<string, string | Secret>>;
  /** Signs what is sent, as Standard Webhooks are signed. Default: it is not signed. */
  readonly secret?: Secret;
  /** How often an alert that lasts is told again. Default "1d". */
  readonly remindEvery?: Duration;
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
  alerts = {},
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
    alerts: alertsOf(alerts),
    limits: { ...PROJECT_LIMITS, ...limits },
  };
}

function alertsOf({ to, toOwners = {}, secret, remindEvery = "1d" }: AlertOptions): ProjectAlerts {
  const remindEveryMs = durationMs(remindEvery);
  return {
    ...(to === undefined ? {} : { to }),
    toOwners,
    ...(secret === undefined ? {} : { secret }),
    ...(remindEveryMs === undefined
      ? { remindEveryMs: Number.NaN, unreadable: String(remindEvery) }
      : { remindEveryMs }),
  };
}

// Makes a project from what people write, with a default for everything but what is connected and kept in agreement.
import {
  PROJECT_LIMITS,
  type Project,
  type ProjectAlerts,
  type ProjectLimits,
  type ProjectMetrics,
  type ProjectNetwork,
} from "./config.ts";
import type { Connection, ConnectionBase } from "./connector.ts";
import { durationMs, type Duration } from "./duration.ts";
import { type KnownKeys, refuseWrongKeys } from "./known-keys.ts";
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
  /** Who may read `/metrics`; see {@link ProjectMetrics}. Default: only this machine, and whoever has the control token. */
  readonly metrics?: ProjectMetrics;
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

const PROJECT_KEYS = {
  name: "optional",
  connections: "required",
  syncs: "required",
  data: "optional",
  host: "optional",
  port: "optional",
  publicUrl: "optional",
  network: "optional",
  alerts: "optional",
  metrics: "optional",
  limits: "optional",
} satisfies KnownKeys<ProjectOptions>;

const NETWORK_KEYS = { privateAddresses: "optional" } satisfies KnownKeys<Partial<ProjectNetwork>>;

const ALERT_KEYS = {
  to: "optional",
  toOwners: "optional",
  secret: "optional",
  remindEvery: "optional",
} satisfies KnownKeys<AlertOptions>;

const METRICS_KEYS = { token: "optional" } satisfies KnownKeys<ProjectMetrics>;

/** The default export of `bowline.config.ts`. What it says is checked when the project is; nothing is opened yet. */
export function defineConfig(options: ProjectOptions): Project {
  refuseWrongKeys("the project", options, PROJECT_KEYS);
  const { name = "bowline", data = "bowline.db", host = "127.0.0.1", port = 4_600 } = options;
  const { connections, syncs, publicUrl, network = {}, alerts = {}, metrics = {}, limits = {} } = options;
  refuseWrongKeys("the network of the project", network, NETWORK_KEYS);
  refuseWrongKeys("the alerts of the project", alerts, ALERT_KEYS);
  refuseWrongKeys("the metrics of the project", metrics, METRICS_KEYS);
  refuseNoList("connections", connections);
  refuseNoList("syncs", syncs);
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
    metrics,
    limits: { ...PROJECT_LIMITS, ...limits },
  };
}

function refuseNoList(key: string, given: unknown): void {
  if (Array.isArray(given)) return;
  throw new TypeError(
    `could not define the project: expected a list of ${key}, such as ${key}: […], got ${typeof given}`,
  );
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

// A project: what is connected, what is kept in agreement, and where it runs.
import type { ConnectedResource } from "./connection.ts";
import type { ConnectionBase } from "./connector.ts";
import type { PrivateAddresses } from "./private-addresses.ts";
import type { Secret } from "./secret.ts";
import type { Sync } from "./sync.ts";
import type { TwoWaySync } from "./two-way.ts";

export interface Project {
  readonly kind: "project";
  readonly name: string;
  readonly connections: readonly ConnectionBase<any, any>[];
  /** From one resource to another. */
  readonly syncs: readonly Sync[];
  /** Between two resources that are both edited. */
  readonly twoWaySyncs: readonly TwoWaySync[];
  /** The file of state; a relative path begins at the folder of the configuration. */
  readonly data: string;
  readonly host: string;
  /** 0: any port that is free. */
  readonly port: number;
  /** Where providers reach us, such as "https://bowline.example.com", when it is not the host and port. */
  readonly publicUrl?: string;
  readonly network: ProjectNetwork;
  readonly alerts: ProjectAlerts;
  readonly metrics: ProjectMetrics;
  readonly limits: ProjectLimits;
}

/** Who is told what waits for a person, besides the log and the page. */
export interface ProjectAlerts {
  /** The address that takes a POST of JSON for each alert; one that is a secret as a whole is `env("…")`. Default: none. */
  readonly to?: string | Secret;
  /** An address for each of these owners, instead of `to`. */
  readonly toOwners: Readonly<Record<string, string | Secret>>;
  /** Signs what is sent, as Standard Webhooks are signed. Default: it is not signed. */
  readonly secret?: Secret;
  /** How often an alert that lasts is told again, in milliseconds. Default a day. */
  readonly remindEveryMs: number;
  /** `remindEvery` as it was written, where it is no duration: the check tells it. */
  readonly unreadable?: string;
}

/** Who may read `/metrics`, besides this machine and whoever has the control token. */
export interface ProjectMetrics {
  /** Whoever sends it as `Authorization: Bearer …`; it opens nothing else. Default: nobody. */
  readonly token?: Secret;
}

/** Where calls may go. */
export interface ProjectNetwork {
  /**
   * Addresses besides the public network's that may be called: `"loopback"` (simulators on this machine), `"private"`, or
   * networks such as `"10.20.0.0/16"`. Default: none.
   */
  readonly privateAddresses: PrivateAddresses;
}

export interface ProjectLimits {
  /** The largest webhook that is taken, in bytes. Default 1 MiB. */
  readonly bodyBytesMax: number;
  /** How long history and arrivals are kept, in milliseconds. Default 30 days. */
  readonly historyMs: number;
  /** How long logged requests are kept, in milliseconds. Default 30 days. */
  readonly requestsMs: number;
  /** The most requests that are kept in the log; the oldest go first. Default 5,000,000. */
  readonly requestsMax: number;
  /** The most characters of a request's body that are logged. Default 4,000. */
  readonly loggedRequestCharsMax: number;
  /** The most characters of an answer that are logged when the call did not end well. Default 4,000. */
  readonly loggedFailureCharsMax: number;
  /** The most characters of an answer that are logged when it did. Default 500: the record itself is kept elsewhere. */
  readonly loggedAnswerCharsMax: number;
}

export const PROJECT_LIMITS: ProjectLimits = {
  bodyBytesMax: 1024 * 1024,
  historyMs: 30 * 86_400_000,
  requestsMs: 30 * 86_400_000,
  requestsMax: 5_000_000,
  loggedRequestCharsMax: 4_000,
  loggedFailureCharsMax: 4_000,
  loggedAnswerCharsMax: 500,
};

/** Every sync of the project, one-way and two-way. */
export function allSyncs({ syncs, twoWaySyncs }: Project): readonly (Sync | TwoWaySync)[] {
  return [...syncs, ...twoWaySyncs];
}

/** The resources that a sync reads. */
export function sourcesOf(sync: Sync | TwoWaySync): readonly ConnectedResource[] {
  return sync.kind === "sync" ? [sync.from] : sync.sides.map(({ resource }) => resource);
}

/** The resources that a sync reads or writes: the one it reads first, then the other. */
export function resourcesOf(sync: Sync | TwoWaySync): readonly [ConnectedResource, ConnectedResource] {
  return sync.kind === "sync" ? [sync.from, sync.to] : [sync.sides[0].resource, sync.sides[1].resource];
}

// A project: what is connected, what is kept in agreement, and where it runs.
import type { ConnectionBase } from "./connector.ts";
import type { Sync } from "./sync.ts";

export interface Project {
  readonly kind: "project";
  readonly name: string;
  readonly connections: readonly ConnectionBase<any, any>[];
  readonly syncs: readonly Sync[];
  /** The file of state; a relative path begins at the folder of the configuration. */
  readonly data: string;
  readonly host: string;
  /** 0: any port that is free. */
  readonly port: number;
  /** Where providers reach us, such as "https://bowline.example.com", when it is not the host and port. */
  readonly publicUrl?: string;
  readonly limits: ProjectLimits;
}

export interface ProjectLimits {
  /** The largest webhook that is taken, in bytes. Default 1 MiB. */
  readonly bodyBytesMax: number;
  /** How long history, requests and arrivals are kept, in milliseconds. Default 30 days. */
  readonly historyMs: number;
}

export const PROJECT_LIMITS: ProjectLimits = { bodyBytesMax: 1024 * 1024, historyMs: 30 * 86_400_000 };

// What the engine needs of its file of state, in batches: ingest, observe, claim, settle; each subject in a file of its own. One
// interface, one exam that every engine of SQL sits (`exam.ts`); no other folder knows which engine it is.
//
// Every write is durable when its promise resolves. Calls made in the same turn may share one commit.
import type { AuditStore } from "./audit.ts";
import type { PairAuditStore } from "./audit-pairs.ts";
import type { ConnectionStore } from "./connections.ts";
import type { CredentialStore, KeyStore } from "./credentials.ts";
import type { ObservationStore } from "./observations.ts";
import type { PendingStore } from "./pending.ts";
import type { PeopleStore } from "./people.ts";
import type { RecordStore } from "./records.ts";
import type { RequestStore } from "./requests.ts";
import type { WatchStore } from "./watching.ts";
import type { TwoWayStore } from "./two-way.ts";

export type * from "./connections.ts";
export type * from "./credentials.ts";
export type * from "./observations.ts";
export * from "./pending.ts";
export type * from "./people.ts";
export type * from "./records.ts";
export type * from "./requests.ts";
export type * from "./watching.ts";
export * from "./store-error.ts";

/** What the project declares: the store gives each name a small number once, and keeps it when the project changes. */
export interface Declaration {
  readonly connections: readonly string[];
  /** Resources by their id, such as "shop/orders". */
  readonly resources: readonly string[];
  readonly syncs: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
    /** Both are read and both are written. */
    readonly twoWay?: boolean;
  }[];
  /** When it is declared, in milliseconds since 1970: since then a sync that is new waits for what is known already. Default 0. */
  readonly at?: number;
}

export interface Declared {
  /** Syncs that are new between two resources, where one that has links left the project: nothing that is known was noted for them. */
  readonly renamed: readonly { readonly sync: string; readonly before: string }[];
}

/** What is too old, or too much, to be kept. */
export interface PruneLimits {
  /** History and arrivals before this time go. */
  readonly before: number;
  /** Logged requests before this time go. Default: `before`. */
  readonly requestsBefore?: number;
  /** The most logged requests that stay. Default: any number. */
  readonly requestsMax?: number;
  /** The most rows that go, and the most of each kind that are deflated. */
  readonly rowsMax: number;
}

export interface Pruned {
  /** So many rows are gone. */
  readonly rows: number;
  /** False: there may be more that is to go, or to be deflated. */
  readonly isAll: boolean;
}

export interface Store
  extends
    ObservationStore,
    RecordStore,
    PendingStore,
    RequestStore,
    ConnectionStore,
    CredentialStore,
    KeyStore,
    WatchStore,
    PeopleStore,
    AuditStore,
    PairAuditStore,
    TwoWayStore {
  /** Registers names; ones that are known keep their rows and cursors. A sync that is new, or back, is given what it missed. */
  declare(declaration: Declaration): Promise<Declared>;
  /** Counts something that happened outside the store. */
  tally(name: string): Promise<void>;
  /** Takes away history, requests and arrivals that are older, and deflates the bodies of new rows. */
  prune(limits: PruneLimits): Promise<Pruned>;
  close(): Promise<void>;
}

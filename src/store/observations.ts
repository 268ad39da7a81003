// What is learnt of records, and how far the listings have come: it goes in by batches, each in one transaction.
import type { Claim, PendingWrite, Priority } from "./pending.ts";
import type { RequestEntry } from "./requests.ts";

/** A verified webhook, to be made durable before it is answered. */
export interface NewArrival {
  readonly connection: string;
  readonly dedupeId: string;
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Arrival extends NewArrival {
  /** Rises with each arrival. */
  readonly id: number;
}

/** What made us look at a record. `look` is the reconciler's own reading of the source. */
export type Cause = "webhook" | "poll" | "scan" | "import" | "person" | "look" | "audit";

/** Something learnt of one record of one resource. */
export interface Observation {
  readonly resource: string;
  readonly key: string;
  readonly cause: Cause;
  readonly priority: Priority;
  readonly at: number;
  readonly version?: string;
  /** The arrival that told us. */
  readonly arrival?: number;
  readonly seen:
    | {
        readonly kind: "record";
        readonly hash: string;
        /** JSON; absent when the resource keeps only hashes. */ readonly body?: string;
        readonly title?: string;
        /** Keys that lead to it since it took up the records that had them. */
        readonly former?: readonly string[];
      }
    /**
     * It was listed with this `version`; its body was not compared. A record that is known as it is with just this version
     * counts as unchanged; any other is left as it is, and is `differing`. With `evenUnchanged` it always is.
     */
    | { readonly kind: "listed" }
    /** It may have changed; read it before deciding. */
    | { readonly kind: "changed" }
    | { readonly kind: "deleted" };
  /** Note it pending even when nothing changed: a person asked, or the sync is run in full. Default false. */
  readonly evenUnchanged?: boolean;
  /** Note it pending only for these syncs. Default: every sync that reads from the resource. */
  readonly onlySyncs?: readonly string[];
  /** It can be read by its key: where a listing contradicts what is known, it is read before either is believed. */
  readonly readable?: boolean;
  /** Of a `look`: the sync that looked (it is not noted again) and the `stale` mark it had claimed. */
  readonly lookedBy?: {
    readonly sync: string;
    readonly stale: number;
    /** What it had in hand of the record when it asked; absent where nobody can look again. */
    readonly hash?: string;
    readonly deleted?: true;
  };
}

/** How far a listing has come; opaque to the store but for being kept. */
export interface ScanState {
  /** When the scan that is under way began; absent between scans. */
  readonly beganAt?: number;
  /** Where its next page begins. */
  readonly cursor?: string;
  /** The `since` of the scan under way. */
  readonly since?: number;
  /** When the last complete scan began: the next one's watermark. */
  readonly completeAt?: number;
  readonly records?: number;
  /** The scan under way notes every record, changed or not. */
  readonly evenUnchanged?: boolean;
  /** Keys that the last complete listing did not show, when there were too many to believe it. */
  readonly absent?: number;
  /** The provider itself said that the last complete scan showed changes only up to here: the next one's watermark. */
  readonly coveredUntil?: number;
  /** When a scan began that the provider could not tell all deletions in; a later complete listing makes up for it. */
  readonly missedDeletionsAt?: number;
  /** How often it was begun anew before it came to its end; counted by the store, whatever is given. */
  readonly begunAnew?: number;
  /** Records that were listed and that the connector could not tell apart; the newest few. */
  readonly unreadable?: readonly UnreadableRecord[];
}

/** A listed record without a key: it is in no sync, and is told instead. */
export interface UnreadableRecord {
  /** When it was last listed. */
  readonly at: number;
  /** Such as "record 12 of the listing". */
  readonly place: string;
  readonly reason: string;
  /** How it begins, as JSON. */
  readonly excerpt: string;
}

export type ScanKind = "changes" | "everything";

export interface ObserveBatch {
  readonly observations: readonly Observation[];
  /** The greatest id of the arrivals that this batch took up: the cursor of arrivals moves there. */
  readonly arrivalsUpTo?: number;
  /** Arrivals whose body made no sense: kept, and shown to a person. */
  readonly unreadable?: readonly { readonly arrival: number; readonly reason: string }[];
  /** Moves in the transaction that makes the page durable; not at all while records of it are `differing`. */
  readonly scan?: {
    readonly resource: string;
    readonly kind: ScanKind;
    readonly state: ScanState;
    /** With this page everything has been listed that changed before this time, however late the provider shows it. */
    readonly wholeUntil?: number;
  };
  readonly requests?: readonly RequestEntry[];
  /** Of the records that are new, some are claimed at once for a sync whose worker waits for work. */
  readonly claim?: readonly ClaimAtOnce[];
}

export interface ClaimAtOnce {
  readonly sync: string;
  /** The most that are claimed. */
  readonly limit: number;
  /** Of a one-way sync, by the keys of records: what is to be created for those that nobody knew. It is armed with the claim. */
  readonly creations?: ReadonlyMap<string, PendingWrite>;
}

export interface ObserveCounts {
  /** Records that were new or had changed, and were noted pending where a sync reads them. */
  readonly changed: number;
  readonly unchanged: number;
  /** Observations of an older version than the one known: nothing. */
  readonly older: number;
  /** The syncs that have something new to do, beside what was claimed for them. */
  readonly syncs: readonly string[];
  /** What was claimed at once, in the order of the observations; without the bodies, which the caller has. */
  readonly claimed: readonly Claim[];
  /** Keys of what was claimed at once and armed, too: it is being sent. */
  readonly armed: readonly { readonly sync: string; readonly keys: readonly string[] }[];
  /** Keys of `listed` records that are not known with this version: they are to be observed again, as whole records. */
  readonly differing: readonly string[];
}

export interface ObservationStore {
  ingest(arrivals: readonly NewArrival[]): Promise<readonly ("new" | "seen")[]>;
  /** Those that no observation took up yet, oldest first; of large ones fewer, and none only when there are none. */
  arrivals(limit: number): Promise<readonly Arrival[]>;
  observe(batch: ObserveBatch): Promise<ObserveCounts>;
  scan(resource: string, kind: ScanKind): Promise<ScanState | undefined>;
  /**
   * Keys of the resource's records that no scan or poll has observed since `at`, in order after `after`. All the records are looked
   * over, in slices, and whoever else has something to do comes in between.
   */
  unseenSince(resource: string, at: number, after: string | undefined, limit: number): Promise<readonly string[]>;
  /** Marks arrivals as not yet taken up, from this time on, so that they are observed again; says how many. */
  replay(query: { readonly connection?: string; readonly since: number; readonly at: number }): Promise<number>;
}

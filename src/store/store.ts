// What the engine needs of its file of state, in batches: ingest, observe, claim, settle. One interface, one exam that every
// engine of SQL sits (`exam.ts`); no other folder knows which engine it is.
//
// Every write is durable when its promise resolves. Calls made in the same turn may share one commit.
import type { AuditStore } from "./audit.ts";

import type { Counterpart, KeptConflict, TwoWayStore } from "./two-way.ts";

export type Priority = "person" | "live" | "scheduled" | "backfill";

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
}

// ---------------------------------------------------------------- ingest

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

// ---------------------------------------------------------------- observe

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
  readonly lookedBy?: { readonly sync: string; readonly stale: number };
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
}

export type ScanKind = "changes" | "everything";

export interface ObserveBatch {
  readonly observations: readonly Observation[];
  /** The greatest id of the arrivals that this batch took up: the cursor of arrivals moves there. */
  readonly arrivalsUpTo?: number;
  /** Arrivals whose body made no sense: kept, and shown to a person. */
  readonly unreadable?: readonly { readonly arrival: number; readonly reason: string }[];
  /** Moves in the transaction that makes the page durable; not at all while records of it are `differing`. */
  readonly scan?: { readonly resource: string; readonly kind: ScanKind; readonly state: ScanState };
  readonly requests?: readonly RequestEntry[];
  /** Of the records that are new, so many are claimed at once for this sync, whose worker waits for work. */
  readonly claim?: readonly { readonly sync: string; readonly limit: number }[];
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
  /** Keys of `listed` records that are not known with this version: they are to be observed again, as whole records. */
  readonly differing: readonly string[];
}

// ---------------------------------------------------------------- reconcile

/** One record of one sync, referred to. */
export interface LinkNeed {
  readonly sync: string;
  readonly key: string;
}

/** The intent of a write, durable before it is sent. */
export interface PendingWrite {
  /** The idempotency key; the same over every repetition. */
  readonly id: string;
  readonly action: "create" | "update" | "remove";
  /** Of a removal: "void", "delete", … */
  readonly way?: string;
  readonly targetKey?: string;
  /** The exact fields, as JSON. */
  readonly fields?: string;
  readonly changed?: readonly string[];
  readonly armedAt: number;
  /** How often it was sent, or may have been. */
  readonly sends: number;
  /** It was looked up after its quiet time and not found, and nothing was sent since: it may be sent without another search. */
  readonly absent?: true;
  /** The source record that it was decided from. */
  readonly recordHash: string;
  readonly recordVersion?: string;
  /** Of a two-way sync: the side that is written; and the values of the other side that it carries there, as JSON. */
  readonly side?: 0 | 1;
  readonly from?: string;
  /** Of a creation in a two-way sync: the last record known when it was armed; what it makes is numbered later. */
  readonly after?: number;
  /** It writes what a person put back. */
  readonly putBack?: true;
  /** The claim's `seq` that it was decided from: what was noted after it is not in these fields. */
  readonly seq?: number;
}

export interface KnownRecord {
  readonly version?: string;
  readonly hash: string;
  /** JSON; absent when only the hash is kept, or nothing was read yet. */
  readonly body?: string;
  readonly deleted: boolean;
  /** More than 0: it may have changed since it was read. */
  readonly stale: number;
  readonly title?: string;
  /** It is no more, and this record of the same resource took it up. */
  readonly movedTo?: string;
}

export interface Link {
  readonly targetKey: string;
  /** The values both sides last agreed on, as JSON. Of a two-way sync: as each side showed them; `null`: they never agreed. */
  readonly base: string;
  /** Of a two-way sync: what the engine has to know of the link besides, as JSON. */
  readonly state?: string;
  readonly targetVersion?: string;
  /** The source record that was agreed on. */
  readonly recordHash: string;
  readonly recordVersion?: string;
}

/** A link as it is from now on. Without a base it takes the fields of the record's armed write, as they are in the file. */
export type AgreedLink = Omit<Link, "base"> & { readonly base?: string };

/** A pending row, held by one worker until it is settled. */
export interface Claim {
  readonly sync: string;
  readonly key: string;
  /** Of a two-way sync: a record of the second side that is not linked. A linked pair is claimed as the first side's. */
  readonly side?: 1;
  /** Of a two-way sync: the second side of a linked pair. */
  readonly other?: Counterpart;
  /** Rises each time the record is noted; a row noted again while held is not cleared. */
  readonly seq: number;
  readonly state: "ready" | "waiting" | "unknown";
  readonly priority: Priority;
  readonly notedAt: number;
  readonly attempts: number;
  readonly waits: number;
  /** When its present wait for a link began, if it waits for one. */
  readonly waitingSince?: number;
  readonly record?: KnownRecord;
  readonly link?: Link;
  readonly write?: PendingWrite;
  /** Target fields that a person corrected for this record, as JSON values by field. */
  readonly corrections?: Readonly<Record<string, unknown>>;
}

export type ParkCause =
  | "mapping"
  | "invalid"
  | "denied"
  | "conflict"
  | "missing"
  | "unknown-outcome"
  | "attempts"
  | "link"
  | "exists"
  | "deleted"
  | "schema"
  | "match"
  | "edited"
  | "loop"
  | "deletions"
  | "bug";

/** How many records may be taken out of use without a person: a share of those that are linked, and a few whatever the share. */
export interface RemovalsMax {
  readonly share: number;
  readonly few: number;
  /** Those since then are counted, in milliseconds since 1970. */
  readonly since: number;
}

/** What a person is asked where two links would become one. */
export interface MovePark {
  readonly reason: string;
  readonly todo: string;
  readonly detail: unknown;
}

/** What became of a claim. Each settlement gives the claim back. */
export type Settlement = {
  readonly sync: string;
  readonly key: string;
  /** As in the claim. */
  readonly side?: 1;
  /** What the write left at a side, or what was read of it: known from now on, and nothing new to this sync. */
  readonly seen?: readonly Observation[];
  readonly conflicts?: readonly KeptConflict[];
  readonly seq: number;
  readonly at: number;
  readonly requests?: readonly RequestEntry[];
} & (
  | {
      readonly to: "cleared";
      /** `agreed`: nothing to write; `confirmed`: written; `out-of-scope`: the sync's `only` says no; `gone`: nothing on either side. */
      readonly why: "agreed" | "confirmed" | "out-of-scope" | "gone";
      /** What was written, for the record's story: "create", "update", "void", … */
      readonly action?: string;
      /** The link from now on; null: it is taken away; absent: as it was. */
      readonly link?: AgreedLink | null;
      /** Of a two-way sync: the first side's record of the link that a record of the second side made. */
      readonly firstKey?: string;
      /** There is more to do for it: it stays, ready at once. */
      readonly again?: true;
      /** What is left of what a person put back, as JSON; empty: nothing. */
      readonly corrected?: string;
    }
  | {
      readonly to: "sending";
      readonly write: PendingWrite;
      /** Of a removal: it is not armed, and `NotArmed` is thrown, when there were this many already. */
      readonly removals?: RemovalsMax;
    }
  | {
      readonly to: "waiting";
      readonly until: number;
      readonly reason: string;
      readonly attempts: number;
      readonly waits: number;
      /** Wait for this link to be made, until then at the longest; it is noted pending if it is not yet. */
      readonly on?: LinkNeed;
      /** A write that was certainly not executed and is sent again later with the same id. */
      readonly write?: PendingWrite;
    }
  | {
      readonly to: "unknown";
      readonly until: number;
      readonly reason: string;
      readonly write: PendingWrite;
      readonly attempts: number;
    }
  | {
      readonly to: "parked";
      readonly cause: ParkCause;
      readonly reason: string;
      /** What the owner can do. */
      readonly todo: string;
      /** Field, value and rule, or the provider's answer. */
      readonly detail?: unknown;
      /** Kept when the write may have happened. */
      readonly write?: PendingWrite;
    }
  /**
   * This side's record became part of another one: the link goes on with that. Where that one is linked itself, the row is
   * parked.
   */
  | {
      readonly to: "moved";
      readonly of: 0 | 1;
      readonly into: string;
      readonly until: number;
      readonly orPark: MovePark;
    }
  /** It is a pair with this unlinked record of the other side from now on, and ready; nothing is agreed on yet. */
  | { readonly to: "linked"; readonly other: string; readonly until: number }
  /** Given back as it was. */
  | { readonly to: "ready" }
);

/** One outgoing request as it is logged, already without secrets. */
export interface RequestEntry {
  readonly connection: string;
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly outcome: string;
  readonly reason?: string;
  readonly durationMs: number;
  readonly sync?: string;
  readonly key?: string;
  readonly requestBody?: string;
  readonly responseBody?: string;
  /** The headers that the connector set for this request alone, as JSON. */
  readonly requestHeaders?: string;
  /** May a person have it made again? Absent: nobody can tell that it would change nothing more. */
  readonly repeat?: Repeat;
  /** The request of this log that a person had made again by this one. */
  readonly repeats?: number;
}

/**
 * - `read`: it changes nothing.
 * - `safe`: the connector says that making it again changes nothing more.
 * - `key`: it has an idempotency key, for as long as the provider knows that.
 * - `unkept`: the log does not hold all of it.
 */
export type Repeat = "read" | "safe" | "key" | "unkept";

// ---------------------------------------------------------------- connections

export type ConnectionState =
  | { readonly state: "active" }
  | { readonly state: "reauthorize"; readonly reason: string; readonly since: number }
  | { readonly state: "paused"; readonly reason: string; readonly since: number };

/** Sealed by the vault; the store never sees what is inside. */
export interface Credential {
  readonly sealed: Uint8Array;
  /** Rises with each change. */
  readonly version: number;
  /** The first refresh of this version that was begun and whose answer is not known. */
  readonly refreshBeganAt?: number;
  /** Who may refresh it now, and until when nobody else may. */
  readonly lease?: { readonly owner: string; readonly until: number };
}

/** Who wants to refresh a credential, and for how long nobody else may. */
export interface RefreshClaim {
  /** Another name for each process. */
  readonly owner: string;
  readonly at: number;
  readonly until: number;
  /** The unanswered attempt that was seen, if there was one; another one means that the credential has changed. */
  readonly seenBeganAt?: number;
  /** Nobody else can be alive who refreshes: a lease that is left over counts for nothing. */
  readonly alone?: boolean;
}

export type RefreshBegun =
  /** `epoch` rises with each refresh that is begun: whoever was given an older one can commit nothing under it. */
  | { readonly is: "begun"; readonly epoch: number }
  | { readonly is: "leased"; readonly until: number }
  /** The credential is no longer at this version, or another attempt was made meanwhile. */
  | { readonly is: "changed" };

/** What processes that share credentials need of a store. */
export interface CredentialStore {
  credential(connection: string): Promise<Credential | undefined>;
  /** Takes the lease, and records the attempt before it is made. */
  beginRefresh(connection: string, version: number, claim: RefreshClaim): Promise<RefreshBegun>;
  /** Gives the lease back without new tokens. `answered`: the provider did answer, so that this attempt leaves no doubt. */
  endRefresh(
    connection: string,
    epoch: number,
    end: { readonly at: number; readonly answered: boolean },
  ): Promise<void>;
  /**
   * Puts a credential in place of the one at `version` (0: there is none yet); false when that was not the one, or when
   * somebody began a refresh after the one of `epoch`.
   */
  saveCredential(connection: string, version: number, sealed: Uint8Array, epoch?: number): Promise<boolean>;
}

/** A data key of one tenant, wrapped by a key that is never in the store. */
export interface DataKey {
  /** 16 hexadecimal digits; what is sealed with it names it in its second to ninth byte. */
  readonly id: string;
  readonly tenant: string;
  readonly wrapped: Uint8Array;
  /** New secrets of its tenant are sealed with it. */
  readonly current: boolean;
  /** How often something sealed with it was saved. */
  readonly seals: number;
  readonly madeAt: number;
}

export type NewDataKey = Omit<DataKey, "current" | "seals">;

/** A credential as it is kept, with what it is bound to. */
export interface SealedRow {
  readonly tenant: string;
  readonly connection: string;
  readonly version: number;
  readonly sealed: Uint8Array;
}

// ---------------------------------------------------------------- for people

export interface ParkedRow {
  readonly sync: string;
  readonly key: string;
  /** Of a two-way sync: an unlinked record of the second side. */
  readonly side?: 1;
  readonly title?: string;
  readonly cause: ParkCause;
  readonly reason: string;
  readonly todo: string;
  readonly detail?: unknown;
  readonly since: number;
  readonly attempts: number;
}

export interface StoryEntry {
  readonly at: number;
  /** "noted", "cleared", "waiting", "unknown", "parked", "sending", "request", "corrected", "retried", "discarded". */
  readonly what: string;
  readonly resource?: string;
  readonly sync?: string;
  readonly key: string;
  readonly text: string;
}

export interface SyncStatus {
  readonly sync: string;
  readonly ready: number;
  readonly waiting: number;
  readonly sending: number;
  readonly unknown: number;
  readonly parked: number;
  readonly links: number;
  /** When the longest waiting row that is not parked was noted. */
  readonly oldestNotedAt?: number;
  /** When both systems last agreed on a record of it. */
  readonly lastClearedAt?: number;
}

export interface ResourceStatus {
  readonly resource: string;
  readonly records: number;
  readonly deleted: number;
  readonly changes?: ScanState;
  readonly everything?: ScanState;
}

export interface StoreStatus {
  readonly syncs: readonly SyncStatus[];
  readonly resources: readonly ResourceStatus[];
  readonly connections: readonly ({ readonly connection: string } & ConnectionState)[];
  /** Counted since the file was made: "webhook.new", "webhook.seen", "poll.changed", "cleared.agreed", "parked", … */
  readonly tallies: Readonly<Record<string, number>>;
  /** Arrivals that no observation took up yet. */
  readonly arrivalsWaiting: number;
  readonly arrivalsUnreadable: number;
}

export interface ParkedFilter {
  readonly sync?: string;
  readonly key?: string;
  readonly cause?: ParkCause;
  readonly limit?: number;
}

export interface RequestFilter {
  readonly id?: number;
  readonly connection?: string;
  readonly sync?: string;
  readonly key?: string;
  readonly status?: number;
  readonly outcome?: string;
  readonly method?: string;
  /** What the address holds, such as "/invoice". */
  readonly path?: string;
  /** From this time on, in milliseconds since 1970. */
  readonly since?: number;
  /** Before this time. */
  readonly until?: number;
  readonly limit?: number;
}

// ---------------------------------------------------------------- limits

/** What was spent of a limit that outlasts a start, such as a quota of a day. */
export interface Spent {
  /** The connection; or the app, where its connections share the limit. */
  readonly owner: string;
  readonly limit: string;
  /** When, in milliseconds since 1970, and how much. */
  readonly pieces: readonly (readonly [number, number])[];
}

// ---------------------------------------------------------------- watching

/** What a part that watches remembers of one thing; its state is opaque to the store. */
export interface Watched {
  /** "subscriptions" of a connection, what was "heard" of a resource, the "profile" of a resource's fields. */
  readonly what: "subscriptions" | "heard" | "profile";
  /** The connection, or the resource by its id. */
  readonly name: string;
  /** JSON. */
  readonly state: string;
}

/**
 * - `vanished`: a field that was there is not there any more.
 * - `type`: a field holds another type of value than the resource promises.
 * - `value`: a field holds a value that is none of those that are known.
 * - `shape`: a record does not fit in another way.
 * - `required`: writes are refused for want of a field.
 * - `version`: the provider says that what we use of its API will end, or has.
 */
export type DriftKind = "vanished" | "type" | "value" | "shape" | "required" | "version";

/** Something at a provider is no longer as the connector or the mapping knows it. */
export interface DriftRow extends DriftId {
  readonly detail: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** How often it was seen. */
  readonly times: number;
  /** The record that showed it last. */
  readonly key?: string;
}

export interface DriftId {
  readonly kind: DriftKind;
  /** The resource's id; of a `version` the connection. */
  readonly on: string;
  /** The field, such as "lineItems[].total"; of a `version` where the provider said it. */
  readonly place: string;
}

/** A record of one sync with all that is known of it, as a backtest needs it. */
export interface SyncRow {
  readonly key: string;
  readonly record: KnownRecord;
  readonly link?: Link;
  readonly corrections?: Readonly<Record<string, unknown>>;
  /** The state of its pending row, if it has one. */
  readonly pending?: "ready" | "waiting" | "sending" | "unknown" | "parked";
  /** Why it is parked. */
  readonly parked?: { readonly cause: ParkCause; readonly reason: string };
}

export interface SyncRowQuery {
  readonly sync: string;
  /** Only records that changed at or after this time, in milliseconds since 1970. */
  readonly since: number;
  /** Only keys after this one, in their order. */
  readonly after?: string;
  readonly limit: number;
}

/** What is too old, or too much, to be kept. */
export interface PruneLimits {
  /** History and arrivals before this time go. */
  readonly before: number;
  /** Logged requests before this time go. Default: `before`. */
  readonly requestsBefore?: number;
  /** The most logged requests that stay. Default: any number. */
  readonly requestsMax?: number;
  /** The most rows that go at once. */
  readonly rowsMax: number;
}

// ---------------------------------------------------------------- the store

export interface Store extends CredentialStore, AuditStore, TwoWayStore {
  /** Registers names; ones that are known keep their rows and cursors. */
  declare(declaration: Declaration): Promise<void>;
  /**
   * After a start: rows that were `sending` become `unknown`, due at once. Says how many. Nothing else needs mending.
   */
  recover(at: number): Promise<number>;

  ingest(arrivals: readonly NewArrival[]): Promise<readonly ("new" | "seen")[]>;
  /** Those that no observation took up yet, oldest first. */
  arrivals(limit: number): Promise<readonly Arrival[]>;
  observe(batch: ObserveBatch): Promise<ObserveCounts>;
  scan(resource: string, kind: ScanKind): Promise<ScanState | undefined>;
  /** Keys of the resource's records that no scan or poll has observed since `at`, in order after `after`. */
  unseenSince(resource: string, at: number, after: string | undefined, limit: number): Promise<readonly string[]>;

  /** Due rows of a sync that nobody holds, the most urgent first; they are held until settled. */
  claim(query: { readonly sync: string; readonly limit: number; readonly at: number }): Promise<readonly Claim[]>;
  /** When the next row of any of these syncs becomes due; undefined: none waits. */
  nextDue(syncs: readonly string[]): Promise<number | undefined>;
  /** The target keys of these links, in the order asked; undefined where there is no link. */
  links(needs: readonly LinkNeed[]): Promise<readonly (string | undefined)[]>;
  /** Is another source record of this sync already linked to this target record? Its key, if so. */
  linkedTo(sync: string, targetKey: string): Promise<string | undefined>;
  settle(
    settlements: readonly Settlement[],
  ): Promise<{ /** Syncs with rows that became ready. */ readonly syncs: readonly string[] }>;
  log(requests: readonly RequestEntry[]): Promise<void>;

  connectionState(connection: string): Promise<ConnectionState>;
  setConnectionState(connection: string, state: ConnectionState): Promise<void>;
  /** What was spent of limits, as it was last kept. */
  spent(): Promise<readonly Spent[]>;
  keepSpent(rows: readonly Spent[]): Promise<void>;

  /** Everything of this kind that is remembered. */
  watched(what: Watched["what"]): Promise<readonly Watched[]>;
  keepWatched(rows: readonly Watched[]): Promise<void>;
  /** In the order in which they were first seen. */
  drifts(): Promise<readonly DriftRow[]>;
  /** Each in place of what was known of it. */
  keepDrifts(rows: readonly DriftRow[]): Promise<void>;
  dropDrifts(rows: readonly DriftId[]): Promise<void>;
  /** Pages through a sync's records in order of key. */
  syncRows(query: SyncRowQuery): Promise<readonly SyncRow[]>;
  /** Notes these records pending although nothing of them changed; says how many there are. */
  noteAgain(sync: string, keys: readonly string[], at: number): Promise<number>;

  dataKeys(): Promise<readonly DataKey[]>;
  /** Makes it its tenant's current key in place of this one (undefined: there is none yet); false when that is not the one. */
  addDataKey(key: NewDataKey, instead: string | undefined): Promise<boolean>;
  /** Puts another wrapping in place of the one that was; false when it is no longer that. */
  rewrapDataKey(id: string, was: Uint8Array, wrapped: Uint8Array): Promise<boolean>;
  /** Takes away the keys that are not current and with which nothing is sealed any more; says which. */
  dropUnusedDataKeys(): Promise<readonly string[]>;
  /** Pages through all that is sealed, in order of connection. */
  sealed(after: string | undefined, limit: number): Promise<readonly SealedRow[]>;
  /** The same secret sealed anew; version and refresh stay. False when it is no longer the one that was. */
  reseal(connection: string, version: number, was: Uint8Array, sealed: Uint8Array): Promise<boolean>;
  /** Counts something that happened outside the store. */
  tally(name: string): Promise<void>;

  status(): Promise<StoreStatus>;
  parked(filter: ParkedFilter): Promise<readonly ParkedRow[]>;
  /** Makes parked rows ready again; says which. */
  retryParked(filter: ParkedFilter, at: number): Promise<readonly LinkNeed[]>;
  /**
   * Clears rows that are parked since too many records were to be taken out of use: their counterparts stay, and are not taken
   * for new ones. Says which.
   */
  refuseDeletions(sync: string, at: number): Promise<readonly LinkNeed[]>;
  /** Clears parked rows without writing; says which. */
  discardParked(filter: ParkedFilter, at: number, reason: string): Promise<readonly LinkNeed[]>;
  /** Corrects target fields of one record from now on; null takes a correction back. */
  correct(sync: string, key: string, corrections: Readonly<Record<string, unknown>>, at: number): Promise<void>;
  /** Links a parked record to a target record that a person found; the next reconciling writes what differs. */
  linkByHand(sync: string, key: string, targetKey: string, at: number): Promise<void>;
  /** All that happened to a record, whichever side's key or title it is found by, in time order. */
  story(keyOrTitle: string): Promise<readonly StoryEntry[]>;
  requests(filter: RequestFilter): Promise<readonly (RequestEntry & { readonly id: number })[]>;
  record(resource: string, key: string): Promise<KnownRecord | undefined>;
  /** Pages through a sync's links in order of key. */
  linkPage(
    sync: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (Link & { readonly key: string })[]>;
  /** Marks arrivals as not yet taken up, from this time on, so that they are observed again; says how many. */
  replay(query: { readonly connection?: string; readonly since: number; readonly at: number }): Promise<number>;

  /** Takes away history, requests and arrivals that are older; in slices, so that nobody waits. Says how many rows. */
  prune(limits: PruneLimits): Promise<number>;
  close(): Promise<void>;
}

/** Why the file of state cannot be used; `code` is stable. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: "in-use" | "newer-version" | "full" | "damaged" | "closed" | "io";

  constructor(code: StoreError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A link would give two source records of one sync the same target record. Nothing of the call that asked for it was done. */
export class LinkTaken extends Error {
  override readonly name = "LinkTaken";
  readonly sync: string;
  readonly key: string;
  readonly targetKey: string;
  /** The source record that the target record is linked to. */
  readonly takenBy: string;

  constructor(sync: string, key: string, targetKey: string, takenBy: string) {
    super(
      `could not link ${sync} ${key} to ${targetKey}: expected a target record that nothing is linked to, but ${takenBy} is. ` +
        `Find out which of the two it belongs to.`,
    );
    this.sync = sync;
    this.key = key;
    this.targetKey = targetKey;
    this.takenBy = takenBy;
  }
}

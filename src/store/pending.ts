// Work on records: claimed, armed before anything is sent, and settled with what became of it.
import type { Observation } from "./observations.ts";
import type { AgreedLink, KnownRecord, Link, LinkNeed } from "./records.ts";
import type { RequestEntry } from "./requests.ts";
import type { Counterpart, KeptConflict } from "./two-way.ts";

export type Priority = "person" | "live" | "scheduled" | "backfill";

/** The most urgent first. */
export const PRIORITIES: readonly Priority[] = ["person", "live", "scheduled", "backfill"];

/** The share of all turns that each keeps while it waits, whatever is more urgent: none waits for ever. */
export const TURNS_KEPT: Readonly<Record<Priority, number>> = {
  person: 0.5,
  live: 0.2,
  scheduled: 0.1,
  backfill: 0.05,
};

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
  /**
   * The file of state was restored then, and this was noted before its source was listed since: what it is about to create may have been
   * created already.
   */
  readonly doubtedSince?: number;
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
      /** Of a two-way sync: the side that was taken out of use because the other one was deleted. */
      readonly removed?: 0 | 1;
      /** There is more to do for it: it stays, ready at once. */
      readonly again?: true;
      /** What is left of what a person put back, as JSON; empty: nothing. */
      readonly corrected?: string;
    }
  | {
      readonly to: "sending";
      readonly write: PendingWrite;
      /** It is not armed, and `NotArmed` is thrown, where anything was learnt of the record or its counterpart since it was claimed. */
      readonly unlessNoted?: boolean;
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

/** A file of state that was brought back from a backup: what was written since that was made is not in it. */
export interface Restored {
  /** When the backup was made; absent: nobody knows. */
  readonly madeAt?: number;
  /** Since when it is in use again; absent: nobody started it yet. */
  readonly beganAt?: number;
  /** The resources that were not listed since then. */
  readonly doubted: readonly string[];
}

export interface PendingStore {
  /**
   * At a start, before anything else is done: where the file was restored since the last one, what is pending is in doubt from now on, and
   * so is what is noted of a resource until a listing of it that began later is complete. Undefined: it was not.
   */
  beginRestored(at: number): Promise<Restored | undefined>;
  /** The last time that it was restored. */
  restored(): Promise<Restored | undefined>;
  /**
   * After a start: rows that were `sending` become `unknown`, due at once. Says how many. Nothing else needs mending, but what a clock
   * that was ahead told to wait.
   */
  recover(at: number): Promise<number>;
  /** What waits for days, as it does when the clock was ahead and was set back since, is due at once. Says which syncs have such rows. */
  shortenWaits(at: number): Promise<readonly string[]>;
  /**
   * Due rows of a sync that nobody holds, the most urgent first, with their share of the turns for the others; they are held until
   * settled. Rows that wait are left alone when they were due by `dueAfter`. Default: none are.
   */
  claim(query: {
    readonly sync: string;
    readonly limit: number;
    readonly at: number;
    readonly dueAfter?: number;
  }): Promise<readonly Claim[]>;
  /** When the next row of any of these syncs becomes due, after that time where one is told; undefined: none waits. */
  nextDue(syncs: readonly string[], after?: number): Promise<number | undefined>;
  settle(
    settlements: readonly Settlement[],
  ): Promise<{ /** Syncs with rows that became ready. */ readonly syncs: readonly string[] }>;
  /** Notes these records (of a two-way sync's second side) pending although nothing of them changed; says how many there are. */
  noteAgain(sync: string, keys: readonly string[], at: number, side?: 1): Promise<number>;
}

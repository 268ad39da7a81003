// What an observation teaches about a record, given what is known of it: a pure decision, so that late, doubled and
// out-of-order news do no harm.
import type { Cause } from "../store.ts";
import type { Learnt } from "./listed.ts";

/** What is known of a record, without its body. */
export interface Known {
  readonly version: string | undefined;
  /** Empty: nothing was read of it yet. */
  readonly hash: string;
  readonly deleted: boolean;
  readonly stale: number;
  readonly hasBody: boolean;
  readonly observedAt: number;
}

export type Lesson =
  /** It tells of a time before what is known. */
  | "older"
  /** As known; at most its version is newer. */
  | "unchanged"
  /** The record is now what was seen. */
  | "taken"
  /** It may have changed: it must be read before anything is decided. */
  | "doubted"
  | "deleted";

export function learn(known: Known | undefined, observation: Learnt): Lesson {
  const { seen } = observation;
  if (known === undefined) return seen.kind === "record" ? "taken" : seen.kind === "changed" ? "doubted" : "deleted";
  const order = ordered(observation.version, known.version);
  if (seen.kind === "changed") return order === "older" && known.stale === 0 ? "older" : "doubted";
  if (order === "older") return seen.kind === "record" ? contradicted(known, observation, seen.hash) : "older";
  if (saysTheSame(known, seen)) return "unchanged";
  if (order !== "newer" && observation.cause === "look" && mayHaveCrossed(known, observation)) return "doubted";
  if (known.deleted) return revived(known, observation, order);
  if (order !== "newer" && mayBeLate(known, observation)) return "doubted";
  return seen.kind === "deleted" ? fromListing(observation, "deleted") : "taken";
}

function saysTheSame({ deleted, hash }: Known, seen: Learnt["seen"]): boolean {
  return seen.kind === "record" ? !deleted && seen.hash === hash : deleted;
}

/**
 * What is known was learnt, or written, while this answer was on its way: nobody can tell which of them is later. Where what the looker had
 * in hand when it asked is known still, nothing came in between, whatever the clock says.
 */
function mayHaveCrossed(known: Known, observation: Learnt): boolean {
  const { lookedBy } = observation;
  if (lookedBy?.hash === undefined) return isOutrun(known, observation);
  const { hash, stale, deleted = false } = lookedBy;
  return hash !== known.hash || stale !== known.stale || deleted !== known.deleted;
}

/** It was asked for before what is known was learnt, and may have been answered before it, too: a look's time is when it began. */
function isOutrun({ observedAt }: Known, { cause, at }: Learnt): boolean {
  return cause === "look" ? at < observedAt : at <= observedAt;
}

/**
 * An older version, though the source was read later than what is known: either a listing lags behind, or the clock that makes
 * the versions was set back. Whoever reads the record itself knows.
 */
function contradicted(known: Known, observation: Learnt, hash: string): Lesson {
  if (CARRIED.has(observation.cause) || mayHaveCrossed(known, observation)) return "older";
  if (observation.cause === "look") return known.deleted || hash !== known.hash ? "taken" : "unchanged";
  return known.deleted || hash !== known.hash ? fromListing(observation, "taken") : "older";
}

/**
 * Only a newer version, or somebody who read the source after the deletion, can say that a deleted record lives; and the newer
 * version may be of an edit shortly before the deletion, whose own version nobody knows. Where the record can be read, it is.
 */
function revived(known: Known, observation: Learnt, order: Order): Lesson {
  const { cause, at, readable } = observation;
  if (cause === "look") return "taken";
  if (order === "newer") return readable === true ? "doubted" : "taken";
  if (cause === "webhook") return order === "equal" ? "older" : "doubted";
  // Asked for before the deletion was learnt, a page may still be of after it: it may have come back while whoever learnt it waited.
  if (at <= known.observedAt) return readable === true ? "doubted" : "older";
  return fromListing(observation, "taken");
}

/** A webhook may have been on its way for days, or kept to be replayed, and a file is of any age: where the record can be read, it is. */
function mayBeLate(known: Known, observation: Learnt): boolean {
  return observation.readable === true && (CARRIED.has(observation.cause) || isOutrun(known, observation));
}

const CARRIED: ReadonlySet<Cause> = new Set(["webhook", "import"]);

/**
 * Listings show records for a while after they were deleted, files for ever, and both tell of deletions after they were taken
 * back: where the two disagree, the record itself is read.
 */
function fromListing({ cause, readable }: Learnt, lesson: "taken" | "deleted"): Lesson {
  return (LISTED_BY.has(cause) || cause === "import") && readable === true ? "doubted" : lesson;
}

const LISTED_BY: ReadonlySet<Cause> = new Set(["poll", "scan"]);

type Order = "older" | "equal" | "newer" | "unknown";

/** Versions are text that sorts as they do. */
export function ordered(version: string | undefined, known: string | undefined): Order {
  if (version === undefined || known === undefined) return "unknown";
  if (version === known) return "equal";
  return version < known ? "older" : "newer";
}

/** Does this observation settle the doubt that its reader had claimed? Of what nobody can read by its key, a listing does. */
export function settlesDoubt(known: Known, { lookedBy, cause, seen, readable }: Learnt, lesson: Lesson): boolean {
  if (seen.kind === "changed" || lesson === "older" || lesson === "doubted") return false;
  if (readable === false && LISTED_BY.has(cause)) return true;
  return cause === "look" && lookedBy !== undefined && known.stale > 0 && lookedBy.stale === known.stale;
}

/** Reading the source proves that the record is there now; what a webhook or a file tells may be days old. */
export function provesPresence(cause: Cause): boolean {
  return !CARRIED.has(cause);
}

// Records that a listing showed with their versions, many in one: as few words between threads, and as little work, as a
// record that did not change deserves. Their keys and versions go as JSON, which costs half of what lists of texts do.
import type { Cause, Observation, ObserveBatch, Priority } from "../store.ts";

/** Listed records of one resource that were seen together. */
export interface Listed {
  readonly resource: string;
  readonly cause: Cause;
  readonly priority: Priority;
  readonly at: number;
  /** A JSON list. */
  readonly keys: string;
  /** A JSON list that goes by `keys`. */
  readonly versions: string;
}

/** An observation that says more than that a record was listed. */
export type Learnt = Observation & { readonly seen: Exclude<Observation["seen"], { readonly kind: "listed" }> };

/** A batch whose listed records stand together. */
export interface PackedBatch extends Omit<ObserveBatch, "observations"> {
  readonly observations: readonly Learnt[];
  readonly listed: readonly Listed[];
  /** Keys of listed records that cannot be compared. */
  readonly differing: readonly string[];
}

interface Growing extends Omit<Listed, "keys" | "versions"> {
  readonly keys: string[];
  readonly versions: string[];
}

export function packListed(batch: ObserveBatch | PackedBatch): PackedBatch {
  if ("listed" in batch) return batch;
  const observations: Learnt[] = [];
  const listed: Growing[] = [];
  const differing: string[] = [];
  for (const observation of batch.observations) {
    const { key, version, evenUnchanged } = observation;
    if (isLearnt(observation)) observations.push(observation);
    else if (version === undefined || evenUnchanged === true) differing.push(key);
    else {
      const together = placeOf(observation, listed);
      together.keys.push(key);
      together.versions.push(version);
    }
  }
  const packed = listed.map(({ keys, versions, ...common }) => ({
    ...common,
    keys: JSON.stringify(keys),
    versions: JSON.stringify(versions),
  }));
  return { ...batch, observations, listed: packed, differing };
}

/** Does it tell no more than which versions a listing showed, and how far it is? */
export function isOnlyListed(batch: ObserveBatch | PackedBatch): boolean {
  const { observations, scan, arrivalsUpTo, unreadable = [] } = batch;
  const isListing = scan !== undefined && arrivalsUpTo === undefined && unreadable.length === 0;
  return isListing && !observations.some(isLearnt);
}

function isLearnt(observation: Observation): observation is Learnt {
  return observation.seen.kind !== "listed";
}

function placeOf({ resource, cause, priority, at }: Observation, listed: Growing[]): Growing {
  const last = listed.at(-1);
  if (last?.resource === resource && last.cause === cause && last.priority === priority && last.at === at) return last;
  const next = { resource, cause, priority, at, keys: [], versions: [] };
  listed.push(next);
  return next;
}

// What a write taught of the record that it wrote: its own news, which is nothing new to the sync that wrote it.
import type { ConnectedResource } from "../define/connection.ts";
import type { Written } from "../define/resource.ts";
import type { Side } from "../define/two-way.ts";
import { seenRecord } from "../observe/seen-record.ts";
import type { Claim, Observation } from "../store/store.ts";
import { inHand } from "./look.ts";
import { recordsOf } from "./pair-facts.ts";

export interface Learning {
  readonly resource: ConnectedResource;
  readonly key: string;
  readonly written: Written<unknown> | undefined;
  readonly isRemoved: boolean;
  readonly claim: Claim;
  readonly side: Side;
  readonly now: number;
}

/**
 * The record as it was returned; else that it is to be read. The answer to a repeated write may be the first one again, from
 * before somebody edited what it made: that is no news of the record.
 */
export function learntOf({ resource, key, written, isRemoved, claim, side, now }: Learning): Observation {
  const record = recordsOf(claim)[side];
  const lookedBy = { sync: claim.sync, stale: record?.stale ?? 0, ...(record === undefined ? {} : inHand(record)) };
  // Its time is when it was answered: what was learnt before that, while it was on its way, is told by what it had in hand.
  const common = { resource: resource.id, key, cause: "look", priority: claim.priority, at: now, lookedBy } as const;
  if (isRemoved && written === undefined) return { ...common, seen: { kind: "deleted" } };
  const isRepeated = (claim.write?.sends ?? 1) > 1;
  if (written?.record === undefined || isRepeated) return { ...common, seen: { kind: "changed" } };
  return { ...common, ...seenRecord(resource.resource, written.record) };
}

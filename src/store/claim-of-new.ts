// The claim of a record that is claimed where it was first seen: what it would be if it were read back from the store, made of what
// the observation says.
import type { Observation } from "./observations.ts";
import type { Claim } from "./pending.ts";

/** The `seq` of a row that was noted once. */
export const FIRST_SEQ = 1;

/** Undefined: what was only told of is to be read first, and what is gone was never there for anybody. */
export function claimOfNew(
  sync: string,
  { key, version, seen, at, priority }: Observation,
  side: 0 | 1 = 0,
): Claim | undefined {
  if (seen.kind !== "record") return undefined;
  const { hash, title } = seen;
  return {
    sync,
    key,
    ...(side === 1 ? { side } : {}),
    seq: FIRST_SEQ,
    state: "ready",
    priority,
    notedAt: at,
    attempts: 0,
    waits: 0,
    record: {
      ...(version === undefined ? {} : { version }),
      hash,
      ...(title === undefined ? {} : { title }),
      deleted: false,
      stale: 0,
    },
  };
}

// The link that a write to one side of a pair leaves behind, and whether there is more to do (pure). What the provider returned
// is what that side shows from now on, so that what it trimmed or rounded is not taken for an edit.
import { otherSide, type FieldPair, type TwoWaySync } from "../define/two-way.ts";
import type { Claim, Link, PendingWrite } from "../store/store.ts";
import type { Fields } from "./decide.ts";
import { isAlike, merge, type Both } from "./merge.ts";
import { PERSONS_SHARE } from "./decide-linked.ts";
import { baseIn, linkOf, stateIn, type PairState } from "./pair-facts.ts";

export interface PairWritten {
  readonly sync: TwoWaySync;
  readonly claim: Claim;
  readonly write: PendingWrite;
  /** What both sides showed when it was decided; undefined: nobody knows any more. */
  readonly shown: Both<Fields> | undefined;
  /** What the written side shows now, as the provider returned it; undefined: it returned nothing. */
  readonly returned: Fields | undefined;
  /** The version that the write made. */
  readonly version: string | undefined;
  readonly targetKey: string;
  readonly now: number;
  /** It was looked up after a lost answer: where it shows something else than was sent, it may be what somebody else made. */
  readonly isFound?: boolean;
}

export interface AfterPairWrite {
  readonly link: Link;
  readonly again: boolean;
}

export function afterPairWrite(written: PairWritten): AfterPairWrite {
  const { sync, claim, write, shown, returned, version, targetKey } = written;
  const side = write.side ?? 0;
  const other = otherSide(side);
  const sent = JSON.parse(write.fields ?? "{}") as Fields;
  const agreed = agreedBy(written, sent);
  const wrote: PairState =
    returned !== undefined || version === undefined
      ? {}
      : { sent: { side, version, fields: copiedBy(written).map(({ fields }) => fields[side]) } };
  const state: PairState = { ...withoutGone(stateIn(claim.link)), ...recent(written), ...wrote };
  if (shown === undefined) return { link: linkOf(targetKey, agreed, state), again: true };
  const now: [Fields, Fields] = [...shown];
  now[side] = returned ?? { ...(write.action === "create" ? {} : shown[side]), ...sent };
  if (write.action === "create" && write.from !== undefined) now[other] = JSON.parse(write.from) as Fields;
  // What was not written yet, or was edited in the very moment of the write, is left to do.
  const { base, writes, conflicts, stuck } = merge({
    pairs: sync.pairs,
    now,
    base: agreed,
    isAssumed: returned === undefined,
  });
  const isLeft = writes.some((one) => one !== undefined) || conflicts.length > 0 || stuck.length > 0;
  return { link: linkOf(targetKey, base, state), again: isLeft };
}

/** The pairs that this write makes equal; of a union that both sides are told, neither is equal before both have it. */
function copiedBy({ sync, write }: PairWritten): readonly FieldPair[] {
  const side = write.side ?? 0;
  const from = fromOf(write);
  return sync.pairs.filter(({ fields, from: only }) =>
    write.action === "create"
      ? only !== side
      : write.changed?.includes(fields[side]) === true && fields[otherSide(side)] in from,
  );
}

const fromOf = ({ from }: PendingWrite): Fields => (from === undefined ? {} : (JSON.parse(from) as Fields));

/** The base with just those fields moved on that this write made equal. */
function agreedBy(written: PairWritten, sent: Fields): Both<Fields> {
  const { claim, write, returned, isFound = false } = written;
  const side = write.side ?? 0;
  const other = otherSide(side);
  const base = baseIn(claim.link);
  const agreed: [Record<string, unknown>, Record<string, unknown>] = [{ ...base?.[0] }, { ...base?.[1] }];
  const from = fromOf(write);
  for (const pair of copiedBy(written)) {
    const [own, theirs] = [pair.fields[side], pair.fields[other]];
    if (isFound && own in sent && !isAlike(pair, returned?.[own], sent[own])) continue;
    agreed[other][theirs] = from[theirs] ?? null;
    // What the provider filled in where nothing was sent is its own doing, and goes across as an edit.
    agreed[side][own] = (write.action === "create" && !(own in sent) ? undefined : (returned ?? sent)[own]) ?? null;
  }
  return agreed;
}

function recent({ sync, claim, now }: PairWritten): Pick<PairState, "writes"> {
  const { count, withinMs } = sync.writesMax;
  const before = (stateIn(claim.link).writes ?? []).filter((at) => at > now - withinMs);
  return { writes: [...before, now].slice(-PERSONS_SHARE * count) };
}

function withoutGone({ gone: _gone, removed: _removed, sent: _sent, ...rest }: PairState): PairState {
  return rest;
}

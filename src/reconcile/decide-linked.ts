// What should be written for two linked records (pure): each against what both showed when they last agreed.
import { durationText } from "../define/duration.ts";
import { otherSide, type Side, type TwoWaySync } from "../define/two-way.ts";
import type { AgreedLink, Claim, KnownRecord, MovePark } from "../store/store.ts";
import type { KeptConflict } from "../store/two-way.ts";
import { type Fields, type Park } from "./decide.ts";
import { fitted } from "./fitted.ts";
import {
  isEmpty,
  merge,
  sameValue,
  SIDES,
  type Both,
  type FieldConflict,
  type Merged,
  type SideWrite,
} from "./merge.ts";
import { newerOf } from "./newer.ts";
import {
  bothShown,
  isGone,
  keysOf,
  linkOf,
  recordsOf,
  settledBase,
  shownBy,
  stateIn,
  type PairState,
} from "./pair-facts.ts";
import { inScope, notCarried, notTaken } from "./pair-parks.ts";
import { only, type PairDecision, type PairFacts, type PairStep } from "./pair-step.ts";

export function decideLinked(facts: PairFacts): PairDecision {
  const { sync, claim, bodies } = facts;
  const records = recordsOf(claim);
  const gone = SIDES.filter((side) => isGone(records[side]));
  const state = stateIn(claim.link);
  if (gone.length === 2) return only({ do: "nothing", why: "gone", link: null });
  // The deletion that ours had followed was taken back meanwhile: whoever is there again gets a new counterpart.
  if (gone[0] !== undefined && gone[0] === state.removed)
    return only({ do: "nothing", why: "gone", link: null, apart: true });
  if (gone[0] !== undefined) {
    const into = records[gone[0]]?.movedTo;
    return into === undefined ? afterDeletion(facts, gone[0], state) : only(moved(facts, gone[0], into));
  }
  for (const side of SIDES) {
    const scope = inScope(sync, side, bodies[side]);
    if (typeof scope === "object") return only(scope);
    if (!scope) return only({ do: "nothing", why: "out-of-scope" });
  }
  const edits = putBackIn(claim);
  const shown = bothShown(sync, bodies);
  const compared: Compared = { ...facts, shown, base: settledBase(claim, shown) };
  if (edits !== undefined) return { ...only(afterPutBack(compared, edits)), shown };
  return { ...afterMerge(compared, state), shown };
}

/** It took both, and one has come back: on its way round a ring of systems it takes nobody twice. */
function isTakenBack(records: Both<KnownRecord | undefined>, gone: Side): boolean {
  const deletion = records[gone]?.deletion;
  return deletion !== undefined && records[otherSide(gone)]?.deletion === deletion;
}

/** What both sides show, and what they showed when they agreed. */
interface Compared extends PairFacts {
  readonly shown: Both<Fields>;
  readonly base: Both<Fields> | undefined;
}

/** Two records became one on this side: the link goes on with the one that stays, if that has none of its own. */
function moved({ sync, claim }: PairFacts, side: Side, into: string): PairStep {
  const other = otherSide(side);
  const keys = keysOf(claim);
  const [name, otherName] = [sync.sides[side].name, sync.sides[other].name];
  const orPark: MovePark = {
    reason: `${keys[side]} became part of ${into} in ${name}, and both were linked: ${keys[other]} in ${otherName} is left over`,
    todo: `Merge ${keys[other]} with the counterpart of ${into} in ${otherName}, or delete it there; then retry.`,
    detail: { mergedInto: into, leftOver: keys[other] },
  };
  return { do: "move", side, into, orPark };
}

/** One side's record is gone. What was edited on the other since is kept, and nothing rises again. */
function afterDeletion(facts: PairFacts, side: Side, state: PairState): PairDecision {
  const { sync, claim, bodies } = facts;
  const other = otherSide(side);
  const key = keysOf(claim)[other];
  if (state.gone === side || key === undefined) return only({ do: "nothing", why: "agreed" });
  if (isTakenBack(recordsOf(claim), side)) return only({ do: "nothing", why: "gone", link: null, apart: true });
  const shown = shownBy(sync, other, bodies[other]);
  const base = settledBase(claim, other === 0 ? [shown, {}] : [{}, shown]);
  const tombstone: PairStep = { do: "nothing", why: "agreed", link: linkIn(facts, base, { ...state, gone: side }) };
  const scope = inScope(sync, other, bodies[other]);
  if (typeof scope === "object") return only(scope);
  const { onDelete, name } = sync.sides[side];
  if (onDelete === "unlink") return only(tombstone);
  const all = sync.pairs.map(({ fields }) => fields[other]);
  // Nobody would tell otherwise that it is alone, when it is in scope again.
  if (!scope) return { step: tombstone, conflicts: [stays(other, shown, all, "out of scope")] };
  const edited = all.filter((field) => base === undefined || !sameValue(shown[field], base[other][field]));
  if (edited.length > 0) return { step: tombstone, conflicts: [stays(other, shown, edited, "edited")] };
  if (onDelete !== "park") return only({ do: "write", action: "remove", side: other, key, way: onDelete });
  return only({
    do: "park",
    cause: "deleted",
    reason: `the record was deleted in ${name}; its counterpart ${key} in ${sync.sides[other].name} is still there`,
    todo: "Take the counterpart out of use by hand, or restore the record; then retry, or discard this row.",
  });
}

/** What was deleted on the other side stays on this one, with what these fields show. */
function stays(side: Side, shown: Fields, names: readonly string[], why: "edited" | "out of scope"): KeptConflict {
  const kept = JSON.stringify(Object.fromEntries(names.map((name) => [name, shown[name] ?? null])));
  return {
    fields: ["", ""],
    values: side === 0 ? [kept, null] : [null, kept],
    rule: `deleted on one side, ${why} on the other`,
    winner: side,
  };
}

function linkIn({ claim }: PairFacts, base: Both<Fields> | undefined, state: PairState): AgreedLink {
  return linkOf(claim.link?.targetKey ?? "", base, state);
}

/** What a person wants written, by side. */
function putBackIn({ corrections }: Claim): Both<Fields> | undefined {
  return Array.isArray(corrections) ? (corrections as unknown as Both<Fields>) : undefined;
}

function afterPutBack(facts: Compared, edits: Both<Fields>): PairStep {
  for (const side of SIDES) {
    const shown = facts.shown[side];
    const changed = Object.keys(edits[side]).filter((name) => !sameValue(edits[side][name], shown[name]));
    const wanted = Object.entries({ ...shown, ...edits[side] }).filter(([, value]) => !isEmpty(value));
    const step = changed.length > 0 && update(facts, side, { fields: Object.fromEntries(wanted), changed }, undefined);
    if (step) return step.do === "write" ? { ...step, putBack: true } : step;
  }
  return { do: "nothing", why: "agreed", corrected: true };
}

function afterMerge(facts: Compared, state: PairState): PairDecision {
  const merged = mergeOf(facts);
  const conflicts = merged.conflicts.filter((conflict) => loses(conflict, merged)).map(keptConflict);
  const told = whatToTell(facts, state, merged);
  if (told?.do === "write") return { step: told, conflicts };
  const link = agreedLink(facts, state, merged);
  if (told === undefined)
    return { step: { do: "nothing", why: "agreed", ...(link === undefined ? {} : { link }) }, conflicts };
  if (link === undefined) return { step: told, conflicts };
  // Kept before a person is asked: after the next edit nobody could tell it from what a system made of what it was told.
  return only({ do: "nothing", why: "agreed", link, more: true });
}

/** The next write, or what a person is asked; undefined: both sides agree. */
function whatToTell(facts: Compared, state: PairState, merged: Merged): PairStep | undefined {
  const { sync } = facts;
  for (const side of SIDES) {
    const write = merged.writes[side];
    if (write !== undefined) return loop(facts, state) ?? update(facts, side, write, merged);
  }
  if (merged.stuck.length > 0) {
    const problems = merged.stuck.map(({ pair, side, reason }) => ({ field: pair.fields[side], reason }));
    return notCarried(sync, problems);
  }
  const open = merged.conflicts.filter(({ winner }) => winner === undefined);
  return open.length > 0 ? undecided(sync, open) : undefined;
}

/** The link with what both agree on by now; undefined: as it was. */
function agreedLink(facts: Compared, state: PairState, merged: Merged): AgreedLink | undefined {
  const { gone, removed, sent, ...rest } = state;
  // Most often nothing has moved.
  if (gone === undefined && removed === undefined && sent === undefined && merged.base === facts.base) return undefined;
  const link = linkIn(facts, merged.base, rest);
  const { base, state: kept } = facts.claim.link ?? {};
  return link.base === base && link.state === kept ? undefined : link;
}

function mergeOf({ sync, bodies, shown: now, base: agreed, plants }: Compared): Merged {
  const base = plants.has("no-base") ? withoutBase(sync, now) : agreed;
  const kept = plants.has("echo-by-actor") && base !== undefined ? withoutOurs(sync, bodies, now, base) : base;
  const newer = newerOf(sync, bodies, plants);
  return merge({ pairs: sync.pairs, now, ...(kept && { base: kept }), ...(newer === undefined ? {} : { newer }) });
}

/** A planted fault for the trials: the first side is taken for what both agreed on. */
function withoutBase({ pairs }: TwoWaySync, now: Both<Fields>): Both<Fields> {
  return [now[0], Object.fromEntries(pairs.map(({ fields }) => [fields[1], null]))];
}

/** A planted fault for the trials: what was changed under our own name is taken for what we wrote, whatever it says. */
function withoutOurs(
  { sides }: TwoWaySync,
  bodies: Both<unknown>,
  now: Both<Fields>,
  base: Both<Fields>,
): Both<Fields> {
  const isOurs = (side: Side): boolean => sides[side].resource.resource.changedByUs?.(bodies[side]) === true;
  return [isOurs(0) ? now[0] : base[0], isOurs(1) ? now[1] : base[1]];
}

/** Of a union nothing is lost while one side has all of it. */
function loses({ rule, pair }: FieldConflict, { writes }: Merged): boolean {
  return rule !== "union" || SIDES.every((side) => writes[side]?.changed.includes(pair.fields[side]));
}

function keptConflict({ pair, values, base, rule, winner }: FieldConflict): KeptConflict {
  const kept = ([first, second]: Both<unknown>) => [jsonOf(first), jsonOf(second)] as const;
  return {
    fields: pair.fields,
    values: kept(values),
    ...(base === undefined ? {} : { base: kept(base) }),
    rule,
    ...(winner === undefined ? {} : { winner }),
  };
}

const jsonOf = (value: unknown): string | null => (isEmpty(value) ? null : JSON.stringify(value));

/** How many times as many writes as otherwise are made to one link when a person asked for it. */
export const PERSONS_SHARE = 2;

/** More writes than most people cause: the systems answer each other, or somebody edits it again and again. */
function loop({ sync, claim, now }: PairFacts, { writes = [] }: PairState): Park | undefined {
  const { name, writesMax } = sync;
  const { count, withinMs } = writesMax;
  const recent = writes.filter((at) => at > now - withinMs);
  // A person who tries again after a loop was mended gets as many once more, and not without end.
  if (recent.length < (claim.priority === "person" ? PERSONS_SHARE * count : count)) return undefined;
  return {
    do: "park",
    cause: "loop",
    reason: `it was written ${recent.length} times within ${durationText(withinMs)}: something in one of the systems undoes each write, or it is edited as often as that`,
    todo: `See its story. Where values alternate, find what changes them, then retry. Where it was edited, retry; where that is usual, raise \`writesMax\` of sync ${name}.`,
    detail: { writes: recent },
  };
}

function undecided({ sides }: TwoWaySync, open: readonly FieldConflict[]): Park {
  const fields = open.map(({ pair, values }) => `${pair.fields.join(" ↔ ")}: ${values.map(jsonOf).join(" or ")}`);
  return {
    do: "park",
    cause: "edited",
    reason: `both sides were edited, and a person decides: ${fields.join("; ")}`,
    todo: `See \`bowline conflicts --open\`, and take one value with \`bowline conflicts put-back ID --side ${sides[0].name}\` or \`--side ${sides[1].name}\`.`,
    detail: { fields: open.map(({ pair }) => pair.fields) },
  };
}

function update(facts: Compared, side: Side, write: SideWrite, merged: Merged | undefined): PairStep {
  const { sync, claim } = facts;
  const { resource, name } = sync.sides[side];
  const key = keysOf(claim)[side];
  if (key === undefined) throw new Error(`${name} has no key for ${claim.key}, which is linked`);
  if (resource.resource.write?.update === undefined) {
    return {
      do: "park",
      cause: "invalid",
      reason: `${write.changed.join(", ")} changed, but ${resource.id} lets nothing be changed afterwards`,
      todo: `Mend ${key} by hand, then retry.`,
      detail: { changed: write.changed },
    };
  }
  const taken = fitted(resource, write.fields, write.changed);
  if (taken.kind === "misfit") return notTaken(sync, side, taken.issue);
  const other = otherSide(side);
  // A value that each side is told is agreed on only once both have it.
  const copied = sync.pairs.filter(
    ({ fields }) => write.changed.includes(fields[side]) && !merged?.writes[other]?.changed.includes(fields[other]),
  );
  const shown = facts.shown[other];
  const from = merged && Object.fromEntries(copied.map(({ fields }) => [fields[other], shown[fields[other]] ?? null]));
  return {
    do: "write",
    action: "update",
    side,
    key,
    fields: taken.value,
    changed: write.changed,
    ...(from === undefined ? {} : { from }),
  };
}

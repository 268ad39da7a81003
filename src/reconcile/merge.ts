// Compares two linked records field by field, each side against what it showed when both last agreed, and says what each side
// should be told: a pure function. Of two edits that differ a rule decides, and the value that loses is always kept.
import { isDeepStrictEqual } from "node:util";
import { anyCase } from "../define/match-as.ts";
import { otherSide, type ConflictRule, type FieldPair, type Side } from "../define/two-way.ts";
import type { Fields } from "./decide.ts";
import { thrownText } from "../define/thrown-text.ts";
import { reasonOver } from "../mapping/shown.ts";

/** Something of each side, in the order of the sync's sides. */
export type Both<Value> = readonly [Value, Value];

export interface MergeInput {
  readonly pairs: readonly FieldPair[];
  /** The fields as each side shows them now. */
  readonly now: Both<Fields>;
  /** The fields as each side showed them when both last agreed; absent: they never did, or nobody knows any more. */
  readonly base?: Both<Fields>;
  /** The side whose record was edited later, where that is proven. */
  readonly newer?: Side;
  /** One side shows only what it was sent, for all that is known: what it made of it may be less. */
  readonly isAssumed?: boolean;
}

export interface FieldConflict {
  readonly pair: FieldPair;
  /** Both values, each as its own side has it. */
  readonly values: Both<unknown>;
  readonly base?: Both<unknown>;
  readonly rule: ConflictRule["kind"];
  /** Whose value was taken; `both`: of each something; absent: a person decides. */
  readonly winner?: Side | "both";
}

/** A field that could not be carried across. */
export interface Stuck {
  readonly pair: FieldPair;
  readonly side: Side;
  readonly reason: string;
}

/** What one side should be told. */
export interface SideWrite {
  /** All fields of the sync as this side should have them. */
  readonly fields: Fields;
  /** Those that differ from what it has, those to be emptied among them. */
  readonly changed: readonly string[];
}

export interface Merged {
  /** What each side should be told; undefined: nothing. */
  readonly writes: Both<SideWrite | undefined>;
  /**
   * What both sides agree on already, null where it is empty; a field that is still to be written keeps what was agreed on
   * before, and is not there if that was nothing. Of a union, what both have by now comes to it.
   */
  readonly base: Both<Fields>;
  readonly conflicts: readonly FieldConflict[];
  readonly stuck: readonly Stuck[];
}

/** What one field comes to. */
type Settled =
  /** Both have it; the base moves to what they show. */
  | { readonly to: "agreed" }
  /** This side's value goes to the other. */
  | { readonly to: "copy"; readonly from: Side }
  /** Each side is told a value of its own making; what both have of it already is agreed on. */
  | { readonly to: "both"; readonly values: Both<unknown>; readonly agreed: Both<readonly unknown[]> }
  | { readonly to: "park" };

export function merge({ pairs, now, base, newer, isAssumed = false }: MergeInput): Merged {
  if (base !== undefined && pairs.every((pair) => isUntouched(pair, now, base))) return { ...NOTHING, base };
  const wanted: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  const changed: [string[], string[]] = [[], []];
  const agreed: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  const conflicts: FieldConflict[] = [];
  const stuck: Stuck[] = [];

  const tell = (pair: FieldPair, side: Side, value: unknown): void => {
    const name = pair.fields[side];
    if (isAlike(pair, now[side][name], value)) return;
    changed[side].push(name);
    if (isEmpty(value)) delete wanted[side][name];
    else wanted[side][name] = value;
  };

  for (const pair of pairs) {
    const values = valuesOf(pair, now);
    const was = base === undefined || !isKept(pair, base) ? undefined : valuesOf(pair, base);
    for (const side of SIDES) if (!isEmpty(values[side])) wanted[side][pair.fields[side]] = values[side];
    const keepBase = (shown: Both<unknown> | undefined): void => {
      if (shown === undefined) return;
      for (const side of SIDES) agreed[side][pair.fields[side]] = isEmpty(shown[side]) ? null : shown[side];
    };
    const [settled, conflict] = settle({ pair, values, was, newer });
    if (conflict !== undefined) conflicts.push(conflict);
    if (settled.to === "agreed") {
      keepBase(values);
      continue;
    }
    const isJoined = settled.to === "both" && !isAssumed && (was !== undefined || settled.agreed[0].length > 0);
    keepBase(isJoined ? settled.agreed : was);
    if (settled.to === "park") continue;
    for (const side of SIDES) {
      if (settled.to === "copy" && settled.from === side) continue;
      const source = otherSide(side);
      try {
        tell(pair, side, settled.to === "both" ? settled.values[side] : carry(pair, source, values[source]));
      } catch (error) {
        stuck.push({ pair, side: source, reason: reasonOver(values[source], thrownText(error)) });
      }
    }
  }
  const write = (side: Side): SideWrite | undefined =>
    changed[side].length === 0 ? undefined : { fields: wanted[side], changed: changed[side] };
  return { writes: [write(0), write(1)], base: agreed, conflicts, stuck };
}

const NOTHING = { writes: [undefined, undefined], conflicts: [], stuck: [] } as const;

/** Both sides show what they showed when they agreed: the most there is, and the cheapest to tell. */
function isUntouched({ fields: [first, second] }: FieldPair, now: Both<Fields>, base: Both<Fields>): boolean {
  const [own, other] = [base[0][first], base[1][second]];
  // Of a field that was never agreed on nothing is kept, not even null.
  return own !== undefined && other !== undefined && sameValue(now[0][first], own) && sameValue(now[1][second], other);
}

type Outcome = readonly [settled: Settled, conflict?: FieldConflict | undefined];

interface OneField {
  readonly pair: FieldPair;
  readonly values: Both<unknown>;
  readonly was: Both<unknown> | undefined;
  readonly newer: Side | undefined;
}

function settle(field: OneField): Outcome {
  const { pair, values, was } = field;
  const edited = was === undefined ? undefined : SIDES.map((side) => !sameValue(values[side], was[side]));
  if (edited !== undefined && !edited[0] && !edited[1]) return [{ to: "agreed" }];
  if (isSameAcross(pair, values)) return [{ to: "agreed" }];
  const { from } = pair;
  if (from !== undefined) {
    const told = otherSide(from);
    // Nobody knows that it was ever filled in: nothing is taken away on the strength of that.
    if (edited === undefined && isEmpty(values[from])) return [{ to: "agreed" }];
    // Edited, or entered before this side ever told anything.
    const isOwn = edited?.[told] !== false || isEmpty(was?.[from]);
    const putBack = isOwn && !isEmpty(values[told]);
    return [{ to: "copy", from }, putBack ? conflictOf(field, "side", from) : undefined];
  }
  if (edited !== undefined && edited[0] !== edited[1]) return [{ to: "copy", from: edited[0] ? 0 : 1 }];
  // Never agreed on: what only one side has is no conflict.
  if (was === undefined && isEmpty(values[0]) !== isEmpty(values[1]))
    return [{ to: "copy", from: isEmpty(values[0]) ? 1 : 0 }];
  return byRule(pair.rule, field);
}

function byRule(rule: ConflictRule, field: OneField): Outcome {
  const { values, newer } = field;
  switch (rule.kind) {
    case "side":
      return [{ to: "copy", from: rule.side }, conflictOf(field, rule.kind, rule.side)];
    case "unless-empty": {
      const winner = isEmpty(values[rule.side]) ? otherSide(rule.side) : rule.side;
      return [{ to: "copy", from: winner }, conflictOf(field, rule.kind, winner)];
    }
    case "newest":
      if (newer === undefined) return byRule(rule.otherwise, field);
      return [{ to: "copy", from: newer }, conflictOf(field, rule.kind, newer)];
    case "greatest":
    case "least": {
      const order = compared(field);
      if (order === undefined) return [{ to: "park" }, conflictOf(field, rule.kind)];
      const winner: Side = order > 0 === (rule.kind === "greatest") ? 0 : 1;
      return [{ to: "copy", from: winner }, conflictOf(field, rule.kind, winner)];
    }
    case "union":
      return united(field);
    case "park":
      return [{ to: "park" }, conflictOf(field, rule.kind)];
  }
}

/** How the first side's value compares with the second's, both as the first has it, yes above no; undefined: they cannot be compared. */
function compared({ pair, values }: OneField): number | undefined {
  let second: unknown;
  try {
    second = carry(pair, 1, values[1]);
  } catch {
    return undefined;
  }
  const first = values[0];
  if (isEmpty(first) || isEmpty(second)) return isEmpty(first) ? -1 : 1;
  if (typeof first === "number" && typeof second === "number") return first - second;
  if (typeof first === "boolean" && typeof second === "boolean") return Number(first) - Number(second);
  if (typeof first !== "string" || typeof second !== "string") return undefined;
  if (DECIMAL.test(first) && DECIMAL.test(second)) return comparedDecimals(first, second);
  return first < second ? -1 : 1;
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** Amounts of any length, compared exactly. */
function comparedDecimals(first: string, second: string): number {
  const digits = (text: string): number => text.split(".")[1]?.length ?? 0;
  const places = Math.max(digits(first), digits(second));
  const whole = (text: string): bigint => BigInt(text.replace(".", "") + "0".repeat(places - digits(text)));
  const difference = whole(first) - whole(second);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/**
 * Lists are brought together as the first side has them; what one side took out since they last agreed stays out. A side that
 * has all of it already, in its own spelling, is told nothing: it would make the same of it again, for ever.
 */
function united(field: OneField): Outcome {
  const { pair, values, was } = field;
  try {
    const [first, second] = [listOf(values[0]), listOf(carry(pair, 1, values[1]))];
    const before = was === undefined ? [] : listOf(was[0]);
    const has = (list: readonly unknown[], item: unknown): boolean =>
      list.some((each) => isSameMember(pair, each, item));
    const kept = before.filter((item) => has(first, item) && has(second, item));
    const added = [...first, ...second].filter((item) => !has(before, item));
    const all = [...kept, ...added].filter(
      (item, index, items) => items.findIndex((each) => isSameMember(pair, each, item)) === index,
    );
    const isAll = (list: readonly unknown[]): boolean =>
      all.every((item) => has(list, item)) && list.every((item) => has(all, item));
    if (isAll(first) && isAll(second)) return [{ to: "agreed" }];
    const told = [isAll(first) ? values[0] : all, isAll(second) ? values[1] : carry(pair, 0, all)] as const;
    // Who is told first may lose some of it before the other is told: what was taken out then was there, and is not told again.
    const agreedBy = (list: readonly unknown[]): readonly unknown[] => {
      const shared = list.filter((item) => has(first, item) && has(second, item));
      return [...shared, ...before.filter((item) => !has(shared, item))];
    };
    const [own, theirs] = [agreedBy(first), agreedBy(second)];
    const isWhole = second.every((item) => has(first, item)) && theirs.length === second.length;
    const agreed = [own, isWhole ? listOf(values[1]) : listOf(carry(pair, 0, theirs))] as const;
    return [{ to: "both", values: told, agreed }, conflictOf(field, "union", "both")];
  } catch {
    return [{ to: "park" }, conflictOf(field, "union")];
  }
}

/** Systems spell the members of lists in their own way: case and white space tell no two of them apart. */
function isSameMember(pair: FieldPair, one: unknown, other: unknown): boolean {
  if (isAlike(pair, one, other)) return true;
  if (typeof one !== "string" || typeof other !== "string") return false;
  return anyCase.normal(one) === anyCase.normal(other);
}

function listOf(value: unknown): readonly unknown[] {
  if (isEmpty(value)) return [];
  if (!Array.isArray(value)) throw new TypeError("could not unite values: expected lists");
  return value as readonly unknown[];
}

function conflictOf(field: OneField, rule: ConflictRule["kind"], winner?: Side | "both"): FieldConflict {
  const { pair, values, was } = field;
  return {
    pair,
    values,
    ...(was === undefined ? {} : { base: was }),
    rule,
    ...(winner === undefined ? {} : { winner }),
  };
}

export const SIDES = [0, 1] as const;

function valuesOf({ fields }: FieldPair, shown: Both<Fields>): Both<unknown> {
  return [shown[0][fields[0]], shown[1][fields[1]]];
}

/** A side's value as the other side has it. May throw: the value cannot be carried across. */
export function carry({ across }: FieldPair, from: Side, value: unknown): unknown {
  return across === undefined || isEmpty(value) ? value : across[from](value);
}

/** Does either side's value, carried across, give the other's? Then nobody has anything to write. */
function isSameAcross(pair: FieldPair, values: Both<unknown>): boolean {
  if (pair.across === undefined) return isAlike(pair, values[0], values[1]);
  if (isEmpty(values[0]) || isEmpty(values[1])) return isEmpty(values[0]) && isEmpty(values[1]);
  return SIDES.some((side) => {
    try {
      return isAlike(pair, carry(pair, side, values[side]), values[otherSide(side)]);
    } catch {
      return false;
    }
  });
}

/** The same, or two spellings that count as the same. */
export function isAlike({ as }: FieldPair, one: unknown, other: unknown): boolean {
  if (sameValue(one, other)) return true;
  if (as === undefined || typeof one !== "string" || typeof other !== "string") return false;
  const normal = as.normal(one);
  return normal !== undefined && normal === as.normal(other);
}

/** A field that was added to the sync later was never agreed on; one that was empty is kept as null. */
function isKept({ fields }: FieldPair, base: Both<Fields>): boolean {
  return fields[0] in base[0] && fields[1] in base[1];
}

/** Providers tell what is empty in many ways; to all of them it is the same. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) && isEmpty(other);
  if (typeof one !== "object" || typeof other !== "object") return false;
  return isDeepStrictEqual(asJson(one), asJson(other));
}

/** A value as JSON keeps it, since a base went through JSON: without undefined members. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

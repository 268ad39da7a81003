// Makes a two-way sync from what people write. The sides carry their systems' names, so that the rules read aloud: `{ crm:
// "Email", marketing: "email", wins: "crm" }`.
import type { Across } from "../mapping/two-way-converter.ts";
import { refuseWrongAudit, type AuditOptions } from "./check-audit.ts";
import type { ConnectedResource } from "./connection.ts";
import { type Duration, durationMs } from "./duration.ts";
import { suggestion } from "./fault.ts";
import { called, type KnownKeys, refuseWrongKeys } from "./known-keys.ts";
import { exact, type MatchAs } from "./match-as.ts";
import type { FieldsOf, RecordOf, RemovalOf } from "./resource.ts";
import type { Owner } from "./sync.ts";
import { DELETED_SHARE_MAX, pollEveryMsFor } from "./define-sync.ts";
import type { FieldPair, MatchRule, Side, SyncSide, TwoWaySync } from "./two-way.ts";
import { ruleOf, type Wins } from "./two-way-rules.ts";

type AnyBetween = Readonly<Record<string, ConnectedResource>>;
type ResourceAt<Between, Name extends keyof Between> =
  Between[Name] extends ConnectedResource<infer Resource> ? Resource : never;
type FieldsAt<Between, Name extends keyof Between> = FieldsOf<ResourceAt<Between, Name>>;
type KeysOf<Fields> = Fields extends unknown ? keyof Fields : never;
type ValueAt<Between, Name extends keyof Between, Field> =
  FieldsAt<Between, Name> extends infer Fields
    ? Fields extends unknown
      ? Field extends keyof Fields
        ? NonNullable<Fields[Field]>
        : never
      : never
    : never;
type Other<Between, Name extends keyof Between> = Exclude<keyof Between, Name>;

/** Words that a side cannot be called, since they mean something beside the sides. */
export const RESERVED = ["as", "both", "convert", "from", "park", "unlink", "wins"] as const;

/** One field of each side, and what is said of them. */
export type PairOptions<Between> = { readonly [Name in keyof Between]: KeysOf<FieldsAt<Between, Name>> } & {
  /** Who wins when both were edited. Default: as `conflicts` says. */
  readonly wins?: Wins<keyof Between & string>;
  /** Only this side's edits go across; the other's are put back, and kept as conflicts. */
  readonly from?: keyof Between & string;
  /** Carries the value across where the sides write it differently. */
  readonly convert?: Across<keyof Between & string, any, any>;
  /** When two spellings count as equal: `as: email`. */
  readonly as?: MatchAs;
};

/** Stands where a pair's two fields have values of different types and nothing carries them across. */
export interface NeedsConvert {
  readonly "the fields have values of different types: add `convert: across(side, converter)`": never;
}

/** Stands where a converter gives what the field cannot take. */
export interface ConvertsToAnotherType<_Gives, _Takes> {
  readonly "the converter gives another type than the field takes": never;
}

/** Each pair as it was written, if its values can go across. */
type FittingPairs<Between, Pairs> = { readonly [Index in keyof Pairs]: FittingPair<Between, Pairs[Index]> };

type FittingPair<Between, Pair> =
  Pair extends Readonly<Record<keyof Between & string, unknown>>
    ? Pair extends { readonly convert: Across<infer Name, infer There, infer Back> }
      ? { readonly convert: FittingConvert<Between, Pair, Name & keyof Between, There, Back> }
      : AreAlike<Between, Pair> extends true
        ? unknown
        : { readonly convert: NeedsConvert }
    : unknown;

type ValuesOf<Between, Pair> = {
  [Name in keyof Between]: Name extends keyof Pair ? ValueAt<Between, Name, Pair[Name]> : never;
}[keyof Between];

/** Each side takes what the other has. */
type AreAlike<Between, Pair> = {
  [Name in keyof Between]: [ValuesOf<Between, Pair>] extends [
    Name extends keyof Pair ? ValueAt<Between, Name, Pair[Name]> : never,
  ]
    ? true
    : false;
}[keyof Between];

type FittingConvert<Between, Pair, Name extends keyof Between, There, Back> =
  Fits<Back, ValueOn<Between, Pair, Other<Between, Name>>> extends true
    ? Fits<There, ValueOn<Between, Pair, Name>> extends true
      ? unknown
      : ConvertsToAnotherType<There, ValueOn<Between, Pair, Name>>
    : ConvertsToAnotherType<Back, ValueOn<Between, Pair, Other<Between, Name>>>;

type ValueOn<Between, Pair, Name extends keyof Between> = Name extends keyof Pair
  ? ValueAt<Between, Name, Pair[Name]>
  : never;
type Fits<Value, Into> = [Value] extends [Into] ? true : false;

/** Stands where other than two sides are named. */
export interface TwoSidesNeeded<_Names> {
  readonly "`between` names exactly two sides": never;
}

/** Stands where a side has a name that means something else beside the sides. */
export interface ReservedName<_Name> {
  readonly "a side cannot have this name: choose the system's": never;
}

/** Of sides whose names are only known when it runs, the check of the project counts. */
type TwoSides<Between> = string extends keyof Between ? unknown : TwoKnownSides<Between>;
type TwoKnownSides<Between> = {
  readonly [Name in keyof Between]: Name extends (typeof RESERVED)[number]
    ? ReservedName<Name>
    : IsOne<Other<Between, Name>> extends true
      ? unknown
      : TwoSidesNeeded<keyof Between>;
};
type IsOne<Name> = [Name] extends [never] ? false : [Name] extends [UnionToIntersection<Name>] ? true : false;
type UnionToIntersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** What of each side's record names the same thing, and when two of them are the same. */
export type MatchOptions<Between> = {
  readonly [Name in keyof Between]: (record: RecordOf<ResourceAt<Between, Name>>) => string | number | null | undefined;
} & { /** Default: `exact`. */ readonly as?: MatchAs };

export interface TwoWaySyncOptions<Between extends AnyBetween, Pairs extends readonly unknown[]> {
  /** Lower case letters, digits and hyphens, such as "contacts". */
  readonly name: string;
  /** Why it exists, in a sentence that its owner understands. */
  readonly purpose: string;
  /** Who is told when it is behind or a record is parked: an owner, or just a name. */
  readonly owner?: Owner | string;
  /** The two sides, named after their systems. */
  readonly between: Between & TwoSides<NoInfer<Between>>;
  /**
   * How records that are not linked yet find each other; tried in order, the first that both have decides. More than one candidate
   * is never guessed among.
   */
  readonly match: readonly MatchOptions<NoInfer<Between>>[];
  /** The fields that agree. */
  readonly fields: Pairs & FittingPairs<NoInfer<Between>, NoInfer<Pairs>>;
  /** Who wins where a pair does not say. */
  readonly conflicts: Wins<keyof Between & string>;
  /** Only records of which this holds. Default: all. */
  readonly only?: { readonly [Name in keyof Between]?: (record: RecordOf<ResourceAt<Between, Name>>) => boolean };
  /** Is a record of the other side that has no counterpart on this one created here? */
  readonly create: { readonly [Name in keyof Between]: boolean };
  /** What becomes of the other side's record when this side's is deleted: one of the other's removals, "unlink" or "park". */
  readonly onDelete: {
    readonly [Name in keyof Between]: RemovalOf<ResourceAt<Between, Other<Between, Name>>> | "unlink" | "park";
  };
  /** How old a change may grow before the sync counts as behind, such as "5m". */
  readonly freshWithin: Duration;
  /** How often both sides are asked for changes. Default: half of `freshWithin`, between 5 seconds and 15 minutes. */
  readonly pollEvery?: Duration;
  /** How often both sides are listed in full, which finds what every other way missed. Default: "24h". */
  readonly everythingEvery?: Duration;
  /** Deletions of more than this share of the links at once wait for a person. Default: 0.1; up to 10 are always believed. */
  readonly deletedShareMax?: number;
  /** More writes than this to one link in this time are a loop, and parked. Default: 10 within "10m". */
  readonly writesMax?: { readonly count: number; readonly within: Duration };
  /**
   * How often both sides are compared record by record, such as "1d"; up to `repairUpTo` differences are mended by itself
   * (default 0), more are only told. Default: only when asked, with `bowline audit`.
   */
  readonly audit?: AuditOptions;
}

const TWO_WAY_SYNC_KEYS = {
  name: "required",
  purpose: "required",
  owner: "optional",
  between: "required",
  match: "required",
  fields: "required",
  conflicts: "required",
  only: "optional",
  create: "required",
  onDelete: "required",
  freshWithin: "checked",
  pollEvery: "optional",
  everythingEvery: "optional",
  deletedShareMax: "optional",
  writesMax: "optional",
  audit: "optional",
} satisfies KnownKeys<TwoWaySyncOptions<AnyBetween, readonly unknown[]>>;

// Both are told by the check of the project.
const WRITES_MAX_KEYS = { count: "checked", within: "checked" } as const;
const WRITES_MAX = { count: 10, within: "10m" } as const;

/** Declares that two resources agree, whichever of them is edited. */
export function defineTwoWaySync<const Between extends AnyBetween, const Pairs extends readonly PairOptions<Between>[]>(
  options: TwoWaySyncOptions<Between, Pairs>,
): TwoWaySync {
  const whose = called("two-way sync", options.name);
  refuseWrongKeys(whose, options, TWO_WAY_SYNC_KEYS);
  refuseWrongAudit(whose, options.audit);
  if (options.writesMax !== undefined) refuseWrongKeys(`the writesMax of ${whose}`, options.writesMax, WRITES_MAX_KEYS);
  return twoWaySync(options as unknown as Written);
}

/** The options without their types: what is wrong with them is collected, not thrown. */
interface Written extends Omit<
  TwoWaySyncOptions<AnyBetween, readonly WrittenPair[]>,
  "between" | "fields" | "match" | "only" | "create" | "onDelete"
> {
  readonly between: AnyBetween;
  readonly fields: readonly WrittenPair[];
  readonly match: readonly WrittenMatch[];
  readonly only?: Readonly<Record<string, (record: unknown) => boolean>>;
  readonly create: Readonly<Record<string, boolean>>;
  readonly onDelete: Readonly<Record<string, string>>;
}
type WrittenPair = { readonly [name: string]: unknown } & Pick<PairOptions<AnyBetween>, "wins" | "convert" | "as"> & {
    readonly from?: string;
  };
type WrittenMatch = { readonly [name: string]: unknown } & { readonly as?: MatchAs };
type Faults = { readonly place: string; readonly message: string }[];

function twoWaySync(written: Written): TwoWaySync {
  const { everythingEvery = "24h", deletedShareMax = DELETED_SHARE_MAX, writesMax = WRITES_MAX } = written;
  const { owner, freshWithin, pollEvery, audit } = written;
  const names = Object.keys(written.between);
  const faults: Faults = [];
  const duration = (place: string, given: string): number => durationOf(place, given, faults);
  const freshWithinMs = duration("freshWithin", freshWithin);
  return {
    kind: "two-way-sync",
    name: written.name,
    purpose: written.purpose,
    ...(owner === undefined ? {} : { owner: typeof owner === "string" ? { name: owner } : owner }),
    sides: [sideOf(written, names[0] ?? ""), sideOf(written, names[1] ?? "")],
    sideNames: names,
    match: written.match.map((rule) => matchOf(rule, names)),
    pairs: written.fields.map((pair) => pairOf(pair, written.conflicts, names, faults)),
    freshWithinMs,
    pollEveryMs: pollEvery === undefined ? pollEveryMsFor(freshWithinMs) : duration("pollEvery", pollEvery),
    everythingEveryMs: duration("everythingEvery", everythingEvery),
    deletedShareMax,
    writesMax: { count: writesMax.count, withinMs: duration("writesMax › within", writesMax.within) },
    ...(audit === undefined
      ? {}
      : { audit: { everyMs: duration("audit › every", audit.every), repairUpTo: audit.repairUpTo ?? 0 } }),
    faults,
  };
}

function durationOf(place: string, written: string, faults: Faults): number {
  const inMs = durationMs(written);
  if (inMs !== undefined) return inMs;
  const message = `cannot read ${JSON.stringify(written) ?? "nothing"} as a duration: expected a number above 0 with ms, s, m, h or d, such as "5m"`;
  faults.push({ place, message });
  return Number.NaN;
}

function sideOf({ between, only, create, onDelete }: Written, name: string): SyncSide {
  const holds = only?.[name];
  return {
    name,
    resource: between[name] as ConnectedResource,
    ...(holds === undefined ? {} : { only: holds }),
    creates: create[name] === true,
    onDelete: onDelete[name] ?? "",
  };
}

function matchOf(written: WrittenMatch, names: readonly string[]): MatchRule {
  const reads = names.map((name) => written[name] as (record: unknown) => unknown);
  return { read: [reads[0] ?? nothing, reads[1] ?? nothing], as: written.as ?? exact };
}

const nothing = (): undefined => undefined;

function pairOf(written: WrittenPair, conflicts: Wins<string>, names: readonly string[], faults: Faults): FieldPair {
  const { wins = conflicts, from, convert, as } = written;
  const fields = [String(written[names[0] ?? ""]), String(written[names[1] ?? ""])] as const;
  const place = `fields › ${fields.join(" ↔ ")}`;
  const named = (option: string, name: string): Side => {
    const index = names.indexOf(name);
    if (index === 0 || index === 1) return index;
    faults.push({ place: `${place} › ${option}`, message: `there is no side of this name.${suggestion(name, names)}` });
    return 0;
  };
  const rule = ruleOf(wins, names);
  if (rule === undefined) {
    const told = typeof wins === "string" ? wins : JSON.stringify(wins);
    faults.push({ place: `${place} › wins`, message: `cannot tell who wins by ${told}.${suggestion(told, names)}` });
  }
  return {
    fields,
    rule: rule ?? { kind: "park" },
    ...(from === undefined ? {} : { from: named("from", from) }),
    ...(as === undefined ? {} : { as }),
    ...(convert === undefined ? {} : carried(convert, named("convert", convert.side))),
  };
}

function carried(
  { converter }: Across<string, unknown, unknown>,
  side: Side,
): Required<Pick<FieldPair, "across" | "converter">> {
  const there = (value: unknown): unknown => converter.there(value);
  const back = (value: unknown): unknown => converter.back(value);
  return {
    across: side === 0 ? [there, back] : [back, there],
    converter: { rule: converter.rule, side, examples: converter.examples },
  };
}

// What `map` is given to write rules with, and what it has to give back.
import type { ConvertedRule, FieldRule, Mutable, OptionalRule, Rule, TableRule } from "./rule.ts";
import type { Named } from "./rule-node.ts";

/**
 * The tools for a record or, inside `each`, for one of its items. Every accessor is a plain function of that; its second
 * argument is the whole record, so that a line can look at its order.
 */
export interface Tools<Source, Record = Source> {
  /** The value as it is. */
  field<Value>(read: (source: Source, record: Record) => Value): FieldRule<Value, NonNullable<Value>>;
  /** The value, converted; a converter that throws parks the record. */
  field<Value, T>(
    read: (source: Source, record: Record) => Value,
    convert: (value: NonNullable<Value>) => T,
  ): ConvertedRule<Value, T>;
  /** The same value for every record. */
  constant<const T>(value: T): Rule<Mutable<T>>;
  /** One entry for each source value that has an equivalent; `otherwise` answers for those that have none. */
  table<Value extends string | null | undefined, Keys extends NonNullable<Value>, const T>(
    read: (source: Source, record: Record) => Value,
    entries: { readonly [Key in Keys]: T },
  ): TableRule<Value, Keys, Mutable<T>>;
  /** The key of the record that `sync` made of the record with this key; waits until there is one. */
  link<Key extends string | null | undefined>(
    sync: Named | (() => Named),
    read: (source: Source, record: Record) => Key,
  ): FieldRule<Key, string>;
  /** The same, shaped: `(key) => ({ value: key })`. */
  link<Key extends string | null | undefined, const T>(
    sync: Named | (() => Named),
    read: (source: Source, record: Record) => Key,
    as: (targetKey: string) => T,
  ): FieldRule<Key, Mutable<T>>;
  /** A list with one element for each item. */
  each<Item, T, Names extends PropertyKey>(
    read: (source: Source, record: Record) => readonly Item[],
    rules: (tools: Tools<Item, Record>) => RulesMissing<Unruled<T, Names>, T, Names>,
  ): Rule<readonly T[]>;
  /** A list with one element, made from the record (or item) itself. */
  one<T>(rules: NoInfer<RulesFor<T>>): Rule<readonly T[]>;
  /** A list with one element made from what is read, or with none where that is null: a shipping line, a discount line. */
  one<Item, T, Names extends PropertyKey>(
    read: (source: Source, record: Record) => Item,
    rules: (tools: Tools<NonNullable<Item>, Record>) => RulesMissing<Unruled<T, Names>, T, Names>,
  ): Rule<readonly T[]>;
  /** The list where the predicate holds, else none. */
  when<T>(predicate: (source: Source, record: Record) => boolean, list: OptionalRule<readonly T[]>): Rule<readonly T[]>;
  /** Several lists, one after the other. */
  concat<T>(...lists: readonly OptionalRule<readonly T[]>[]): Rule<readonly T[]>;
  /** An object whose fields have rules of their own. */
  object<T>(rules: NoInfer<RulesFor<T>>): Rule<T>;
}

/** A rule for each field: for one that may be left out, there may be none. */
export type RulesFor<Fields> = {
  readonly [Name in keyof Fields]: {} extends Pick<Fields, Name>
    ? OptionalRule<Lists<Exclude<Fields[Name], undefined>>>
    : Rule<Lists<Exclude<Fields[Name], undefined>>>;
};

/**
 * The same, and no rule for a field that the target does not have. `Names` are those that were written; `_Missing` only
 * names, in the compiler's message, the fields that still need a rule.
 */
export type RulesMissing<_Missing, Fields, Names extends PropertyKey> = RulesFor<NoInfer<Fields>> &
  KnownNames<Fields, Names>;

/** The required fields that are not among these names. */
export type Unruled<Fields, Names extends PropertyKey> = Exclude<Required<Fields>, Names>;

type KnownNames<Fields, Names extends PropertyKey> = {
  readonly [Name in Names]: Name extends NamesOf<Fields> ? unknown : NoSuchField<Name>;
};

/** Stands where a rule was written for a field that the target does not have. */
export interface NoSuchField<_Name> {
  readonly "the target has no field of this name": never;
}

type NamesOf<Fields> = Fields extends unknown ? keyof Fields : never;

type Required<Fields> = { [Name in keyof Fields]-?: {} extends Pick<Fields, Name> ? never : Name }[keyof Fields];

/** Lists are compared as read-only ones, since rules never change them. */
type Lists<T> = T extends readonly (infer Item)[] ? readonly Item[] : T;

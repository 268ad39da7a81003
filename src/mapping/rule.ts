// Rules as the compiler sees them. A rule that leaves a question open is another type than a rule, and its type says the
// question: the compiler's message is the one place where everybody reads it.

declare const gives: unique symbol;

/** May leave its field out: fits only where the target's field is optional. */
export interface OptionalRule<T> {
  readonly [gives]: T;
}

/** Gives a value for every record, or parks the record. */
export interface Rule<T> extends OptionalRule<T> {
  readonly "always gives a value": true;
}

/** The source value may be null or absent, and nobody has said what then. */
export interface NullableRule<
  T,
  Omits extends boolean = false,
  _Hint = "this source value may be null: add .or(…), .orOmit() or .orPark(…)",
> {
  /** Uses this value instead. Only for null and absent values: 0, false and "" are values. */
  or<const Instead>(value: Instead): Answered<T | Mutable<Instead>, Omits>;
  /** Leaves the field out. */
  orOmit(): OptionalRule<T>;
  /** Parks the record for its owner, with this reason. */
  orPark(reason?: string): Answered<T, Omits>;
}

/** Some source values have no entry in the table, and nobody has said what then. */
export interface UnmatchedRule<
  T,
  Omits extends boolean = false,
  _Hint = "some source values have no entry: add .otherwise(…), .otherwise.omit() or .otherwise.park(…)",
> {
  readonly otherwise: {
    /** Uses this value for every source value without an entry. */
    <const Instead>(value: Instead): Answered<T | Mutable<Instead>, Omits>;
    /** Parks a record whose value has no entry, with this reason. */
    park(reason?: string): Answered<T, Omits>;
    /** Leaves the field out. */
    omit(): OptionalRule<T>;
  };
}

/** Both questions are open; either may be answered first. */
export interface NullableUnmatchedRule<
  T,
  Omits extends boolean = false,
  _Hint =
    "this source value may be null: add .or(…), .orOmit() or .orPark(…); and some values have no entry: add .otherwise(…)",
> {
  readonly otherwise: {
    <const Instead>(value: Instead): NullableRule<T | Mutable<Instead>, Omits>;
    park(reason?: string): NullableRule<T, Omits>;
    omit(): NullableRule<T, true>;
  };
  or<const Instead>(value: Instead): UnmatchedRule<T | Mutable<Instead>, Omits>;
  orOmit(): UnmatchedRule<T, true>;
  orPark(reason?: string): UnmatchedRule<T, Omits>;
}

type Answered<T, Omits extends boolean> = Omits extends true ? OptionalRule<T> : Rule<T>;

/** What reading `Value` and converting it to `T` makes: a rule, or a rule with an open question. */
export type FieldRule<Value, T> = MayBeNull<Value> extends true ? NullableRule<T> : Rule<T>;

/** The same for a table; `Keys` are its entries. */
export type TableRule<Value, Keys extends string, T> = [NonNullable<Value>] extends [Keys]
  ? FieldRule<Value, T>
  : MayBeNull<Value> extends true
    ? NullableUnmatchedRule<T>
    : UnmatchedRule<T>;

/** A converter may give null too: that is a missing value like any other. */
export type ConvertedRule<Value, T> = MayBeNull<T> extends true ? NullableRule<NonNullable<T>> : FieldRule<Value, T>;

type MayBeNull<Value> = null extends Value ? true : undefined extends Value ? true : false;

/** Undoes the `readonly` arrays that constants are inferred with: targets take plain arrays. */
export type Mutable<T> = T extends readonly unknown[]
  ? { -readonly [Index in keyof T]: Mutable<T[Index]> }
  : T extends object
    ? { [Name in keyof T]: Mutable<T[Name]> }
    : T;

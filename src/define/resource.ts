// One kind of record at a provider: how it is read, how a change of it shows, and how safely it is written.
import type { Api } from "./connector.ts";
import type { CallFailed } from "./outcome.ts";
import type { Schema } from "./schema.ts";

/** One page of a listing. `next` is where the next page begins; absent: this was the last. */
export interface Page<Record> {
  readonly records: readonly Record[];
  /** Keys of records that the provider says were deleted. One that we know and can read is read before it is believed. */
  readonly deleted?: readonly string[];
  readonly next?: string;
  /**
   * The provider itself says that it showed what changed up to this time by its own clock, in milliseconds since 1970, and no
   * further. The next changes are asked for from here.
   */
  readonly coveredUntil?: number;
  /** `changes` only: the provider could not tell of all deletions; a complete listing is made soon. */
  readonly deletionsIncomplete?: boolean;
  /** The provider still prepares what `next` will give: ask for it after this many milliseconds. */
  readonly nextInMs?: number;
}

export interface PageQuery {
  /** Only records changed at or after this time, in milliseconds since 1970. The engine already took the overlap off. */
  readonly since: number;
  /** The `next` of the page before; absent: the first page. One that the provider refuses begins the listing anew. */
  readonly cursor?: string;
}

/** How a listing goes from page to page: by a number of records, a number of pages, the provider's cursor, or the last key. */
export type Paging = "offset" | "page" | "cursor" | "keyset" | "none";

/** Reads what changed since a time; one page a call. */
export interface Changes<Record> {
  /** Told in the table of connectors. */
  readonly paging?: Paging;
  page(api: Api, query: PageQuery): Promise<Page<Record>>;
  /**
   * How far before the last scan's beginning the next one starts, in milliseconds: search lag, truncated seconds, and how far
   * the provider's clock may jump. When the scan began is told by our clock or by the provider's header Date, whichever says
   * earlier, so a clock that is only off needs nothing where answers have one.
   */
  readonly overlapMs: number;
  /** How far back the provider can look, in milliseconds; a longer gap is filled by `everything`. Default: any. */
  readonly lookbackMaxMs?: number;
  /** Does it also tell of deletions? */
  readonly tellsDeletions?: boolean;
}

/** Reads all there is; one page a call. Only a complete listing may prove that a record is gone. */
export interface Everything<Record> {
  readonly paging?: Paging;
  page(api: Api, query: { readonly cursor?: string }): Promise<Page<Record>>;
}

/**
 * Reads records as they are now. A key that is not in the answer does not exist, unless others are in it that were not asked for and
 * that neither `formerKeys` nor `successors` explains: a one-way sync believes no such answer.
 */
export interface Read<Record> {
  /** The most keys one call takes. */
  readonly keysMax: number;
  records(api: Api, keys: readonly string[]): Promise<readonly Record[]>;
  /** Of keys that are not there: those that were merged away, each with the key of the record that took it up. */
  successors?(api: Api, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Where this account may be shown only some of the records that there are, as with orders of the last 60 days alone: tells of which
   * keys that is so. That such a one is neither listed nor answered does not mean that it is gone.
   */
  hidden?(api: Api): Promise<(key: string) => boolean>;
}

/** What a write left at the provider. */
export interface Written<Record> {
  readonly key: string;
  readonly version?: string;
  /** The record as the provider returned it, when it did. */
  readonly record?: Record;
}

/** One write, named so that it can be repeated or looked up. */
export interface WriteOrder<Fields> {
  /** The same over every repetition of this write; at most 36 characters of [A-Za-z0-9_-]. */
  readonly idempotencyKey: string;
  readonly fields: Fields;
}

export interface UpdateOrder<Fields, Record> extends WriteOrder<Fields> {
  readonly key: string;
  /** The names of the top-level fields that differ from the base. */
  readonly changed: readonly (keyof Fields & string)[];
  /** The version last seen at the target, when it gives one. */
  readonly version?: string;
  /** The target's record as last returned by it. */
  readonly record?: Record;
}

export interface RemoveOrder {
  readonly idempotencyKey: string;
  readonly key: string;
  readonly version?: string;
}

/**
 * What makes a repeated write safe, for each way of writing:
 * - `idempotency-key`: the provider knows the key for `retentionMs` and answers a repetition with the first answer. It is not
 *   relied on in the last hour of that; after it a `lookup` is asked, or a person.
 * - `upsert`: writing the same twice leaves one record.
 * - `lookup`: a written record can be found again (by a natural or stamped key); it shows up within `lagMs`.
 * - `none`: nothing can be found again; an unknown outcome is parked for a person.
 */
export type Safety =
  | { readonly kind: "idempotency-key"; readonly retentionMs: number }
  | { readonly kind: "upsert" }
  | { readonly kind: "lookup"; readonly lagMs: number }
  | { readonly kind: "none" };

/** An idempotency key is no longer trusted this long before the provider may forget it, in milliseconds. */
export const KEY_MARGIN_MS = 3_600_000;

/** What became of each order, in their order: what it left, or why it failed by itself. */
export type WrittenEach<Result> = readonly (Result | CallFailed)[];

/**
 * Many writes in one call. Only where an order among others is as safe as by itself: where each carries its own key, its
 * external id, or can be looked up. A key that covers the call as a whole does not do, for each order is repeated alone.
 * Rejects with `CallFailed` where the call as a whole failed: when that is `unknown`, all of them are.
 */
export interface WriteTogether<Record, Fields, Removal extends string = string> {
  /** The most orders in one call. */
  readonly most: number;
  create?(api: Api, orders: readonly WriteOrder<Fields>[]): Promise<WrittenEach<Written<Record>>>;
  update?(api: Api, orders: readonly UpdateOrder<Fields, Record>[]): Promise<WrittenEach<Written<Record>>>;
  readonly removals?: {
    readonly [Way in Removal]?: (
      api: Api,
      orders: readonly RemoveOrder[],
    ) => Promise<WrittenEach<Written<Record> | undefined>>;
  };
}

export interface Write<Record, Fields, Removal extends string = string> {
  /** The fields that can be written, with those that a new record must have. */
  readonly fields: Schema<Fields>;
  readonly safety: Safety;
  /**
   * An update that names another version than the record has is refused as a `conflict`. Default false: a two-way sync reads
   * the record once more before it writes, so that an edit of which nobody told yet is not written over.
   */
  readonly guarded?: boolean;
  create(api: Api, order: WriteOrder<Fields>): Promise<Written<Record>>;
  /** Absent: the provider does not let this be changed. */
  update?(api: Api, order: UpdateOrder<Fields, Record>): Promise<Written<Record>>;
  /** Each way of taking a record out of use, by its name: "delete", "void", "deactivate". */
  readonly removals?: {
    readonly [Way in Removal]: (api: Api, order: RemoveOrder) => Promise<Written<Record> | undefined>;
  };
  /** The same for many orders that are ready at the same moment. A lone order still goes by itself. */
  readonly together?: WriteTogether<Record, Fields, Removal>;
  /** Finds what `create` with this order may have left, or an equal natural key from before: every candidate. */
  lookup?(api: Api, order: WriteOrder<Fields>): Promise<readonly Written<Record>[]>;
  /**
   * The fields as this record shows them, for the base: what the provider trimmed, rounded or normalised then does not
   * look like a change. Absent: the fields that were sent are the base.
   */
  fieldsOf?(record: Record): Partial<Fields>;
}

export interface Resource<Record = any, Fields = any, Removal extends string = string> {
  /** Plural, lower camel case, such as "orders". */
  readonly name: string;
  readonly schema: Schema<Record>;
  key(record: Record): string;
  /**
   * The record's version: text that sorts as its versions do (an ISO time in UTC, a padded number). Absent: the provider
   * gives none.
   */
  version?(record: Record): string | undefined;
  /**
   * Two different bodies never share a version (a counter, an exact stamp): a listed record that has the version we know is
   * not compared. Not for times cut to seconds. Default false.
   */
  readonly versionExact?: boolean;
  /**
   * When the record was last changed, in milliseconds since 1970, by the clock named `clock`. Of two edits the later one is only
   * known where both sides name the same clock.
   */
  changedAt?(record: Record): number | undefined;
  /** Whose clock stamps the changes. Resources of one system that share it name it alike. */
  readonly clock?: string;
  /** Ids that lead to this record since it took up the records that had them: what was merged away. */
  formerKeys?(record: Record): readonly string[];
  /**
   * Was the last change made under our own name? Only a hint: an automation that our write set off acts under it too, so that
   * nothing is decided by it.
   */
  changedByUs?(record: Record): boolean;
  /** How people know the record, such as "#1001". Only for them: one that is no text, or throws, is none. */
  title?(record: Record): string | undefined;
  readonly read?: Read<Record>;
  readonly changes?: Changes<Record>;
  readonly everything?: Everything<Record>;
  readonly write?: Write<Record, Fields, Removal>;
  /** Keep the last seen body (`body`, the default), or only its hash and read it again when it is needed. */
  readonly keep?: "body" | "hash";
}

/** The fields of a resource without a `write`: a sync that writes to it does not compile, and its error says this. */
export interface ReadOnlyResource {
  readonly "this resource can only be read": never;
}

export type RecordOf<R> = R extends Resource<infer Record, any, any> ? Record : never;
/** What can be written. */
export type FieldsOf<R> = R extends Resource<any, infer Fields, any> ? Fields : never;
/** The ways of taking a record of this resource out of use. */
export type RemovalOf<R> = R extends Resource<any, any, infer Removal> ? Removal : never;

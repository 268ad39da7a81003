// Makes a sync from what people write: reads its durations, compiles its mapping, fills in what was left open.
import { defineMapping } from "../mapping/define-mapping.ts";
import type { Mapping } from "../mapping/mapping.ts";
import type { RulesMissing, Tools, Unruled } from "../mapping/tools.ts";
import { refuseWrongAudit, type AuditOptions } from "./check-audit.ts";
import type { ConnectedResource } from "./connection.ts";
import { type Duration, durationMs } from "./duration.ts";
import { called, type KnownKeys, refuseWrongKeys } from "./known-keys.ts";
import type { Resource } from "./resource.ts";
import type { Owner, Sync } from "./sync.ts";

export const DELETED_SHARE_MAX = 0.1;
const POLL_EVERY_MS_MIN = 5_000;
const POLL_EVERY_MS_MAX = 15 * 60_000;

export interface SyncOptions<Record, Fields, Removal extends string, Names extends PropertyKey> {
  /** Lower case letters, digits and hyphens, such as "orders-to-invoices". */
  readonly name: string;
  /** Why it exists, in a sentence that its owner understands. */
  readonly purpose: string;
  /** Who is told when it is behind or a record is parked: an owner, or just a name. */
  readonly owner?: Owner | string;
  readonly from: ConnectedResource<Resource<Record, any, any>>;
  readonly to: ConnectedResource<Resource<any, Fields, Removal>>;
  /** Only records of which this holds. Default: all. */
  readonly only?: (record: Record) => boolean;
  /** How old a change may grow before the sync counts as behind, such as "5m". */
  readonly freshWithin: Duration;
  /** A rule for each target field. */
  readonly map: (tools: Tools<Record>) => RulesMissing<Unruled<Fields, Names>, Fields, Names>;
  /** What becomes of the target record when the source record is deleted: one of the target's removals, "keep" or "park". */
  readonly onDelete: NoInfer<Removal> | "keep" | "park";
  /** When the target already has a record with this natural key: park it for a person (the default), or link to it. */
  readonly onExisting?: "park" | "link";
  /** What becomes of the target record when `only` no longer holds. Default: "keep". */
  readonly onOutOfScope?: NoInfer<Removal> | "keep";
  /** How often the source is asked for changes. Default: half of `freshWithin`, between 5 seconds and 15 minutes. */
  readonly pollEvery?: Duration;
  /** Removals of more than this share of the links within an hour wait for a person. Default: 0.1; up to 10 never wait. */
  readonly deletedShareMax?: number;
  /** How often the source is listed in full, which finds what every other way missed. Default: "24h". */
  readonly everythingEvery?: Duration;
  /**
   * How often both sides are compared record by record, such as "1d"; up to `repairUpTo` differences are mended by itself
   * (default 0), more are only told. Default: only when asked, with `bowline audit`.
   */
  readonly audit?: AuditOptions;
}

const SYNC_KEYS = {
  name: "required",
  purpose: "required",
  owner: "optional",
  from: "checked",
  to: "checked",
  only: "optional",
  freshWithin: "checked",
  map: "required",
  onDelete: "checked",
  onExisting: "optional",
  onOutOfScope: "optional",
  pollEvery: "optional",
  deletedShareMax: "optional",
  everythingEvery: "optional",
  audit: "optional",
} satisfies KnownKeys<SyncOptions<any, any, any, any>>;

/**
 * Declares that two resources agree. A target field without a rule, and every question that a rule leaves open, is a
 * compile error.
 */
export function defineSync<Record, Fields, Removal extends string, Names extends PropertyKey>(
  options: SyncOptions<Record, Fields, Removal, Names>,
): Sync {
  refuseWrongKeys(called("sync", options.name), options, SYNC_KEYS);
  refuseWrongAudit(called("sync", options.name), options.audit);
  const {
    everythingEvery = "24h",
    deletedShareMax = DELETED_SHARE_MAX,
    onExisting = "park",
    onOutOfScope = "keep",
  } = options;
  const { owner, only, freshWithin, pollEvery, audit } = options;
  const freshWithinMs = durationMs(freshWithin) ?? Number.NaN;
  const pollEveryMs = pollEvery === undefined ? pollEveryMsFor(freshWithinMs) : (durationMs(pollEvery) ?? Number.NaN);
  const durations = {
    freshWithin,
    everythingEvery,
    ...(pollEvery === undefined ? {} : { pollEvery }),
    ...(audit === undefined ? {} : { "audit › every": audit.every }),
  };
  return {
    kind: "sync",
    name: options.name,
    purpose: options.purpose,
    ...(owner === undefined ? {} : { owner: typeof owner === "string" ? { name: owner } : owner }),
    from: options.from,
    to: options.to,
    ...(only === undefined ? {} : { only: only as (record: unknown) => boolean }),
    freshWithinMs,
    pollEveryMs,
    everythingEveryMs: durationMs(everythingEvery) ?? Number.NaN,
    mapping: defineMapping<Record, Fields, Names>(options.map) as Mapping,
    onDelete: options.onDelete,
    onExisting,
    onOutOfScope,
    deletedShareMax,
    ...(audit === undefined
      ? {}
      : { audit: { everyMs: durationMs(audit.every) ?? Number.NaN, repairUpTo: audit.repairUpTo ?? 0 } }),
    unreadable: Object.fromEntries(
      Object.entries(durations).filter(([, written]) => durationMs(written) === undefined),
    ),
  };
}

export function pollEveryMsFor(freshWithinMs: number): number {
  return Math.min(POLL_EVERY_MS_MAX, Math.max(POLL_EVERY_MS_MIN, Math.round(freshWithinMs / 2)));
}

// What is known of the two records of a pair, and of the link between them, in the order of the sync's sides.
import type { Resource } from "../define/resource.ts";
import type { Side, TwoWaySync } from "../define/two-way.ts";
import type { Claim, KnownRecord, Link } from "../store/store.ts";
import type { Plants } from "../world/plant.ts";
import type { Fields } from "./decide.ts";
import type { Both } from "./merge.ts";

/** What the engine has to know of a link besides what both sides agreed on. */
export interface PairState {
  /** This side's record is gone, and the other stays: it is not taken for a new one. */
  readonly gone?: Side;
  /** This side's record was taken out of use by us, because the other one was gone: that is no wish of its users. */
  readonly removed?: Side;
  /** When the pair was last written, for the loop breaker. */
  readonly writes?: readonly number[];
  /**
   * What was last written, where the provider returned nothing of it: read with just this version, a side shows what the provider
   * made of it; with another one it was edited since.
   */
  readonly sent?: { readonly side: Side; readonly version: string; readonly fields: readonly string[] };
}

/** The side of a row whose record is not linked. */
export const sideOfClaim = ({ side }: Claim): Side => side ?? 0;

/** The keys of both sides, as far as there are any. */
export function keysOf({ key, side, other }: Claim): Both<string | undefined> {
  return side === 1 ? [undefined, key] : [key, other?.key];
}

export function recordsOf({ record, side, other }: Claim): Both<KnownRecord | undefined> {
  return side === 1 ? [undefined, record] : [record, other?.record];
}

/** The claim, with what was learnt of one side's record. */
export function withRecord(claim: Claim, side: Side, record: KnownRecord): Claim {
  if (side === sideOfClaim(claim)) return { ...claim, record };
  return claim.other === undefined ? claim : { ...claim, other: { ...claim.other, record } };
}

/** Deleted, or part of another record now. */
export const isGone = (record: KnownRecord | undefined): boolean =>
  record?.deleted === true || record?.movedTo !== undefined;

/** The sides that have to be read before anything is decided. */
export function staleSides({ sides }: TwoWaySync, claim: Claim, plants: Plants): readonly Side[] {
  const keys = keysOf(claim);
  const records = recordsOf(claim);
  const isMerging = ({ formerKeys, read }: Resource): boolean =>
    !plants.has("delete-from-partial-listing") && (formerKeys !== undefined || read?.successors !== undefined);
  return ([0, 1] as const).filter((side) => {
    if (keys[side] === undefined) return false;
    const record = records[side];
    return isStale(record) || (isMerging(sides[side].resource.resource) && isNewlyGone(claim, side));
  });
}

/** It is said to be deleted, and nobody asked yet whether another record took it up. */
function isNewlyGone(claim: Claim, side: Side): boolean {
  const [record, other] = [recordsOf(claim)[side], recordsOf(claim)[side === 0 ? 1 : 0]];
  if (record?.deleted !== true || record.movedTo !== undefined || claim.link === undefined) return false;
  return other?.deleted !== true && stateIn(claim.link).gone !== side;
}

function isStale(record: KnownRecord | undefined): boolean {
  return record === undefined || record.stale > 0 || (record.body === undefined && !record.deleted);
}

/** The fields of the sync that a record shows; nothing of one that is not there. */
export function shownBy({ sides, pairs }: TwoWaySync, side: Side, body: unknown): Fields {
  if (body === undefined) return {};
  const { resource } = sides[side].resource;
  const shown = resource.write?.fieldsOf?.(body) as Fields | undefined;
  if (shown === undefined)
    throw new Error(`${sides[side].resource.id} shows no fields: expected a write with fieldsOf`);
  const fields: Record<string, unknown> = {};
  for (const pair of pairs) fields[pair.fields[side]] = shown[pair.fields[side]];
  return fields;
}

export function bothShown(sync: TwoWaySync, bodies: Both<unknown>): Both<Fields> {
  return [shownBy(sync, 0, bodies[0]), shownBy(sync, 1, bodies[1])];
}

/** What both sides agreed on, as each showed it; undefined: they never did. */
export function baseIn(link: Link | undefined): Both<Fields> | undefined {
  return link === undefined || link.base === "null" ? undefined : (JSON.parse(link.base) as Both<Fields>);
}

export function stateIn(link: Link | undefined): PairState {
  return link?.state === undefined ? {} : (JSON.parse(link.state) as PairState);
}

/** The base, with what the provider made of the last write in place of what was sent. */
export function settledBase(claim: Claim, shown: Both<Fields>): Both<Fields> | undefined {
  const base = baseIn(claim.link);
  const { sent } = stateIn(claim.link);
  if (base === undefined || sent === undefined || recordsOf(claim)[sent.side]?.version !== sent.version) return base;
  const settled: [Fields, Fields] = [...base];
  const made = sent.fields.map((name) => [name, shown[sent.side][name] ?? null] as const);
  settled[sent.side] = { ...base[sent.side], ...Object.fromEntries(made) };
  return settled;
}

/** The pair's link from now on. */
export function linkOf(targetKey: string, base: Both<Fields> | undefined, state: PairState): Link {
  const text = JSON.stringify(state);
  return {
    targetKey,
    base: base === undefined ? "null" : JSON.stringify(base),
    recordHash: "",
    ...(text === "{}" ? {} : { state: text }),
  };
}

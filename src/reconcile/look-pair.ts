// Reads what may have changed on either side of claimed pairs, many keys a call, each side through its own caller.
import type { Api } from "../define/connector.ts";
import type { Outcome } from "../define/outcome.ts";
import type { Side, TwoWaySync } from "../define/two-way.ts";
import type { Claim, RequestEntry, Store } from "../store/store.ts";
import type { Plants } from "../world/plant.ts";
import { look, type Looked } from "./look.ts";
import { SIDES, type Both } from "./merge.ts";
import { keysOf, recordsOf, staleSides, withRecord } from "./pair-facts.ts";

/** A claim with the parsed bodies of both sides. */
export interface SeenPair {
  readonly claim: Claim;
  readonly bodies: Both<unknown>;
  /** Which of them were read just now. */
  readonly read: Both<boolean>;
}

export interface NotRead {
  readonly claim: Claim;
  readonly outcome: Outcome;
  readonly requests: readonly RequestEntry[];
}

export interface LookPairOptions {
  readonly store: Store;
  readonly sync: TwoWaySync;
  readonly claims: readonly Claim[];
  readonly plants: Plants;
  /** Sides that are read whether they are stale or not. */
  readonly besides?: ReadonlyMap<Claim, Side>;
  /** An API of a side whose requests are logged into `entries`. */
  readonly api: (side: Side, entries: RequestEntry[]) => Api;
  readonly now: () => number;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
}

export async function lookPairs(
  options: LookPairOptions,
): Promise<{ readonly seen: readonly SeenPair[]; readonly failed: readonly NotRead[] }> {
  const found = await Promise.all(SIDES.map((side) => lookAtSide(options, side)));
  const seen: SeenPair[] = [];
  const failed: NotRead[] = [];
  for (const claim of options.claims) {
    const looked = SIDES.map((side) => found[side]?.get(keysOf(claim)[side] ?? ""));
    const not = looked.flatMap((one) => (one?.kind === "failed" ? [one] : []));
    if (not[0] === undefined) seen.push(pairOf(claim, looked));
    else failed.push({ claim, outcome: not[0].outcome, requests: not.flatMap(({ requests }) => requests) });
  }
  return { seen, failed };
}

async function lookAtSide(options: LookPairOptions, side: Side): Promise<ReadonlyMap<string, Looked>> {
  const { store, sync, claims, besides, api, now, wakeSyncs } = options;
  const isWanted = (claim: Claim): boolean =>
    besides?.get(claim) === side || staleSides(sync, claim, options.plants).includes(side);
  const wanted = claims.filter(isWanted).map((claim) => asAlone(claim, side));
  if (wanted.length === 0) return new Map();
  const from = sync.sides[side].resource;
  return look({
    store,
    from,
    sync: sync.name,
    claims: wanted,
    api: (entries) => api(side, entries),
    now,
    wakeSyncs,
    follows: true,
  });
}

/** One side of the pair, as if it were claimed by itself. */
function asAlone(claim: Claim, side: Side): Claim {
  const { record: _first, other: _second, ...rest } = claim;
  const record = recordsOf(claim)[side];
  return { ...rest, key: keysOf(claim)[side] ?? "", ...(record === undefined ? {} : { record }) };
}

function pairOf(claim: Claim, looked: readonly (Looked | undefined)[]): SeenPair {
  let known = claim;
  const bodies = SIDES.map((side) => {
    const one = looked[side];
    if (one?.kind !== "record") return bodyIn(claim, side);
    known = withRecord(known, side, one.record);
    return one.body;
  });
  const read: Both<boolean> = [looked[0]?.kind === "record", looked[1]?.kind === "record"];
  return { claim: known, bodies: [bodies[0], bodies[1]], read };
}

/** What is known already needs no reading. */
export function seenPair(claim: Claim): SeenPair {
  return { claim, bodies: [bodyIn(claim, 0), bodyIn(claim, 1)], read: [false, false] };
}

function bodyIn(claim: Claim, side: Side): unknown {
  const record = recordsOf(claim)[side];
  return record?.body === undefined || record.deleted ? undefined : JSON.parse(record.body);
}

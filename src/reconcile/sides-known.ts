// How well the other side of a record is known that may be created there: listed, looked at, and asked for what changed since
// the record came.
import type { Side, TwoWaySync } from "../define/two-way.ts";
import type { Claim, Store } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import { CreationWanted } from "./creation-wanted.ts";
import type { SideKnown } from "./decide-alone.ts";
import { SIDES } from "./merge.ts";
import { sideOfClaim } from "./pair-facts.ts";

/**
 * How often a record that is to be created waits for what changed on the other side meanwhile: for about an hour. While that side is
 * down nothing could be created there anyway; but where only its listing is, creating goes on in the end.
 */
const ASKED_WAITS_MAX = 300;

export interface SidesKnownParts {
  readonly sync: TwoWaySync;
  readonly store: Store;
  readonly clock: Clock;
  /** Asks a resource now for what changed. */
  readonly askChanges: (resource: string) => void;
}

export class SidesKnown {
  readonly #parts: SidesKnownParts;
  /** Sides that were listed whole once, and since the file of state was restored, if it was. */
  readonly #listed = new Set<Side>();
  readonly #wanted = new CreationWanted();

  constructor(parts: SidesKnownParts) {
    this.#parts = parts;
  }

  /** How well the other side of each of these is known, which may be created there. */
  async of(claims: readonly Claim[]): Promise<ReadonlyMap<Claim, SideKnown>> {
    const { sides } = this.#parts.sync;
    const known = new Map<Claim, SideKnown>();
    for (const side of SIDES) {
      const creating = claims.filter((claim) => sideOfClaim(claim) !== side);
      if (creating.length > 0 && sides[side].creates) await this.#know(side, creating, known);
    }
    return known;
  }

  /** It was found or is being made, or is wanted no more. */
  ended(claim: Claim): void {
    this.#wanted.ended(claim);
  }

  /**
   * Somebody may have made the counterpart there in the same moment, and nobody told yet: what changed there is asked for after
   * the record came, and before another one is made.
   */
  async #know(side: Side, claims: readonly Claim[], known: Map<Claim, SideKnown>): Promise<void> {
    const { sync, askChanges, clock } = this.#parts;
    const now = clock.now();
    // First up to when it was listed, then whether all that was listed is looked at: the other way round a record falls between.
    const listedUntil = await this.#listedUntil(side);
    const isLookedAt = await this.#isListed(side);
    let isToAsk = false;
    for (const claim of claims) {
      const wantedSince = this.#wanted.since(claim, now);
      const isAsked = listedUntil >= wantedSince || claim.waits >= ASKED_WAITS_MAX;
      if (!isAsked) isToAsk = true;
      known.set(claim, !isLookedAt ? "in-part" : isAsked ? "whole" : "asked");
    }
    if (isLookedAt && isToAsk) askChanges(sync.sides[side].resource.id);
  }

  /** Up to when it was listed what is there; without a listing of changes nobody waits for the next one. */
  async #listedUntil(side: Side): Promise<number> {
    const { sync, store } = this.#parts;
    const { id, resource } = sync.sides[side].resource;
    if (resource.changes === undefined) return Number.POSITIVE_INFINITY;
    const listed = await Promise.all([store.scan(id, "changes"), store.scan(id, "everything")]);
    return Math.max(...listed.map((scan) => scan?.completeAt ?? 0));
  }

  /** Is all of this side known, and what each of its records is found by? */
  async #isListed(side: Side): Promise<boolean> {
    const { sync, store } = this.#parts;
    const { id, resource } = sync.sides[side].resource;
    if (!this.#listed.has(side)) {
      const kind = resource.everything === undefined ? "changes" : "everything";
      const scan = await store.scan(id, kind);
      if (scan?.completeAt === undefined || (await store.restored())?.doubted.includes(id) === true) return false;
      this.#listed.add(side);
    }
    return !(await store.hasUnmatched(sync.name, side));
  }
}

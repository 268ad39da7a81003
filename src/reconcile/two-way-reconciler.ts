// Brings the two records of each pair into agreement, whichever was edited: claim, look at both, merge, arm, write one side,
// confirm, and again until nothing differs. A record that is not linked yet is matched first.
import type { Outcome } from "../define/outcome.ts";
import { otherSide, type Side } from "../define/two-way.ts";
import type { Claim, PendingWrite } from "../store/store.ts";
import type { MatchFound, MatchQuery } from "../store/two-way.ts";
import { Turns } from "../world/turns.ts";
import { ArmedAhead, armedMax } from "./armed-ahead.ts";
import { afterMatch, ASKED_WAIT_MS } from "./decide-alone.ts";
import { decidePair } from "./decide-pair.ts";
import type { DecidedWrite } from "./decided.ts";
import type { PairDecision, PairFacts, PairStep } from "./pair-step.ts";
import { newId } from "./intent.ts";
import { heldMax, Lanes, type Told } from "./lanes.ts";
import { lookPairs, seenPair, type SeenPair } from "./look-pair.ts";
import { matchQueries } from "./match-queries.ts";
import type { Both } from "./merge.ts";
import { bothShown, sideOfClaim, staleSides } from "./pair-facts.ts";
import { fateOfStep } from "./pair-fate.ts";
import { fullOutcome } from "./no-room.ts";
import { PairWrites, type PairWritesParts } from "./pair-writes.ts";
import { SidesKnown } from "./sides-known.ts";

export interface TwoWayReconcilerParts extends PairWritesParts {
  /** Asks a resource now for what changed. */
  readonly askChanges: (resource: string) => void;
  readonly onIdle: () => void;
}

interface Decided {
  readonly pair: SeenPair;
  readonly facts: PairFacts;
  readonly decision: PairDecision;
}

export class TwoWayReconciler {
  readonly #parts: TwoWayReconcilerParts;
  readonly #lanes: Lanes;
  readonly #ahead: Both<ArmedAhead>;
  readonly #known: SidesKnown;
  readonly #writes: PairWrites;

  constructor(parts: TwoWayReconcilerParts) {
    this.#parts = parts;
    const { sync, callers } = parts;
    this.#ahead = [this.#aheadOf(0), this.#aheadOf(1)];
    this.#known = new SidesKnown({ ...parts, clock: parts.world.clock });
    this.#lanes = new Lanes({
      ...parts,
      sync: sync.name,
      heldMax: () => heldMax(callers, this.#ahead),
      heldUntil: () => Math.max(...callers.map((caller) => caller.heldUntil() ?? 0)),
      writesTo: callers,
      room: () => this.#room(),
      work: (claims) => this.#work(claims),
      takenUp: (all) =>
        this.#decideAll(
          all.map(({ claim }) => seenPair(claim)),
          this.#parts.writers.writes,
        ),
      takeUnsent: () => this.#ahead.flatMap((ahead) => ahead.takeAll()),
    });
    this.#writes = new PairWrites(parts, this.#lanes);
  }

  start(): void {
    this.#lanes.start();
  }

  stop(): Promise<void> {
    return this.#lanes.stop();
  }

  wake(): void {
    this.#lanes.wake();
  }

  get idle(): boolean {
    return this.#lanes.idle;
  }

  /** What waits for a side without room is left alone, so that only the others' room counts. */
  #room(): number {
    const { sync, callers } = this.#parts;
    const rooms = callers.map((caller, side) => {
      if (caller.fullUntil() !== undefined) return Infinity;
      return (caller.room() + 1) * (sync.sides[side === 0 ? 0 : 1].resource.resource.write?.together?.most ?? 1);
    });
    return Math.min(...rooms);
  }

  #aheadOf(side: Side): ArmedAhead {
    const { sync, callers, world } = this.#parts;
    return new ArmedAhead({
      armedMax: armedMax(sync.sides[side].resource, callers[side]),
      clock: world.clock,
      send: (decided, answered) =>
        void this.#lanes.alone(decided.claim, async () => {
          try {
            await this.#writes.armAndSend(decided, answered);
          } finally {
            answered();
          }
        }),
    });
  }

  #work(claims: readonly Claim[]): void {
    const unknown = claims.filter(({ state }) => state === "unknown");
    const others = claims.filter(({ state }) => state !== "unknown");
    const seenAt = this.#parts.writers.writes;
    const toLook = others.filter((claim) => this.#stale(claim).length > 0);
    const known = others.filter((claim) => this.#stale(claim).length === 0);
    for (const claim of unknown) void this.#lanes.alone(claim, () => this.#writes.resolve(claim));
    if (toLook.length > 0) void this.#lanes.together(toLook, () => this.#lookAndDecide(toLook));
    if (known.length > 0) void this.#lanes.together(known, () => this.#decideAll(known.map(seenPair), seenAt));
  }

  #stale(claim: Claim): readonly Side[] {
    return staleSides(this.#parts.sync, claim, this.#parts.plants);
  }

  // ------------------------------------------------------------ look

  async #lookAndDecide(claims: readonly Claim[], besides?: ReadonlyMap<Claim, Side>): Promise<readonly Claim[]> {
    const { sync, store, callers, world, plants, writers } = this.#parts;
    const priority = claims[0]?.priority ?? "live";
    const seenAt = writers.writes;
    const { seen, failed } = await lookPairs({
      store,
      sync,
      claims,
      plants,
      ...(besides === undefined ? {} : { besides }),
      api: (side, entries) => callers[side].api({ priority, sync: sync.name, entries }),
      now: () => world.clock.now(),
      wakeSyncs: this.#parts.wakeSyncs,
    });
    const settled = failed.map(({ claim, outcome, requests }) =>
      this.#lanes
        .settle(claim, this.#writes.fateAfter(claim, outcome), requests)
        .catch((error: unknown) => this.#lanes.failed(claim, error)),
    );
    const goOn = await this.#decideAll(seen, seenAt);
    await Promise.all(settled);
    return goOn;
  }

  // ------------------------------------------------------------ decide

  /** Decides each and settles what needs no call; the claims that are to be written go on alone and are the answer. */
  async #decideAll(all: readonly SeenPair[], seenAt: number, mayStay = true): Promise<readonly Claim[]> {
    const settled: Promise<void>[] = [];
    const decided = await this.#decideEach(all, settled);
    // Asked before whom they find: a record that is looked at in between would be missed by both questions.
    const unmatched = decided.filter(({ decision }) => decision.step.do === "match");
    const known = await this.#known.of(unmatched.map(({ facts }) => facts.claim));
    const found = await this.#match(decided);
    const writes: DecidedWrite[] = [];
    const unsure = new Map<Claim, Side>();
    const staying: SeenPair[] = [];
    const turns = new Turns(this.#parts.world.clock);
    for (const [index, { pair, facts, decision }] of decided.entries()) {
      const { claim } = facts;
      if (turns.areOver()) await turns.next();
      if (!this.#lanes.isRunning) {
        settled.push(this.#lanes.giveBack(claim));
        continue;
      }
      try {
        const match = found[index];
        const step = match === undefined ? decision.step : afterMatch(facts, match, known.get(claim) ?? "in-part");
        const full = this.#fullFor(claim, step);
        if (full === undefined && step.do !== "wait") this.#known.ended(claim);
        if (full !== undefined) settled.push(this.#lanes.settle(claim, this.#writes.fateAfter(claim, full)));
        else if (step.do === "write" && this.#isUnsure(pair, step)) unsure.set(claim, step.side);
        else if (step.do === "write") {
          writes.push(this.#writeOf(facts, step, decision, seenAt));
        } else if (mayStay && known.get(claim) === "asked" && step.do === "wait" && this.#isScarce(claim)) {
          staying.push(pair);
        } else settled.push(this.#settle(claim, step, { conflicts: decision.conflicts }));
      } catch (error) {
        settled.push(this.#lanes.failed(claim, error));
      }
    }
    if (!this.#lanes.isRunning) settled.push(...writes.splice(0).map(({ claim }) => this.#lanes.giveBack(claim)));
    // Only now: whatever was answered meanwhile would have armed a part of them.
    for (const one of writes) this.#ahead[one.write.side ?? 0].add(one);
    for (const ahead of this.#ahead) ahead.sendNext();
    const goOn = writes.map(({ claim }) => claim);
    if (unsure.size > 0) goOn.push(...(await this.#lookAndDecide([...unsure.keys()], unsure)));
    if (staying.length > 0) goOn.push(...(await this.#decideOnceAsked(staying, seenAt)));
    await Promise.all(settled);
    return goOn;
  }

  /** Each by what is known of both sides; those that cannot be decided are among the settled ones. */
  async #decideEach(all: readonly SeenPair[], settled: Promise<void>[]): Promise<readonly Decided[]> {
    const { sync, plants, world } = this.#parts;
    const now = world.clock.now();
    const decided: Decided[] = [];
    const turns = new Turns(world.clock);
    for (const pair of all) {
      if (turns.areOver()) await turns.next();
      if (!this.#lanes.isRunning) {
        settled.push(this.#lanes.giveBack(pair.claim));
        continue;
      }
      const facts: PairFacts = { sync, ...pair, now, plants };
      try {
        decided.push({ pair, facts, decision: decidePair(facts) });
      } catch (error) {
        settled.push(this.#lanes.failed(pair.claim, error));
      }
    }
    return decided;
  }

  /** What is to be made at the other side, which has no room: asking there what changed would not go either. */
  #fullFor(claim: Claim, step: PairStep): Outcome | undefined {
    const isCreation = step.do === "wait" || (step.do === "write" && step.action === "create");
    const { callers, world } = this.#parts;
    return isCreation
      ? fullOutcome(callers[otherSide(sideOfClaim(claim))], claim.priority, world.clock.now())
      : undefined;
  }

  /** Is there room for some of what waits to be made at the other side? */
  #isScarce(claim: Claim): boolean {
    const caller = this.#parts.callers[otherSide(sideOfClaim(claim))];
    return caller.fullUntil() === undefined && caller.room() < Infinity;
  }

  /** They stay in hand until the other side is asked: given back, they would make room for all that waits as they do. */
  async #decideOnceAsked(pairs: readonly SeenPair[], seenAt: number): Promise<readonly Claim[]> {
    await new Promise<void>((asked) => void this.#parts.world.clock.timer(ASKED_WAIT_MS, asked));
    return this.#decideAll(pairs, seenAt, false);
  }

  /** Could it write over an edit of which nobody told us yet? Then it is looked at once more, many in one call. */
  #isUnsure({ read }: SeenPair, { action, side }: Extract<PairStep, { do: "write" }>): boolean {
    const { resource } = this.#parts.sync.sides[side].resource;
    // What is removed is not guarded anywhere.
    const isGuarded = action === "update" && resource.write?.guarded === true;
    return action !== "create" && !isGuarded && !read[side];
  }

  /** Keeps what each record is found by, and asks whom the unlinked ones find. */
  async #match(decided: readonly Decided[]): Promise<readonly (MatchFound | undefined)[]> {
    const { store, world } = this.#parts;
    const queries: (readonly MatchQuery[])[] = [];
    const turns = new Turns(world.clock);
    for (const { facts, decision } of decided) {
      if (turns.areOver()) await turns.next();
      queries.push(matchQueries(facts, decision.step));
    }
    const flat = queries.flat();
    const answers = flat.length === 0 ? [] : await store.match(flat, world.clock.now());
    let at = 0;
    return queries.map((own) => {
      const first = own[0]?.find === true ? answers[at] : undefined;
      at += own.length;
      return first;
    });
  }

  #writeOf(
    { claim, sync, bodies }: PairFacts,
    step: Extract<PairStep, { do: "write" }>,
    { conflicts, shown = bothShown(sync, bodies) }: PairDecision,
    seenAt: number,
  ): DecidedWrite {
    const { clock, random } = this.#parts.world;
    const { side, action, key, way, fields, changed, from, putBack } = step;
    const write: PendingWrite = {
      id: newId(random),
      action,
      side,
      armedAt: clock.now(),
      sends: 1,
      recordHash: "",
      seq: claim.seq,
      ...(key === undefined ? {} : { targetKey: key }),
      ...(way === undefined ? {} : { way }),
      ...(fields === undefined ? {} : { fields: JSON.stringify(fields) }),
      ...(changed === undefined ? {} : { changed }),
      ...(from === undefined ? {} : { from: JSON.stringify(from) }),
      ...(putBack === undefined ? {} : { putBack }),
    };
    return { claim, write, fields, shown, conflicts, seenAt };
  }

  /** What needs no call. */
  async #settle(claim: Claim, step: Exclude<PairStep, { do: "write" }>, told: Told): Promise<void> {
    const fate = fateOfStep(claim, step, this.#parts.world.clock.now());
    if (fate.to === "parked") this.#parts.report("parked", claim.sync, claim.key, fate.reason);
    await this.#lanes.settle(claim, fate, [], told).catch((error: unknown) => this.#lanes.failed(claim, error));
  }
}

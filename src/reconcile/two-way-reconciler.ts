// Brings the two records of each pair into agreement, whichever was edited: claim, look at both, merge, arm, write one side,
// confirm, and again until nothing differs. A record that is not linked yet is matched first.
import type { Caller, CallerWork } from "../call/caller.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Written } from "../define/resource.ts";
import { otherSide, type Side, type TwoWaySync } from "../define/two-way.ts";
import { LinkTaken, type Claim, type PendingWrite, type RequestEntry, type Store } from "../store/store.ts";
import { NotArmed, type MatchFound, type MatchQuery } from "../store/two-way.ts";
import type { Plants } from "../world/plant.ts";
import type { World } from "../world/world.ts";
import { act } from "./act.ts";
import { afterCall, type Fate } from "./after-call.ts";
import { afterPairWrite } from "./after-pair-write.ts";
import { ArmedAhead, armedMax } from "./armed-ahead.ts";
import { CreationWanted } from "./creation-wanted.ts";
import {
  afterMatch,
  decidePair,
  matchValues,
  type PairDecision,
  type PairFacts,
  type PairStep,
  type SideKnown,
} from "./decide-pair.ts";
import type { Fields } from "./decide.ts";
import { HELD_PER_CALL, Lanes, type Told } from "./lanes.ts";
import { lookPairs, seenPair, type SeenPair } from "./look-pair.ts";
import { SIDES, type Both } from "./merge.ts";
import { newId } from "./intent.ts";
import type { DecidedWrite } from "./decided.ts";
import type { OneWriter } from "./one-writer.ts";
import { bothShown, keysOf, recordsOf, shownBy, sideOfClaim, staleSides } from "./pair-facts.ts";
import { learntOf } from "./learnt.ts";
import { heldDeletion, removalsMax } from "./removals-max.ts";
import { resolvePair } from "./resolve-pair.ts";
import { together, type Together } from "./together.ts";

/** How soon a record that cannot be linked or created yet is looked at again, in milliseconds. */
const SOON_MS = 1_000;
/** How often a pair is looked at again because the provider said that a record was missing or changed by somebody else. */
const READ_AGAIN_MAX = 3;
/**
 * How often a record that is to be created waits for what changed on the other side meanwhile: for about an hour. While that side is
 * down nothing could be created there anyway; but where only its listing is, creating goes on in the end.
 */
const ASKED_WAITS_MAX = 300;
/** Waits grow no longer than this many times the first. */
const WAITS_MAX = 12;

export interface TwoWayReconcilerParts {
  readonly sync: TwoWaySync;
  readonly store: Store;
  /** Of each side. */
  readonly callers: Both<Caller>;
  readonly world: World;
  readonly plants: Plants;
  /** Of all syncs: no two write one record at once. */
  readonly writers: OneWriter;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** Asks a resource now for what changed. */
  readonly askChanges: (resource: string) => void;
  readonly report: (what: "parked" | "bug", sync: string, key: string, reason: string) => void;
  readonly onIdle: () => void;
}

interface Sending {
  /** What both sides showed when it was decided; undefined: nobody knows any more. */
  readonly shown: Both<Fields> | undefined;
  /** The call has its answer: the next write may be armed. */
  readonly answered?: () => void;
  /** It was looked up before, and not found. */
  readonly wasAbsent?: boolean;
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
  readonly #batches: Both<Together | undefined>;
  readonly #listed = new Set<Side>();
  readonly #wanted = new CreationWanted();

  constructor(parts: TwoWayReconcilerParts) {
    this.#parts = parts;
    const { sync, callers } = parts;
    this.#ahead = [this.#aheadOf(0), this.#aheadOf(1)];
    this.#batches = [this.#batchOf(0), this.#batchOf(1)];
    this.#lanes = new Lanes({
      ...parts,
      sync: sync.name,
      heldMax: Math.max(...callers.map(({ concurrencyMax }) => concurrencyMax)) * HELD_PER_CALL,
      heldUntil: () => Math.max(...callers.map((caller) => caller.heldUntil() ?? 0)),
      work: (claims) => this.#work(claims),
      takenUp: (all) =>
        this.#decideAll(
          all.map(({ claim }) => seenPair(claim)),
          this.#parts.writers.writes,
        ),
      takeUnsent: () => this.#ahead.flatMap((ahead) => ahead.takeAll()),
    });
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

  #aheadOf(side: Side): ArmedAhead {
    const { sync, callers } = this.#parts;
    return new ArmedAhead({
      armedMax: armedMax(sync.sides[side].resource, callers[side]),
      send: (decided, answered) =>
        void this.#lanes.alone(decided.claim, async () => {
          try {
            await this.#armAndSend(decided, answered);
          } finally {
            answered();
          }
        }),
    });
  }

  /** Unless another sync is writing that record, or has since it was seen: then it is looked at again. */
  async #armAndSend({ claim, write, shown, conflicts, seenAt = 0 }: DecidedWrite, answered: () => void): Promise<void> {
    const { sync, writers, world } = this.#parts;
    const { side = 0, targetKey } = write;
    const record = `${sync.sides[side].resource.id} ${targetKey ?? write.id}`;
    if (!writers.begin(record, seenAt)) {
      const { attempts, waits } = claim;
      const until = world.clock.now() + SOON_MS;
      const reason = `another sync is writing ${targetKey}, or has just written it`;
      const wait: Fate = { to: "waiting", until, reason, attempts, waits: waits + 1 };
      return this.#lanes.settle(claim, wait, [], this.#doubt(claim, write));
    }
    try {
      if (await this.#arm(claim, write, conflicts)) await this.#send({ ...claim, write }, write, { shown, answered });
    } finally {
      writers.end(record);
    }
  }

  #batchOf(side: Side): Together | undefined {
    const most = this.#parts.sync.sides[side].resource.resource.write?.together?.most;
    return most === undefined ? undefined : together({ most, caller: this.#parts.callers[side] });
  }

  #work(claims: readonly Claim[]): void {
    const unknown = claims.filter(({ state }) => state === "unknown");
    const others = claims.filter(({ state }) => state !== "unknown");
    const seenAt = this.#parts.writers.writes;
    const toLook = others.filter((claim) => this.#stale(claim).length > 0);
    const known = others.filter((claim) => this.#stale(claim).length === 0);
    for (const claim of unknown) void this.#lanes.alone(claim, () => this.#resolve(claim));
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
        .settle(claim, this.#fateAfter(claim, outcome), requests)
        .catch((error: unknown) => this.#lanes.failed(claim, error)),
    );
    const goOn = await this.#decideAll(seen, seenAt);
    await Promise.all(settled);
    return goOn;
  }

  // ------------------------------------------------------------ decide

  /** Decides each and settles what needs no call; the claims that are to be written go on alone and are the answer. */
  async #decideAll(all: readonly SeenPair[], seenAt: number): Promise<readonly Claim[]> {
    const { sync, plants, world } = this.#parts;
    const now = world.clock.now();
    const settled: Promise<void>[] = [];
    const goOn: Claim[] = [];
    const decided: Decided[] = [];
    for (const pair of all) {
      const facts: PairFacts = { sync, ...pair, now, plants };
      try {
        decided.push({ pair, facts, decision: decidePair(facts) });
      } catch (error) {
        settled.push(this.#lanes.failed(pair.claim, error));
      }
    }
    // Asked before whom they find: a record that is looked at in between would be missed by both questions.
    const known = await this.#knownSides(decided);
    const found = await this.#match(decided);
    const unsure = new Map<Claim, Side>();
    for (const [index, { pair, facts, decision }] of decided.entries()) {
      const { claim } = facts;
      try {
        const match = found[index];
        const step = match === undefined ? decision.step : afterMatch(facts, match, known.get(claim) ?? "in-part");
        if (step.do !== "wait") this.#wanted.ended(claim);
        if (step.do === "write" && this.#isUnsure(pair, step)) unsure.set(claim, step.side);
        else if (step.do === "write") {
          this.#write(facts, step, decision, seenAt);
          goOn.push(claim);
        } else settled.push(this.#settle(claim, step, { conflicts: decision.conflicts }));
      } catch (error) {
        settled.push(this.#lanes.failed(claim, error));
      }
    }
    for (const ahead of this.#ahead) ahead.sendNext();
    if (unsure.size > 0) goOn.push(...(await this.#lookAndDecide([...unsure.keys()], unsure)));
    await Promise.all(settled);
    return goOn;
  }

  /** Could it write over an edit of which nobody told us yet? Then it is looked at once more, many in one call. */
  #isUnsure({ read }: SeenPair, { action, side }: Extract<PairStep, { do: "write" }>): boolean {
    const { resource } = this.#parts.sync.sides[side].resource;
    // What is removed is not guarded anywhere.
    const isGuarded = action === "update" && resource.write?.guarded === true;
    return action !== "create" && !isGuarded && !read[side] && resource.read !== undefined;
  }

  /** Keeps what each record is found by, and asks whom the unlinked ones find. */
  async #match(decided: readonly Decided[]): Promise<readonly (MatchFound | undefined)[]> {
    const { store, world } = this.#parts;
    const queries = decided.map(({ facts, decision }) => queriesOf(facts, decision.step));
    const flat = queries.flat();
    const answers = flat.length === 0 ? [] : await store.match(flat, world.clock.now());
    let at = 0;
    return queries.map((own) => {
      const first = own[0]?.find === true ? answers[at] : undefined;
      at += own.length;
      return first;
    });
  }

  /** How well the other side of each is known that may be created there; of no others anything is asked. */
  async #knownSides(decided: readonly Decided[]): Promise<ReadonlyMap<Claim, SideKnown>> {
    const { sides } = this.#parts.sync;
    const known = new Map<Claim, SideKnown>();
    for (const side of SIDES) {
      const claims = decided
        .filter(({ facts, decision }) => decision.step.do === "match" && sideOfClaim(facts.claim) !== side)
        .map(({ facts }) => facts.claim);
      if (claims.length > 0 && sides[side].creates) await this.#knowSide(side, claims, known);
    }
    return known;
  }

  /**
   * Somebody may have made the counterpart there in the same moment, and nobody told yet: what changed there is asked for after
   * the record came, and before another one is made.
   */
  async #knowSide(side: Side, claims: readonly Claim[], known: Map<Claim, SideKnown>): Promise<void> {
    const { sync, askChanges, world } = this.#parts;
    const now = world.clock.now();
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
      if (scan?.completeAt === undefined) return false;
      this.#listed.add(side);
    }
    return !(await store.hasUnmatched(sync.name, side));
  }

  #write(
    { claim, sync, bodies }: PairFacts,
    step: Extract<PairStep, { do: "write" }>,
    { conflicts, shown = bothShown(sync, bodies) }: PairDecision,
    seenAt: number,
  ): void {
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
    this.#ahead[side].add({ claim, write, fields, shown, conflicts, seenAt });
  }

  /** What needs no call. */
  async #settle(claim: Claim, step: Exclude<PairStep, { do: "write" }>, told: Told): Promise<void> {
    const fate = this.#fateOf(claim, step);
    if (fate.to === "parked") this.#parts.report("parked", claim.sync, claim.key, fate.reason);
    await this.#lanes.settle(claim, fate, [], told).catch((error: unknown) => this.#lanes.failed(claim, error));
  }

  #fateOf(claim: Claim, step: Exclude<PairStep, { do: "write" }>): Fate {
    const now = this.#parts.world.clock.now();
    const { attempts, waits } = claim;
    switch (step.do) {
      case "nothing": {
        const link = step.link === undefined ? {} : { link: step.link };
        const corrected = step.corrected === undefined ? {} : { corrected: "", again: true as const };
        return { to: "cleared", why: step.why, ...link, ...corrected };
      }
      case "move":
        return { to: "moved", of: step.side, into: step.into, until: now + SOON_MS, orPark: step.orPark };
      case "link":
        return { to: "linked", other: step.other, until: now + SOON_MS };
      case "wait": {
        const until = now + step.forMs * Math.min(1 + waits, WAITS_MAX);
        return { to: "waiting", until, reason: step.reason, attempts, waits: waits + 1 };
      }
      case "match":
        throw new Error(`${claim.key} of sync ${claim.sync} was to be matched, and was not`);
      case "park": {
        const { cause, reason, todo, detail } = step;
        return { to: "parked", cause, reason, todo, ...(detail === undefined ? {} : { detail }) };
      }
    }
  }

  // ------------------------------------------------------------ arm, act, confirm

  /** False: it was linked meanwhile, or may be just what is being created; the claim is given back. */
  async #arm(claim: Claim, write: PendingWrite, conflicts: Told["conflicts"] = []): Promise<boolean> {
    if (this.#parts.plants.has("no-intent")) return true;
    try {
      const { sync, world } = this.#parts;
      const removals = write.action === "remove" ? removalsMax(sync, claim, world.clock.now()) : {};
      const told = conflicts.length > 0 ? { conflicts } : {};
      await this.#lanes.settle(claim, { to: "sending", write, ...removals }, [], told);
      return true;
    } catch (error) {
      if (!(error instanceof NotArmed)) throw error;
      if (error.why === "deletions") {
        const { sync, report } = this.#parts;
        report("parked", sync.name, claim.key, error.message);
        await this.#lanes.settle(claim, heldDeletion(sync.name, error.message, { gone: otherSide(write.side ?? 0) }));
        return false;
      }
      const { attempts, waits } = claim;
      const until = this.#parts.world.clock.now() + SOON_MS * Math.min(1 + waits, WAITS_MAX);
      const reason = "a record that is being created may be this one";
      const wait: Fate = { to: "waiting", until, reason, attempts, waits: waits + 1 };
      await this.#lanes.settle(claim, error.why === "linked" ? { to: "ready" } : wait);
      return false;
    }
  }

  async #send(claim: Claim, write: PendingWrite, sending: Sending): Promise<void> {
    const { shown, answered = () => {} } = sending;
    const { sync, callers } = this.#parts;
    const side = write.side ?? 0;
    const requests: RequestEntry[] = [];
    const key = write.targetKey ?? claim.key;
    const work: CallerWork = { priority: claim.priority, sync: sync.name, key, entries: requests };
    try {
      const written = await act({
        to: sync.sides[side].resource,
        api: callers[side].api(work),
        work,
        write,
        version: recordsOf(claim)[side]?.version,
        together: this.#batches[side],
      });
      answered();
      await this.#confirm(claim, write, written, requests, shown);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      answered();
      const { kind, reason = kind } = error.outcome;
      const outcome: Outcome = work.wrote ? { kind: "unknown", reason: `written, but then: ${reason}` } : error.outcome;
      await this.#afterFailure(claim, write, outcome, requests, sending);
    }
  }

  async #confirm(
    claim: Claim,
    write: PendingWrite,
    written: Written<unknown> | undefined,
    requests: readonly RequestEntry[],
    shown?: Both<Fields>,
    isFound = false,
  ): Promise<void> {
    const { sync, world } = this.#parts;
    const side = write.side ?? 0;
    const key = written?.key ?? write.targetKey;
    if (key === undefined) throw new Error("the connector told no key of what it wrote: expected `key` in its answer");
    const { resource } = sync.sides[side];
    const isRemoved = write.action === "remove";
    const learnt = learntOf({ resource, key, written, isRemoved, claim, side, at: world.clock.now() });
    const keys: [string | undefined, string | undefined] = [...keysOf(claim)];
    keys[side] = key;
    const returned = written?.record === undefined ? undefined : shownBy(sync, side, written.record);
    const { link, again } = isRemoved
      ? this.#afterRemoval(claim, side)
      : afterPairWrite({
          sync,
          claim,
          write,
          shown,
          returned,
          version: written?.version,
          targetKey: keys[1] ?? "",
          now: world.clock.now(),
          isFound,
        });
    const isUnread = learnt?.seen.kind === "changed";
    // What a person put back on the other side, too, is written next: nothing else would wake the pair for it.
    const left = write.putBack === true ? leftOf(claim, side) : undefined;
    const isLeft = left !== undefined && left !== "";
    const fate: Fate = {
      to: "cleared",
      why: "confirmed",
      action: write.way ?? write.action,
      link,
      ...(again || isUnread || isLeft ? { again: true } : {}),
      ...(claim.side === 1 && keys[0] !== undefined ? { firstKey: keys[0] } : {}),
      ...(left === undefined ? {} : { corrected: left }),
    };
    const told = learnt === undefined ? {} : { seen: [learnt] };
    await this.#lanes.settle({ ...claim, seq: write.seq ?? claim.seq }, fate, requests, told);
  }

  /** What stays of a pair whose one record was taken out of use because the other was deleted. */
  #afterRemoval(claim: Claim, side: Side) {
    const { state, ...link } = claim.link ?? { targetKey: "", base: "null", recordHash: "" };
    const kept = { ...(state === undefined ? {} : (JSON.parse(state) as object)), gone: otherSide(side) };
    return { link: { ...link, state: JSON.stringify(kept) }, again: true };
  }

  // ------------------------------------------------------------ when it did not end well

  async #afterFailure(
    claim: Claim,
    write: PendingWrite,
    outcome: Outcome,
    requests: readonly RequestEntry[],
    { shown, wasAbsent = false }: Sending,
  ): Promise<void> {
    if (write.action === "remove" && outcome.kind === "missing")
      return this.#confirm(claim, write, undefined, requests, shown);
    if (write.action === "create" && outcome.kind === "conflict") return this.#adopt(claim, write, outcome, requests);
    const isDoubtful = outcome.kind === "conflict" || (outcome.kind === "missing" && claim.attempts < READ_AGAIN_MAX);
    const known = isDoubtful && write.targetKey !== undefined ? this.#doubt(claim, write) : {};
    const fate =
      outcome.kind === "missing" && isDoubtful
        ? this.#soon(claim, `${write.targetKey} is not there; it is read again`)
        : this.#fateAfter(claim, outcome, write, wasAbsent);
    await this.#lanes.settle(claim, fate, requests, known);
  }

  #soon({ attempts, waits }: Claim, reason: string): Fate {
    return { to: "waiting", until: this.#parts.world.clock.now() + SOON_MS, reason, attempts: attempts + 1, waits };
  }

  /** What is written is read again before anything is decided. */
  #doubt(claim: Claim, { side = 0, targetKey = "" }: PendingWrite): Told {
    const { resource } = this.#parts.sync.sides[side];
    if (resource.resource.read === undefined) return {};
    const at = this.#parts.world.clock.now();
    const { priority, sync } = claim;
    const seen = { kind: "changed" } as const;
    const lookedBy = { sync, stale: 0 };
    return { seen: [{ resource: resource.id, key: targetKey, cause: "look", priority, at, seen, lookedBy }] };
  }

  #fateAfter(claim: Claim, outcome: Outcome, write?: PendingWrite, wasAbsent = false): Fate {
    const { world, sync, report } = this.#parts;
    const [now, random] = [world.clock.now(), world.random.next()];
    const fate = afterCall({ outcome, claim, now, random, wasAbsent, ...(write === undefined ? {} : { write }) });
    if (fate.to === "parked") report("parked", sync.name, claim.key, fate.reason);
    return fate;
  }

  /** The provider has such a record already: it is read, and matched like any other. */
  async #adopt(claim: Claim, write: PendingWrite, outcome: Outcome, requests: readonly RequestEntry[]): Promise<void> {
    const { sync, world } = this.#parts;
    const entries = [...requests];
    const side = write.side ?? 0;
    const { resource } = sync.sides[side];
    const at = world.clock.now();
    try {
      const candidates = await this.#candidates(claim, write, entries);
      const [only] = candidates;
      if (only !== undefined && candidates.length === 1 && claim.attempts < READ_AGAIN_MAX) {
        const { priority } = claim;
        const learnt = learntOf({ resource, key: only.key, written: only, isRemoved: false, claim, side, at });
        const seen =
          learnt === undefined ? [] : [{ ...learnt, priority, lookedBy: { sync: "", stale: 0 }, evenUnchanged: true }];
        const fate = this.#soon(claim, `${resource.id} has ${only.key} with these values already; it is matched first`);
        return await this.#lanes.settle(claim, fate, entries, { seen });
      }
      const fate = this.#fateAfter({ ...claim, attempts: Number.MAX_SAFE_INTEGER }, outcome);
      const detail = { candidates: candidates.map(({ key }) => key).join(", ") };
      await this.#lanes.settle(claim, fate.to === "parked" ? { ...fate, cause: "exists", detail } : fate, entries);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const fate = this.#fateAfter(claim, error.outcome, write.sends > 1 ? write : undefined);
      await this.#lanes.settle(claim, fate, entries);
    }
  }

  async #candidates(claim: Claim, write: PendingWrite, entries: RequestEntry[]): Promise<readonly Written<unknown>[]> {
    const { sync, callers } = this.#parts;
    const side = write.side ?? 0;
    const api = callers[side].api({ priority: claim.priority, sync: sync.name, key: claim.key, entries });
    const order = { idempotencyKey: write.id, fields: JSON.parse(write.fields ?? "{}") as unknown };
    return (await sync.sides[side].resource.resource.write?.lookup?.(api, order)) ?? [];
  }

  // ------------------------------------------------------------ resolve an unknown outcome

  /** What was looked up may be linked already: then it is another record's, and this one is matched like any other. */
  async #confirmFound(
    claim: Claim,
    write: PendingWrite,
    found: Written<unknown>,
    requests: readonly RequestEntry[],
  ): Promise<void> {
    try {
      await this.#confirm(claim, write, found, requests, undefined, true);
    } catch (error) {
      if (!(error instanceof LinkTaken)) throw error;
      await this.#lanes.settle(claim, this.#soon(claim, `${found.key} belongs to another record`), requests);
    }
  }

  async #resolve(claim: Claim): Promise<void> {
    const { sync, world, store, report } = this.#parts;
    const { write } = claim;
    if (write === undefined) throw new Error(`${claim.key} is unknown but holds no write`);
    const next = await resolvePair({
      write,
      resource: sync.sides[write.side ?? 0].resource,
      now: world.clock.now(),
      candidates: (entries) => this.#candidates(claim, write, entries),
    });
    switch (next.do) {
      case "repeat": {
        await store.log(next.requests);
        // From here on it may be there: after a crash it has to be looked up again.
        const { absent, ...told } = { ...write, ...next.write };
        const again: PendingWrite = { ...told, sends: write.sends + 1 };
        const sending: Sending = { shown: undefined, wasAbsent: absent === true };
        if (await this.#arm(claim, again)) await this.#send({ ...claim, write: again }, again, sending);
        return;
      }
      case "found":
        return this.#confirmFound(claim, write, next.written, next.requests);
      case "decide-anew": {
        const now = world.clock.now();
        const reason = "nobody knows whether it was written: both sides are read again";
        const fate: Fate = { to: "waiting", until: now, reason, attempts: claim.attempts, waits: claim.waits };
        return this.#lanes.settle(claim, fate, [], this.#doubt(claim, write));
      }
      case "settle": {
        const { fate, requests } = next;
        if (fate.to === "parked") report("parked", sync.name, claim.key, fate.reason);
        const whole: Fate = fate.to === "unknown" ? { ...fate, attempts: claim.attempts } : fate;
        return this.#lanes.settle(claim, whole, requests);
      }
    }
  }
}

/** What a decided record, or the two of a pair, are found by from now on. */
function queriesOf({ sync, claim, bodies }: PairFacts, step: PairStep): readonly MatchQuery[] {
  const keys = keysOf(claim);
  if (step.do === "match") {
    const side = sideOfClaim(claim);
    return [{ sync: sync.name, key: claim.key, values: step.values, find: true, ...(side === 1 ? { side } : {}) }];
  }
  return SIDES.flatMap((side) => {
    const key = keys[side];
    if (key === undefined) return [];
    const isThere =
      bodies[side] !== undefined &&
      recordsOf(claim)[side]?.movedTo === undefined &&
      !(claim.link === undefined && step.do === "nothing");
    const values = isThere ? matchValues(sync, side, bodies[side]) : [];
    if (!Array.isArray(values)) return [];
    return [
      {
        sync: sync.name,
        key,
        values: values as readonly (string | null)[],
        find: false,
        ...(side === 1 ? { side } : {}),
      },
    ];
  });
}

/** What a person put back and is still to be written, once this side is. */
function leftOf({ corrections }: Claim, side: Side): string {
  const edits = corrections as unknown as Both<Fields> | undefined;
  const left = edits?.[otherSide(side)] ?? {};
  if (Object.keys(left).length === 0) return "";
  return JSON.stringify(side === 0 ? [{}, left] : [left, {}]);
}

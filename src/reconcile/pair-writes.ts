// The writes of pairs: armed before they are sent, confirmed with the link that they leave, and where nobody knows how one ended,
// resolved before anything else is written for its pair.
import type { Caller, CallerWork } from "../call/caller.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Written } from "../define/resource.ts";
import { otherSide, type Side, type TwoWaySync } from "../define/two-way.ts";
import { LinkTaken, type Claim, type PendingWrite, type RequestEntry, type Store } from "../store/store.ts";
import { NotArmed } from "../store/two-way.ts";
import type { Plants } from "../world/plant.ts";
import type { World } from "../world/world.ts";
import { act, asFarAsSent } from "./act.ts";
import { afterCall, type Fate } from "./after-call.ts";
import { fullOutcome } from "./no-room.ts";
import { afterPairWrite } from "./after-pair-write.ts";
import type { DecidedWrite } from "./decided.ts";
import type { Fields } from "./decide.ts";
import type { Lanes, Told } from "./lanes.ts";
import { sinceRestored } from "./in-doubt.ts";
import { learntOf } from "./learnt.ts";
import type { Both } from "./merge.ts";
import type { OneWriter, WrittenRecord } from "./one-writer.ts";
import { look } from "./look.ts";
import { keysOf, recordsOf, shownBy, type PairState } from "./pair-facts.ts";
import { SOON_MS, WAITS_MAX } from "./pair-fate.ts";
import { heldDeletion, removalsMax } from "./removals-max.ts";
import { resolvePair } from "./resolve-pair.ts";
import { together, type Together } from "./together.ts";

/** How often a pair is looked at again because the provider said that a record was missing or changed by somebody else. */
const READ_AGAIN_MAX = 3;
/** Why what was not armed waits. */
const WAITS_FOR: Readonly<Record<Exclude<NotArmed["why"], "deletions" | "linked">, string>> = {
  noted: "something was learnt of it or its counterpart meanwhile",
  echo: "a record that is being created may be this one",
  back: "it is back from the deletion that is carried on to its counterpart",
};

export interface PairWritesParts {
  readonly sync: TwoWaySync;
  readonly store: Store;
  /** Of each side. */
  readonly callers: Both<Caller>;
  readonly world: World;
  readonly plants: Plants;
  /** Of all syncs: no two write one record at once. */
  readonly writers: OneWriter;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  readonly report: (what: "parked" | "bug", sync: string, key: string, reason: string) => void;
}

interface Sending {
  /** What both sides showed when it was decided; undefined: nobody knows any more. */
  readonly shown: Both<Fields> | undefined;
  /** The call has its answer: the next write may be armed. */
  readonly answered?: () => void;
  /** What came of it is durable: others may write the record. */
  readonly ended?: () => void;
  /** It was looked up before, and not found. */
  readonly wasAbsent?: boolean;
}

/** How a write ended. */
interface Ended {
  readonly written: Written<unknown> | undefined;
  /** When that was asked: what was learnt since may be newer. */
  readonly requests: readonly RequestEntry[];
  readonly shown?: Both<Fields> | undefined;
  readonly ended?: (() => void) | undefined;
  readonly isFound?: boolean;
}

export class PairWrites {
  readonly #parts: PairWritesParts;
  readonly #lanes: Lanes;
  readonly #batches: Both<Together | undefined>;

  constructor(parts: PairWritesParts, lanes: Lanes) {
    this.#parts = parts;
    this.#lanes = lanes;
    this.#batches = [this.#batchOf(0), this.#batchOf(1)];
  }

  #batchOf(side: Side): Together | undefined {
    const most = this.#parts.sync.sides[side].resource.resource.write?.together?.most;
    return most === undefined ? undefined : together({ most, caller: this.#parts.callers[side] });
  }

  /**
   * Unless that side's limits have no room for it; or another sync is writing either record, or has since it was seen, or carries on
   * what is to be overwritten: then it is looked at again.
   */
  async armAndSend({ claim, write, shown, conflicts, seenAt = 0 }: DecidedWrite, answered: () => void): Promise<void> {
    const { sync, callers, writers, world } = this.#parts;
    const { side = 0, targetKey } = write;
    const full = fullOutcome(callers[side], claim.priority, world.clock.now());
    if (full !== undefined) return this.#lanes.settle(claim, this.fateAfter(claim, full));
    const ended = writers.begin(writtenRecord(sync, claim, write), seenAt);
    if (ended === "again") return this.#lanes.settle(claim, { to: "ready" });
    if (ended === "soon") {
      const { attempts, waits } = claim;
      const until = world.clock.now() + SOON_MS;
      const reason = `another sync is writing ${targetKey ?? claim.key} or its counterpart, or has just written it`;
      const wait: Fate = { to: "waiting", until, reason, attempts, waits: waits + 1 };
      return this.#lanes.settle(claim, wait, [], targetKey === undefined ? {} : this.#doubt(claim, write));
    }
    try {
      if (await this.#arm(claim, write, conflicts))
        await this.#send({ ...claim, write }, write, { shown, answered, ended });
    } finally {
      ended();
    }
  }

  // ------------------------------------------------------------ arm, act, confirm

  /** False: it was linked or noted meanwhile, may be just what is being created, or is back; the claim is given back. */
  async #arm(claim: Claim, write: PendingWrite, conflicts: Told["conflicts"] = []): Promise<boolean> {
    if (this.#parts.plants.has("no-intent")) return true;
    try {
      const { sync, world } = this.#parts;
      const removals = write.action === "remove" ? removalsMax(sync, claim, world.clock.now()) : {};
      const told = conflicts.length > 0 ? { conflicts } : {};
      const unlessNoted = mayOverwrite(claim, write);
      await this.#lanes.settle(claim, { to: "sending", write, unlessNoted, ...removals }, [], told);
      return true;
    } catch (error) {
      if (!(error instanceof NotArmed)) throw error;
      const { why } = error;
      if (why === "deletions") {
        const { sync, report } = this.#parts;
        report("parked", sync.name, claim.key, error.message);
        await this.#lanes.settle(claim, heldDeletion(sync.name, error.message, { gone: otherSide(write.side ?? 0) }));
        return false;
      }
      if (why === "linked") {
        await this.#lanes.settle(claim, { to: "ready" });
        return false;
      }
      const { attempts, waits } = claim;
      // What was learnt is known already.
      const forMs = why === "noted" ? 0 : SOON_MS * Math.min(1 + waits, WAITS_MAX);
      const until = this.#parts.world.clock.now() + forMs;
      await this.#lanes.settle(claim, { to: "waiting", until, reason: WAITS_FOR[why], attempts, waits: waits + 1 });
      return false;
    }
  }

  async #send(claim: Claim, write: PendingWrite, sending: Sending): Promise<void> {
    const { shown, answered = () => {}, ended } = sending;
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
      const strange = strangeOutcome(write, written);
      if (strange === undefined) await this.#confirm(claim, write, { written, requests, shown, ended });
      else await this.#afterFailure(claim, write, strange, { ...sending, requests });
    } catch (error) {
      answered();
      if (!(error instanceof CallFailed)) return this.#lanes.failed(asFarAsSent(claim, requests), error, requests);
      const { kind, reason = kind } = error.outcome;
      const outcome: Outcome = work.wrote ? { kind: "unknown", reason: `written, but then: ${reason}` } : error.outcome;
      await this.#afterFailure(claim, write, outcome, { ...sending, requests });
    }
  }

  async #confirm(
    claim: Claim,
    write: PendingWrite,
    { written, requests, shown, ended, isFound = false }: Ended,
  ): Promise<void> {
    const { sync, world } = this.#parts;
    const side = write.side ?? 0;
    const key = written?.key ?? write.targetKey;
    if (key === undefined) throw new Error("the connector told no key of what it wrote: expected `key` in its answer");
    const { resource } = sync.sides[side];
    const isRemoved = write.action === "remove";
    const learnt = learntOf({ resource, key, written, isRemoved, claim, side, now: world.clock.now() });
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
    const isUnread = learnt.seen.kind === "changed";
    // What a person put back on the other side, too, is written next: nothing else would wake the pair for it.
    const left = write.putBack === true ? leftOf(claim, side) : undefined;
    const isLeft = left !== undefined && left !== "";
    const fate: Fate = {
      to: "cleared",
      why: "confirmed",
      action: write.way ?? write.action,
      link,
      ...(isRemoved ? { removed: side } : {}),
      ...(again || isUnread || isLeft ? { again: true } : {}),
      ...(claim.side === 1 && keys[0] !== undefined ? { firstKey: keys[0] } : {}),
      ...(left === undefined ? {} : { corrected: left }),
    };
    await this.#lanes.settle({ ...claim, seq: write.seq ?? claim.seq }, fate, requests, { seen: [learnt] }, ended);
  }

  /** What stays of a pair whose one record was taken out of use because the other was deleted. */
  #afterRemoval(claim: Claim, side: Side) {
    const { state, ...link } = claim.link ?? { targetKey: "", base: "null", recordHash: "" };
    const before = state === undefined ? {} : (JSON.parse(state) as object);
    const kept: PairState = { ...before, gone: otherSide(side), removed: side };
    return { link: { ...link, state: JSON.stringify(kept) }, again: true };
  }

  // ------------------------------------------------------------ when it did not end well

  async #afterFailure(
    claim: Claim,
    write: PendingWrite,
    outcome: Outcome,
    { shown, wasAbsent = false, requests }: Sending & Pick<Ended, "requests">,
  ): Promise<void> {
    if (write.action === "remove" && outcome.kind === "missing")
      return this.#confirm(claim, write, { written: undefined, requests, shown });
    if (write.action === "create" && outcome.kind === "conflict") return this.#adopt(claim, write, outcome, requests);
    const isDoubtful = outcome.kind === "conflict" || (outcome.kind === "missing" && claim.attempts < READ_AGAIN_MAX);
    const known = isDoubtful && write.targetKey !== undefined ? this.#doubt(claim, write) : {};
    const fate =
      outcome.kind === "missing" && isDoubtful
        ? this.#soon(claim, `${write.targetKey} is not there; it is read again`)
        : this.fateAfter(claim, outcome, write, wasAbsent);
    await this.#lanes.settle(claim, fate, requests, known);
  }

  #soon({ attempts, waits }: Claim, reason: string): Fate {
    return { to: "waiting", until: this.#parts.world.clock.now() + SOON_MS, reason, attempts: attempts + 1, waits };
  }

  /** What is written is read again before anything is decided. */
  #doubt(claim: Claim, { side = 0, targetKey = "" }: PendingWrite): Told {
    const { resource } = this.#parts.sync.sides[side];
    const at = this.#parts.world.clock.now();
    const { priority, sync } = claim;
    const seen = { kind: "changed" } as const;
    const lookedBy = { sync, stale: 0 };
    return { seen: [{ resource: resource.id, key: targetKey, cause: "look", priority, at, seen, lookedBy }] };
  }

  fateAfter(claim: Claim, outcome: Outcome, write?: PendingWrite, wasAbsent = false): Fate {
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
        const found = { resource, key: only.key, written: only, isRemoved: false, claim, side };
        const learnt = learntOf({ ...found, now: at });
        const seen = [{ ...learnt, priority, lookedBy: { sync: "", stale: 0 }, evenUnchanged: true }];
        const fate = this.#soon(claim, `${resource.id} has ${only.key} with these values already; it is matched first`);
        return await this.#lanes.settle(claim, fate, entries, { seen });
      }
      const fate = this.fateAfter({ ...claim, attempts: Number.MAX_SAFE_INTEGER }, outcome);
      const detail = { candidates: candidates.map(({ key }) => key).join(", ") };
      await this.#lanes.settle(claim, fate.to === "parked" ? { ...fate, cause: "exists", detail } : fate, entries);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const fate = this.fateAfter(claim, error.outcome, write.sends > 1 ? write : undefined);
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
    found: Ended & { readonly written: Written<unknown> },
  ): Promise<void> {
    try {
      await this.#confirm(claim, write, { ...found, isFound: true });
    } catch (error) {
      if (!(error instanceof LinkTaken)) throw error;
      const reason = `${found.written.key} belongs to another record`;
      await this.#lanes.settle(claim, this.#soon(claim, reason), found.requests);
    }
  }

  async resolve(given: Claim): Promise<void> {
    const { sync, world, store, report } = this.#parts;
    if (given.write === undefined) throw new Error(`${given.key} is unknown but holds no write`);
    const claim = sinceRestored({ ...given, write: given.write });
    const { resource } = sync.sides[given.write.side ?? 0];
    // How long a provider still knows the key counts from when it first saw it.
    const isKeyed = resource.resource.write?.safety.kind === "idempotency-key";
    const write = isKeyed ? { ...claim.write, armedAt: given.write.armedAt } : claim.write;
    const next = await resolvePair({
      write,
      resource,
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
        return this.#confirmFound(claim, write, { written: next.written, requests: next.requests });
      case "decide-anew":
        return this.#decideAnew(claim, write);
      case "look":
        return this.#lookWhetherRemoved(claim, write);
      case "settle": {
        const { fate, requests } = next;
        if (fate.to === "parked") report("parked", sync.name, claim.key, fate.reason);
        const whole: Fate = fate.to === "unknown" ? { ...fate, attempts: claim.attempts } : fate;
        return this.#lanes.settle(claim, whole, requests);
      }
    }
  }

  #decideAnew(claim: Claim, write: PendingWrite): Promise<void> {
    const { attempts, waits } = claim;
    const until = this.#parts.world.clock.now();
    const reason = "nobody knows whether it was written: both sides are read again";
    return this.#lanes.settle(claim, { to: "waiting", until, reason, attempts, waits }, [], this.#doubt(claim, write));
  }

  /** What is gone by now was taken out of use by us: taken for a wish of its users, it would take the other record with it. */
  async #lookWhetherRemoved(claim: Claim, write: PendingWrite): Promise<void> {
    const { sync, store, callers, world, wakeSyncs } = this.#parts;
    const { side = 0, targetKey: key = "" } = write;
    const { record: _record, ...rest } = claim;
    const record = recordsOf(claim)[side];
    const found = await look({
      store,
      from: sync.sides[side].resource,
      sync: sync.name,
      claims: [{ ...rest, key, ...(record === undefined ? {} : { record }) }],
      api: (entries) => callers[side].api({ priority: claim.priority, sync: sync.name, key, entries }),
      now: () => world.clock.now(),
      wakeSyncs,
    });
    const looked = found.get(key);
    if (looked?.kind === "record") {
      if (!looked.record.deleted) return this.#decideAnew(claim, write);
      return this.#confirm(claim, write, { written: undefined, requests: [] });
    }
    const { reason = "no answer", retryAfterMs = 30_000 } = looked?.outcome ?? {};
    const until = world.clock.now() + retryAfterMs;
    const told = `could not look whether ${key} was taken out of use: ${reason}`;
    const unknown: Fate = { to: "unknown", until, reason: told, write, attempts: claim.attempts };
    return this.#lanes.settle(claim, unknown, looked?.requests ?? []);
  }
}

/**
 * What the store learnt of either record since the pair was claimed is decided on first; a pair of which there is news all the time is
 * written all the same after a while, but not removed.
 */
function mayOverwrite({ waits }: Claim, { action }: PendingWrite): boolean {
  return action === "remove" || (action === "update" && waits < WAITS_MAX);
}

/** What is written, and what is carried there: a system that hangs holds back for a while only what the others tell of its record. */
function writtenRecord(sync: TwoWaySync, claim: Claim, { id, side = 0, targetKey = id }: PendingWrite): WrittenRecord {
  const idOf = (of: Side, key: string): string => `${sync.sides[of].resource.id} ${key}`;
  const from = otherSide(side);
  const key = claim.waits < WAITS_MAX ? keysOf(claim)[from] : undefined;
  return { record: idOf(side, targetKey), from: key === undefined ? undefined : idOf(from, key) };
}

/** It may have become part of the record that was answered, or the connector is wrong: the link goes nowhere on its word alone. */
function strangeOutcome({ targetKey }: PendingWrite, written: Written<unknown> | undefined): Outcome | undefined {
  if (targetKey === undefined || written?.key === undefined || written.key === targetKey) return undefined;
  return { kind: "conflict", reason: `${targetKey} was written, and ${written.key} was answered; it is read again` };
}

/** What a person put back and is still to be written, once this side is. */
function leftOf({ corrections }: Claim, side: Side): string {
  const edits = corrections as unknown as Both<Fields> | undefined;
  const left = edits?.[otherSide(side)] ?? {};
  if (Object.keys(left).length === 0) return "";
  return JSON.stringify(side === 0 ? [{}, left] : [left, {}]);
}

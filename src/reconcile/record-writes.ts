// The writes of a one-way sync: armed before they are sent, confirmed with the link that they leave, and where nobody knows how one
// ended, resolved before anything else is written for its record.
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Sync } from "../define/sync.ts";
import type { Written } from "../define/resource.ts";
import type { Caller, CallerWork } from "../call/caller.ts";
import type { World } from "../world/world.ts";
import type { Plants } from "../world/plant.ts";
import {
  LinkTaken,
  type AgreedLink,
  type Claim,
  type PendingWrite,
  type RequestEntry,
  type Store,
} from "../store/store.ts";
import { NotArmed } from "../store/two-way.ts";
import { act, asFarAsSent, writeOrder } from "./act.ts";
import { afterCall, type Fate } from "./after-call.ts";
import { changedFields, type Fields } from "./decide.ts";
import type { DecidedWrite } from "./decided.ts";
import { sinceRestored, withDoubt } from "./in-doubt.ts";
import { newId } from "./intent.ts";
import type { Lanes } from "./lanes.ts";
import { linkAfter, linkOfArmed, onlyMapped } from "./link-after.ts";
import { fullOutcome } from "./no-room.ts";
import { LOOKUP_SENDS_MAX, resolve, SEARCH_REFUSED } from "./resolve.ts";
import { heldDeletion, removalsMax } from "./removals-max.ts";
import { together, type Together } from "./together.ts";

export interface RecordWritesParts {
  readonly sync: Sync;
  readonly store: Store;
  readonly target: Caller;
  readonly world: World;
  readonly plants: Plants;
  /** Something happened that the sync's owner or an operator should know. */
  readonly report: (what: "parked" | "bug", sync: string, key: string, reason: string) => void;
  /** Decides a record anew, with the link that it has by now: the write that is left to do, if any. */
  readonly intent: (claim: Claim, body: unknown) => Promise<PendingWrite | undefined>;
}

export class RecordWrites {
  readonly #parts: RecordWritesParts;
  readonly #lanes: Lanes;
  readonly #batches: Together | undefined;

  constructor(parts: RecordWritesParts, lanes: Lanes) {
    this.#parts = parts;
    this.#lanes = lanes;
    const most = parts.sync.to.resource.write?.together?.most;
    if (most !== undefined) this.#batches = together({ most, caller: parts.target });
  }

  /** Unless the target's limits have no room for it: then it waits, and need not be armed. */
  async armAndSend({ claim, write, fields, isArmed }: DecidedWrite, answered: () => void): Promise<void> {
    const armed = { ...claim, write };
    try {
      if (isLookedUpFirst(this.#parts.sync, armed)) return await this.resolve(withDoubt(armed));
      if (isArmed !== true) {
        const full = fullOutcome(this.#parts.target, claim.priority, this.#parts.world.clock.now());
        if (full !== undefined) return await this.#lanes.settle(armed, this.fateAfter(armed, full));
        await this.#arm(armed, write);
      }
      await this.#send(armed, write, { fields, answered });
    } catch (error) {
      if (!(error instanceof NotArmed)) throw error;
      await this.#lanes.settle(armed, error.why === "noted" ? { to: "ready" } : this.#tooMany(armed, error));
    } finally {
      answered();
    }
  }

  async #arm(claim: Claim, write: PendingWrite): Promise<void> {
    if (this.#parts.plants.has("no-intent")) return;
    const removals = removalsMax(this.#parts.sync, claim, this.#parts.world.clock.now());
    const isRemoval = write.action === "remove";
    await this.#lanes.settle(claim, { to: "sending", write, ...(isRemoval ? { ...removals, unlessNoted: true } : {}) });
  }

  #tooMany(claim: Claim, { message }: NotArmed): Fate {
    const { sync, report } = this.#parts;
    report("parked", sync.name, claim.key, message);
    return heldDeletion(sync.name, message, {});
  }

  async #send(
    claim: Claim,
    write: PendingWrite,
    { fields, answered = () => {}, wasAbsent = false }: Sending = {},
  ): Promise<void> {
    const { sync, target } = this.#parts;
    const requests: RequestEntry[] = [];
    const work: CallerWork = { priority: claim.priority, sync: sync.name, key: claim.key, entries: requests };
    const api = target.api(work);
    try {
      const written = await act({
        to: sync.to,
        api,
        work,
        write,
        // After a conflict the connector reads the version that is current.
        version: claim.attempts === 0 ? claim.link?.targetVersion : undefined,
        fields,
        together: this.#batches,
      });
      answered();
      await this.#confirm(claim, write, written, requests);
    } catch (error) {
      answered();
      if (error instanceof LinkTaken) return this.#lanes.settle(asDecided(claim, write), this.#taken(error), requests);
      if (!(error instanceof CallFailed)) return this.#lanes.failed(asFarAsSent(claim, requests), error, requests);
      const outcome = work.wrote ? halfDone(error.outcome) : error.outcome;
      await this.#afterFailure(claim, write, outcome, { requests, wasAbsent });
    }
  }

  async #confirm(
    claim: Claim,
    write: PendingWrite,
    written: Written<unknown> | undefined,
    requests: readonly RequestEntry[],
  ): Promise<void> {
    const isGone = write.action === "remove" || written === undefined;
    const link = isGone ? null : this.#agreedLink(write, written);
    const fate: Fate = { to: "cleared", why: "confirmed", action: write.way ?? write.action, link };
    await this.#lanes.settle(asDecided(claim, write), fate, requests);
  }

  /** It was written, to what is another one's: sent again it would only land there again. */
  #taken({ key, targetKey, takenBy, message }: LinkTaken): Fate {
    const { sync, report } = this.#parts;
    report("parked", sync.name, key, message);
    const todo =
      `${sync.to.id} takes both for ${targetKey}, which may show the values of ${key} by now: keep one of the two at the source, ` +
      "or tell them apart there; then retry.";
    const detail = { candidates: targetKey, linkedTo: takenBy };
    return { to: "parked", cause: "exists", reason: message, todo, detail };
  }

  /** What was armed is in the file already: the link takes its base from there. */
  #agreedLink(write: PendingWrite, written: Written<unknown>): AgreedLink {
    const isArmed = write.fields !== undefined && !this.#parts.plants.has("no-intent");
    return isArmed ? linkOfArmed(write, written) : linkAfter(write, written);
  }

  async #afterFailure(
    claim: Claim,
    write: PendingWrite,
    outcome: Outcome,
    { requests, wasAbsent }: { readonly requests: readonly RequestEntry[]; readonly wasAbsent: boolean },
  ): Promise<void> {
    if (write.action === "remove" && outcome.kind === "missing")
      return this.#confirm(claim, write, undefined, requests);
    if (write.action === "create" && outcome.kind === "conflict") return this.#adopt(claim, write, outcome, requests);
    const fate = this.fateAfter(claim, outcome, write, wasAbsent);
    const isOver = fate.to === "parked" && fate.write === undefined;
    await this.#lanes.settle(isOver ? asDecided(claim, write) : claim, fate, requests);
  }

  fateAfter(claim: Claim, outcome: Outcome, write?: PendingWrite, wasAbsent = false): Fate {
    const { world, sync } = this.#parts;
    const fate = afterCall({
      outcome,
      claim,
      now: world.clock.now(),
      random: world.random.next(),
      wasAbsent,
      ...(write === undefined ? {} : { write }),
    });
    if (fate.to === "parked") this.#parts.report("parked", sync.name, claim.key, fate.reason);
    return fate;
  }

  /** The provider says that such a record exists already: link it when the sync says so and there is exactly one. */
  async #adopt(claim: Claim, write: PendingWrite, outcome: Outcome, requests: readonly RequestEntry[]): Promise<void> {
    const { sync, store } = this.#parts;
    const entries = [...requests];
    let candidates: readonly Written<unknown>[];
    try {
      candidates = await this.#candidates(claim, write, entries);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // Nobody could be asked which one it is: an earlier try stays unknown, and a first one is made again later.
      const fate = this.fateAfter(claim, error.outcome, write.sends > 1 ? write : undefined);
      return this.#lanes.settle(claim, fate, entries);
    }
    const [only] = candidates;
    const taken = only === undefined ? undefined : await store.linkedTo(sync.name, only.key);
    const fieldsOf = sync.to.resource.write?.fieldsOf;
    const free = candidates.length === 1 && only !== undefined && taken === undefined;
    // It was sent before and not answered: one that is there now and shows just what was sent is what that try left.
    if (free && write.sends > 1 && showsWhatWasSent(only, write, fieldsOf)) {
      return this.#confirm(claim, write, only, entries);
    }
    if (!free || sync.onExisting !== "link") {
      const fate = this.fateAfter({ ...claim, attempts: Number.MAX_SAFE_INTEGER }, outcome);
      const which = candidates.map(({ key }) => key).join(", ");
      const detail = { candidates: which, ...(taken === undefined ? {} : { linkedTo: taken }) };
      return this.#lanes.settle(claim, fate.to === "parked" ? { ...fate, cause: "exists", detail } : fate, entries);
    }
    return this.#linkAndUpdate(claim, write, only, entries);
  }

  /** It is the counterpart, and agrees on nothing but what it shows: what differs is written. */
  async #linkAndUpdate(
    claim: Claim,
    write: PendingWrite,
    only: Written<unknown>,
    entries: readonly RequestEntry[],
  ): Promise<void> {
    const fields = writeOrder(write).fields as Fields;
    const link = this.#linkAsShown(write, only);
    const linkedClaim: Claim = { ...claim, link };
    const body = await this.#bodyOf(claim);
    await this.#parts.store.log(entries);
    // Its source's body is not kept, or it was noted since, and may have to be read first: once it is linked it is decided anew.
    if (body === undefined || isNotedSince(claim, write)) {
      return this.#lanes.settle(claim, { to: "cleared", why: "agreed", action: "link", link, again: true });
    }
    const update = await this.#parts.intent(linkedClaim, body);
    if (update === undefined) {
      const agreed = { ...link, base: JSON.stringify(fields) };
      return this.#lanes.settle(claim, { to: "cleared", why: "agreed", action: "link", link: agreed });
    }
    await this.#arm(claim, update);
    await this.#send({ ...linkedClaim, write: update }, update);
  }

  #linkAsShown(write: PendingWrite, only: Written<unknown>): AgreedLink & { readonly base: string } {
    const fieldsOf = this.#parts.sync.to.resource.write?.fieldsOf;
    const shown = only.record === undefined || fieldsOf === undefined ? {} : fieldsOf(only.record);
    const base = onlyMapped(shown as Fields, writeOrder(write).fields as Fields);
    return { ...linkAfter(write, only), base: JSON.stringify(base) };
  }

  /**
   * It is the counterpart, made by the file that was lost. Its source may have changed or gone since the creation was decided, which
   * may be long ago: that is decided anew, with the link.
   */
  #linkInDoubt(
    claim: Claim,
    write: PendingWrite,
    only: Written<unknown>,
    entries: readonly RequestEntry[],
  ): Promise<void> {
    const link = this.#linkAsShown(write, only);
    return this.#lanes.settle(claim, { to: "cleared", why: "agreed", action: "link", link, again: true }, entries);
  }

  async #bodyOf(claim: Claim): Promise<unknown> {
    const { sync, store } = this.#parts;
    const body = claim.record?.body ?? (await store.record(sync.from.id, claim.key))?.body;
    return body === undefined ? undefined : JSON.parse(body);
  }

  async #candidates(claim: Claim, write: PendingWrite, entries: RequestEntry[]): Promise<readonly Written<unknown>[]> {
    const { sync, target } = this.#parts;
    const api = target.api({ priority: claim.priority, sync: sync.name, key: claim.key, entries });
    return (await sync.to.resource.write?.lookup?.(api, writeOrder(write))) ?? [];
  }

  /** What another record has already is not what this one's lost write left, however alike they are. */
  async #unlinked(candidates: readonly Written<unknown>[]): Promise<readonly Written<unknown>[]> {
    const { sync, store } = this.#parts;
    const takenBy = await Promise.all(candidates.map(({ key }) => store.linkedTo(sync.name, key)));
    return candidates.filter((_candidate, index) => takenBy[index] === undefined);
  }

  // ------------------------------------------------------------ resolve an unknown outcome

  async resolve(given: Claim): Promise<void> {
    const { sync, world, plants } = this.#parts;
    const definition = sync.to.resource.write;
    if (given.write === undefined || definition === undefined)
      throw new Error(`${given.key} is unknown but holds no write`);
    const claim = sinceRestored({ ...given, write: given.write });
    const { write } = claim;
    const now = world.clock.now();
    const isDoubted = claim.doubtedSince !== undefined && !plants.has("lost-keys-trusted");
    const canLookUp = definition.lookup !== undefined;
    const next = resolve({ safety: definition.safety, canLookUp, write, isDoubted, now });
    switch (next.do) {
      case "repeat":
        return this.#repeat(claim, write);
      case "lookup":
        return this.#lookUp(claim, write);
      case "wait": {
        const reason = isDoubted
          ? "it may have been made since the backup that was restored; it is looked up first"
          : "a late answer may still land; it is looked up after that";
        return this.#lanes.settle(claim, { to: "unknown", until: next.until, reason, write, attempts: claim.attempts });
      }
      case "ask":
        return this.#lanes.settle(claim, this.#ask(claim, write, next.reason));
    }
  }

  async #repeat(claim: Claim, { absent, ...write }: PendingWrite): Promise<void> {
    // From here on it may be there: after a crash it has to be looked up again.
    const again: PendingWrite = { ...write, sends: write.sends + 1, ...this.#plantedId() };
    await this.#arm(claim, again);
    await this.#send({ ...claim, write: again }, again, { wasAbsent: absent === true });
  }

  /** A planted fault for the trials: a new idempotency key for each attempt. */
  #plantedId(): { readonly id?: string } {
    if (!this.#parts.plants.has("key-per-attempt")) return {};
    return { id: newId(this.#parts.world.random) };
  }

  async #lookUp(claim: Claim, write: PendingWrite): Promise<void> {
    const entries: RequestEntry[] = [];
    try {
      const candidates = await this.#unlinked(await this.#candidates(claim, write, entries));
      const [only] = candidates;
      if (candidates.length === 1 && only !== undefined) {
        const { sync } = this.#parts;
        const others = shownOtherwise(only, write, sync.to.resource.write?.fieldsOf);
        if (claim.doubtedSince !== undefined && (others.length === 0 || sync.onExisting === "link")) {
          return await this.#linkInDoubt(claim, write, only, entries);
        }
        if (others.length === 0) return await this.#confirm(claim, write, only, entries);
        const reason = `${only.key} looks like it, but shows another ${others.join(", ")}`;
        return await this.#lanes.settle(claim, this.#ask(claim, write, reason), entries);
      }
      if (candidates.length > 1) {
        const which = candidates.map(({ key }) => key).join(", ");
        return await this.#lanes.settle(
          claim,
          this.#ask(claim, write, `several records look like it: ${which}`),
          entries,
        );
      }
      await this.#parts.store.log(entries);
      if (write.sends < LOOKUP_SENDS_MAX) {
        return await this.#repeat(claim, { ...write, armedAt: this.#parts.world.clock.now(), absent: true });
      }
      return await this.#lanes.settle(claim, this.#ask(claim, write, "it was sent twice, and cannot be found"));
    } catch (error) {
      if (error instanceof LinkTaken) {
        // Another one that looks alike was quicker: what is left to be found is looked at again.
        await this.#parts.store.log(entries);
        return this.#lookUp(claim, write);
      }
      if (!(error instanceof CallFailed)) throw error;
      const { kind, reason: said = kind, retryAfterMs = 30_000 } = error.outcome;
      const reason = `could not look up whether it was written: ${said}`;
      if (SEARCH_REFUSED.has(kind)) return await this.#lanes.settle(claim, this.#ask(claim, write, reason), entries);
      const until = this.#parts.world.clock.now() + retryAfterMs;
      await this.#lanes.settle(claim, { to: "unknown", until, reason, write, attempts: claim.attempts }, entries);
    }
  }

  #ask(claim: Claim, write: PendingWrite, reason: string): Fate {
    this.#parts.report("parked", claim.sync, claim.key, reason);
    const todo = `Look in ${this.#parts.sync.to.id}: if it is there, link it with \`bowline parked link\`; if not, discard this row and note the record again.`;
    return { to: "parked", cause: "unknown-outcome", reason, todo, write };
  }
}

/** What may have been created before the file of state was restored: what is written by an external id is the same the second time. */
function isLookedUpFirst({ to }: Sync, { write, doubtedSince }: Claim): boolean {
  if (doubtedSince === undefined || write?.action !== "create") return false;
  return to.resource.write?.safety.kind !== "upsert";
}

/** Where the connector shows no fields of what it found, nothing speaks against it. */
function showsWhatWasSent(
  { record }: Written<unknown>,
  write: PendingWrite,
  fieldsOf: ((record: unknown) => Partial<Fields>) | undefined,
): boolean {
  if (record === undefined || fieldsOf === undefined) return true;
  const sent = writeOrder(write).fields as Fields;
  return changedFields(sent, onlyMapped(fieldsOf(record) as Fields, sent)).length === 0;
}

/** The fields that were sent and that it shows otherwise: somebody else's, or ours and edited since; a person can tell. */
function shownOtherwise(
  { record }: Written<unknown>,
  write: PendingWrite,
  fieldsOf: ((record: unknown) => Partial<Fields>) | undefined,
): readonly string[] {
  if (record === undefined || fieldsOf === undefined) return [];
  const shown = Object.entries(fieldsOf(record)).filter(([, value]) => value !== undefined);
  const sent = writeOrder(write).fields as Fields;
  return changedFields(sent, { ...sent, ...onlyMapped(Object.fromEntries(shown), sent) });
}

/** The provider took the write, and a later call of the same work failed: how it stands is to be found out. */
function halfDone({ kind, reason = kind }: Outcome): Outcome {
  return { kind: "unknown", reason: `written, but then: ${reason}` };
}

interface Sending {
  /** The fields of the write, where they are still at hand. */
  readonly fields?: unknown;
  /** The call has its answer: the next write may be armed. */
  readonly answered?: () => void;
  /** It was looked up before, and not found. */
  readonly wasAbsent?: boolean;
}

function isNotedSince(claim: Claim, { seq = claim.seq }: PendingWrite): boolean {
  return claim.seq !== seq;
}

/**
 * The claim as it was when this write was decided. A write that was unknown meanwhile belongs to an earlier claim than the
 * one that resolves it: what was noted in between must not be cleared with it.
 */
function asDecided(claim: Claim, { seq = claim.seq }: PendingWrite): Claim {
  return { ...claim, seq };
}

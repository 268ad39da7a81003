// Brings one sync's records into agreement: claim, look, decide, arm, act, confirm. Each record is held by one worker at a
// time and goes on alone; what is decided is durable before it is sent, and what was sent is confirmed in one transaction.
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Misfit } from "../define/misfit.ts";
import type { Sync } from "../define/sync.ts";
import type { Written } from "../define/resource.ts";
import type { Caller, CallerWork } from "../call/caller.ts";
import { NO_ROOM } from "../call/gate.ts";
import type { World } from "../world/world.ts";
import type { Plants } from "../world/plant.ts";
import type { Reader, TakenUp } from "../observe/reader.ts";
import type { AgreedLink, Claim, LinkNeed, PendingWrite, RequestEntry, Store } from "../store/store.ts";
import { NotArmed } from "../store/two-way.ts";
import { act, writeOrder } from "./act.ts";
import { ArmedAhead, armedMax } from "./armed-ahead.ts";
import { afterCall, type Fate } from "./after-call.ts";
import { afterDecision } from "./after-decision.ts";
import { changedFields, decide, type Decision, type Fields } from "./decide.ts";
import { intentOf, newId } from "./intent.ts";
import { HELD_PER_CALL, Lanes } from "./lanes.ts";
import { linkAfter, onlyMapped } from "./link-after.ts";
import { look } from "./look.ts";
import { LOOKUP_SENDS_MAX, resolve, SEARCH_REFUSED } from "./resolve.ts";
import { heldDeletion, removalsMax } from "./removals-max.ts";
import { together, type Together } from "./together.ts";

export interface ReconcilerParts {
  readonly sync: Sync;
  readonly store: Store;
  readonly source: Caller;
  readonly target: Caller;
  readonly world: World;
  readonly plants: Plants;
  /** These syncs have something to do now. */
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** Something happened that the sync's owner or an operator should know. */
  readonly report: (what: "parked" | "bug", sync: string, key: string, reason: string) => void;
  /** A record does not fit its source's schema, whether or not that matters to the sync. */
  readonly onMisfit?: (key: string, misfits: readonly Misfit[]) => void;
  readonly onIdle: () => void;
}

export class Reconciler implements Reader {
  readonly #parts: ReconcilerParts;
  readonly #lanes: Lanes;
  readonly #batches: Together | undefined;
  readonly #ahead: ArmedAhead;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    const { sync, source, target } = parts;
    const most = sync.to.resource.write?.together?.most;
    if (most !== undefined) this.#batches = together({ most, caller: target });
    this.#ahead = new ArmedAhead({
      armedMax: armedMax(sync.to, target),
      send: ({ claim, write, fields }, answered) =>
        void this.#lanes.alone(claim, () => this.#armAndSend({ ...claim, write }, write, fields, answered)),
    });
    this.#lanes = new Lanes({
      ...parts,
      sync: sync.name,
      heldMax: target.concurrencyMax * HELD_PER_CALL,
      heldUntil: () => Math.max(target.heldUntil() ?? 0, source.heldUntil() ?? 0),
      fullUntil: () => target.fullUntil(),
      // One call may carry many.
      room: () => (target.room() + 1) * (most ?? 1),
      work: (claims) => void this.#work(claims),
      takenUp: (all) => this.#decideAll(all),
      takeUnsent: () => this.#ahead.takeAll(),
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

  get sync(): string {
    return this.#lanes.sync;
  }

  get appetite(): number {
    return this.#lanes.appetite;
  }

  hungry(records: number, waitMsMax: number): Promise<void> {
    return this.#lanes.hungry(records, waitMsMax);
  }

  takeUp(all: readonly TakenUp[]): void {
    this.#lanes.takeUp(all);
  }

  async #work(claims: readonly Claim[]): Promise<void> {
    const unknown = claims.filter(({ state }) => state === "unknown");
    const others = claims.filter(({ state }) => state !== "unknown");
    const toLook = others.filter((claim) => needsLook(claim));
    const known = others.filter((claim) => !needsLook(claim));
    for (const claim of unknown) void this.#lanes.alone(claim, () => this.#resolve(claim));
    if (toLook.length > 0) void this.#lanes.together(toLook, () => this.#lookAndDecide(toLook));
    if (known.length > 0) {
      await this.#lanes.together(known, () => this.#decideAll(known.map((claim) => ({ claim, body: parsed(claim) }))));
    }
  }

  // ------------------------------------------------------------ look

  async #lookAndDecide(claims: readonly Claim[]): Promise<readonly Claim[]> {
    const { sync, store, source, world } = this.#parts;
    const priority = claims[0]?.priority ?? "live";
    const found = await look({
      store,
      from: sync.from,
      sync: sync.name,
      claims,
      api: (entries) => source.api({ priority, sync: sync.name, entries }),
      now: () => world.clock.now(),
      wakeSyncs: this.#parts.wakeSyncs,
    });
    const ready: TakenUp[] = [];
    const failed: Promise<void>[] = [];
    for (const claim of claims) {
      const looked = found.get(claim.key);
      if (looked === undefined) throw new Error(`looking at ${sync.from.id} gave no answer for ${claim.key}`);
      if (looked.kind === "record") {
        ready.push({ claim: { ...claim, record: looked.record }, body: looked.body });
      } else {
        const fate = this.#fateAfter(claim, looked.outcome);
        failed.push(
          this.#lanes.settle(claim, fate, looked.requests).catch((error: unknown) => this.#lanes.failed(claim, error)),
        );
      }
    }
    const goOn = await this.#decideAll(ready);
    await Promise.all(failed);
    return goOn;
  }

  // ------------------------------------------------------------ decide

  /** Decides each and settles what needs no call; the claims that were armed go on alone and are the answer. */
  async #decideAll(all: readonly TakenUp[]): Promise<readonly Claim[]> {
    const linked = await this.#linksFor(all);
    const settled: Promise<void>[] = [];
    const goOn: Claim[] = [];
    for (const { claim, body } of all) {
      const failed = (error: unknown): Promise<void> => this.#lanes.failed(claim, error);
      try {
        const onMisfit = (misfits: readonly Misfit[]): void => this.#parts.onMisfit?.(claim.key, misfits);
        const decision = decide({ sync: this.#parts.sync, claim, body, linked, onMisfit });
        const write = this.#intent(claim, decision);
        if (write === undefined) {
          settled.push(this.#lanes.settle(claim, this.#fateOf(claim, decision)).catch(failed));
        } else {
          this.#ahead.add({ claim, write, fields: "fields" in decision ? decision.fields : undefined });
          goOn.push(claim);
        }
      } catch (error) {
        settled.push(failed(error));
      }
    }
    this.#ahead.sendNext();
    await Promise.all(settled);
    return goOn;
  }

  async #linksFor(all: readonly TakenUp[]): Promise<(sync: string, key: string) => string | undefined> {
    const needs = new Map<string, LinkNeed>();
    for (const { claim, body } of all) {
      if (body === undefined || claim.record?.deleted) continue;
      for (const need of this.#parts.sync.mapping.links(body)) needs.set(linkId(need.sync, need.key), need);
    }
    if (needs.size === 0) return () => undefined;
    const targets = await this.#parts.store.links([...needs.values()]);
    const byId = new Map([...needs.keys()].map((id, index) => [id, targets[index]]));
    return (sync, key) => byId.get(linkId(sync, key));
  }

  #intent(claim: Claim, decision: Decision): PendingWrite | undefined {
    const { clock, random } = this.#parts.world;
    return intentOf(claim, decision, clock.now(), random);
  }

  #fateOf(claim: Claim, decision: Decision): Fate {
    const fate = afterDecision(claim, decision, this.#parts.world.clock.now());
    if (fate.to === "parked") this.#parts.report("parked", claim.sync, claim.key, fate.reason);
    return fate;
  }

  // ------------------------------------------------------------ arm, act, confirm

  async #armAndSend(claim: Claim, write: PendingWrite, fields: unknown, answered: () => void): Promise<void> {
    try {
      const full = this.#full();
      if (full !== undefined) return await this.#lanes.settle(claim, this.#fateAfter(claim, full));
      await this.#arm(claim, write);
      await this.#send(claim, write, { fields, answered });
    } catch (error) {
      if (!(error instanceof NotArmed)) throw error;
      await this.#lanes.settle(claim, this.#tooMany(claim, error));
    } finally {
      answered();
    }
  }

  /** What would become of the call, where that is certain: it needs not be armed for it. */
  #full(): Outcome | undefined {
    const until = this.#parts.target.fullUntil();
    if (until === undefined) return undefined;
    const retryAfterMs = until - this.#parts.world.clock.now();
    return { kind: "throttled", held: true, retryAfterMs, reason: NO_ROOM };
  }

  async #arm(claim: Claim, write: PendingWrite): Promise<void> {
    if (this.#parts.plants.has("no-intent")) return;
    const removals = removalsMax(this.#parts.sync, claim, this.#parts.world.clock.now());
    await this.#lanes.settle(claim, { to: "sending", write, ...(write.action === "remove" ? removals : {}) });
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
      if (!(error instanceof CallFailed)) throw error;
      answered();
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
    const link = write.action === "remove" ? null : this.#agreedLink(write, written);
    const fate: Fate = { to: "cleared", why: "confirmed", action: write.way ?? write.action, link };
    await this.#lanes.settle(asDecided(claim, write), fate, requests);
  }

  /** What was armed is in the file already: the link takes its base from there. */
  #agreedLink(write: PendingWrite, written: Written<unknown> | undefined): AgreedLink {
    const { base, ...link } = linkAfter(write, written);
    const isArmed = write.fields !== undefined && !this.#parts.plants.has("no-intent");
    return isArmed ? link : { ...link, base };
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
    const fate = this.#fateAfter(claim, outcome, write, wasAbsent);
    const isOver = fate.to === "parked" && fate.write === undefined;
    await this.#lanes.settle(isOver ? asDecided(claim, write) : claim, fate, requests);
  }

  #fateAfter(claim: Claim, outcome: Outcome, write?: PendingWrite, wasAbsent = false): Fate {
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
      const fate = this.#fateAfter(claim, error.outcome, write.sends > 1 ? write : undefined);
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
      const fate = this.#fateAfter({ ...claim, attempts: Number.MAX_SAFE_INTEGER }, outcome);
      const which = candidates.map(({ key }) => key).join(", ");
      const detail = { candidates: which, ...(taken === undefined ? {} : { linkedTo: taken }) };
      return this.#lanes.settle(claim, fate.to === "parked" ? { ...fate, cause: "exists", detail } : fate, entries);
    }
    const fields = writeOrder(write).fields as Fields;
    const shown = only.record === undefined || fieldsOf === undefined ? {} : fieldsOf(only.record);
    const link = { ...linkAfter(write, only), base: JSON.stringify(onlyMapped(shown as Fields, fields)) };
    const linkedClaim: Claim = { ...claim, link };
    const body = await this.#bodyOf(claim);
    await store.log(entries);
    if (body === undefined) return this.#lanes.settle(claim, { to: "cleared", why: "agreed", action: "link", link });
    const decision = decide({ sync, claim: linkedClaim, body, linked: await this.#linksFor([{ claim, body }]) });
    const update = this.#intent(linkedClaim, decision);
    if (update === undefined) {
      const agreed = { ...link, base: JSON.stringify(fields) };
      return this.#lanes.settle(claim, { to: "cleared", why: "agreed", action: "link", link: agreed });
    }
    await this.#arm(claim, update);
    await this.#send({ ...linkedClaim, write: update }, update);
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

  // ------------------------------------------------------------ resolve an unknown outcome

  async #resolve(claim: Claim): Promise<void> {
    const { sync, world } = this.#parts;
    const definition = sync.to.resource.write;
    const write = claim.write;
    if (write === undefined || definition === undefined) throw new Error(`${claim.key} is unknown but holds no write`);
    const now = world.clock.now();
    const next = resolve({ safety: definition.safety, canLookUp: definition.lookup !== undefined, write, now });
    switch (next.do) {
      case "repeat":
        return this.#repeat(claim, write);
      case "lookup":
        return this.#lookUp(claim, write);
      case "wait": {
        const reason = "a late answer may still land; it is looked up after that";
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
      const candidates = await this.#candidates(claim, write, entries);
      const [only] = candidates;
      if (candidates.length === 1 && only !== undefined) return await this.#confirm(claim, write, only, entries);
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

/**
 * The claim as it was when this write was decided. A write that was unknown meanwhile belongs to an earlier claim than the
 * one that resolves it: what was noted in between must not be cleared with it.
 */
function asDecided(claim: Claim, { seq = claim.seq }: PendingWrite): Claim {
  return { ...claim, seq };
}

function needsLook({ record }: Claim): boolean {
  return record === undefined || record.stale > 0 || (record.body === undefined && !record.deleted);
}

function parsed({ record }: Claim): unknown {
  return record?.body === undefined ? undefined : JSON.parse(record.body);
}

const linkId = (sync: string, key: string): string => `${sync}\n${key}`;

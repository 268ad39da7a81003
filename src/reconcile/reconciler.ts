// Brings one sync's records into agreement: claim, look, decide, and then arm, act and confirm. Each record is held by one worker at a
// time and goes on alone; what is decided is durable before it is sent, and what was sent is confirmed in one transaction.
import type { Misfit } from "../define/misfit.ts";
import type { Caller } from "../call/caller.ts";
import type { Foresight, Reader, SeenFirst, TakenUp } from "../observe/reader.ts";
import { claimOfNew } from "../store/claim-of-new.ts";
import type { Claim, LinkNeed, PendingWrite } from "../store/store.ts";
import { Turns } from "../world/turns.ts";
import { ArmedAhead, armedMax, armsAhead } from "./armed-ahead.ts";
import type { Fate } from "./after-call.ts";
import { afterDecision } from "./after-decision.ts";
import { decide, type Decision } from "./decide.ts";
import { intentOf } from "./intent.ts";
import { heldMax, Lanes } from "./lanes.ts";
import type { DecidedWrite } from "./decided.ts";
import { look } from "./look.ts";
import { RecordWrites, type RecordWritesParts } from "./record-writes.ts";

export interface ReconcilerParts extends Omit<RecordWritesParts, "intent"> {
  readonly source: Caller;
  /** These syncs have something to do now. */
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** A record does not fit its source's schema, whether or not that matters to the sync. */
  readonly onMisfit?: (key: string, misfits: readonly Misfit[]) => void;
  readonly onIdle: () => void;
}

export class Reconciler implements Reader {
  readonly #parts: ReconcilerParts;
  readonly #lanes: Lanes;
  readonly #writes: RecordWrites;
  readonly #ahead: ArmedAhead;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    const { sync, source, target } = parts;
    this.#ahead = new ArmedAhead({
      armedMax: armedMax(sync.to, target),
      clock: parts.world.clock,
      send: (decided, answered) =>
        void this.#lanes.alone(decided.claim, () => this.#writes.armAndSend(decided, answered)),
    });
    this.#lanes = new Lanes({
      ...parts,
      sync: sync.name,
      heldMax: () => heldMax([target], [this.#ahead]),
      heldUntil: () => Math.max(target.heldUntil() ?? 0, source.heldUntil() ?? 0),
      writesTo: [target],
      // One call may carry many.
      room: () => (target.room() + 1) * (sync.to.resource.write?.together?.most ?? 1),
      work: (claims) => void this.#work(claims),
      takenUp: (all) => this.#decideAll(all),
      takeUnsent: () => this.#ahead.takeAll(),
    });
    const intent = (claim: Claim, body: unknown): Promise<PendingWrite | undefined> => this.#intentAnew(claim, body);
    this.#writes = new RecordWrites({ ...parts, intent }, this.#lanes);
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

  expect(records: number): void {
    this.#lanes.expect(records);
  }

  hungry(records: number, waitMsMax: number): Promise<void> {
    return this.#lanes.hungry(records, waitMsMax);
  }

  takeUp(all: readonly TakenUp[]): void {
    this.#lanes.takeUp(all);
  }

  async foresee(seen: readonly SeenFirst[]): Promise<Foresight> {
    const misfits = new Map<string, readonly Misfit[]>();
    const decided = await this.#creationsOf(this.#mayForesee() ? seen.slice(0, this.#ahead.room) : [], misfits);
    return {
      creations: new Map([...decided].map(([key, { write }]) => [key, write])),
      send: (keys) => {
        for (const key of misfits.size > 0 ? keys : []) this.#tellMisfits(key, misfits.get(key));
        if (this.#lanes.hold(keys.length)) this.#ahead.goOn(keys.map((key) => decided.get(key)!));
      },
    };
  }

  async #work(claims: readonly Claim[]): Promise<void> {
    const unknown = claims.filter(({ state }) => state === "unknown");
    const others = claims.filter(({ state }) => state !== "unknown");
    const toLook = others.filter((claim) => needsLook(claim));
    const known = others.filter((claim) => !needsLook(claim));
    for (const claim of unknown) void this.#lanes.alone(claim, () => this.#writes.resolve(claim));
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
        const fate = this.#writes.fateAfter(claim, looked.outcome);
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
    const writes: DecidedWrite[] = [];
    const turns = new Turns(this.#parts.world.clock);
    for (const { claim, body } of all) {
      if (turns.areOver()) await turns.next();
      if (!this.#lanes.isRunning) {
        settled.push(this.#lanes.giveBack(claim));
        continue;
      }
      const failed = (error: unknown): Promise<void> => this.#lanes.failed(claim, error);
      try {
        const onMisfit = (misfits: readonly Misfit[]): void => this.#tellMisfits(claim.key, misfits);
        const { decision, decided } = this.#decide({ claim, body }, linked, onMisfit);
        if (decided === undefined) {
          settled.push(this.#lanes.settle(claim, this.#fateOf(claim, decision)).catch(failed));
        } else {
          writes.push(decided);
        }
      } catch (error) {
        settled.push(failed(error));
      }
    }
    if (!this.#lanes.isRunning) settled.push(...writes.splice(0).map(({ claim }) => this.#lanes.giveBack(claim)));
    // Only now: whatever was answered meanwhile would have armed a part of them.
    for (const decided of writes) this.#ahead.add(decided);
    this.#ahead.sendNext();
    await Promise.all(settled);
    return writes.map(({ claim }) => claim);
  }

  #decide(
    { claim, body }: TakenUp,
    linked: LinkedTo,
    onMisfit: (misfits: readonly Misfit[]) => void,
  ): { readonly decision: Decision; readonly decided: DecidedWrite | undefined } {
    const decision = decide({ sync: this.#parts.sync, claim, body, linked, onMisfit });
    const write = this.#intent(claim, decision);
    const fields = "fields" in decision ? decision.fields : undefined;
    return { decision, decided: write === undefined ? undefined : { claim, write, fields } };
  }

  /** What is armed may be sent a good while later, or after the next start: only where that is harmless. */
  #mayForesee(): boolean {
    const { sync, target, plants } = this.#parts;
    return armsAhead(sync.to) && !plants.has("no-intent") && target.fullUntil() === undefined;
  }

  /** What to create for records, if nobody knew them; what cannot be decided is decided, and told, once they are claimed. */
  async #creationsOf(
    seen: readonly SeenFirst[],
    misfits: Map<string, readonly Misfit[]>,
  ): Promise<ReadonlyMap<string, DecidedWrite>> {
    const all: TakenUp[] = [];
    for (const { observation, body } of seen) {
      const claim = claimOfNew(this.sync, observation);
      if (claim !== undefined) all.push({ claim, body });
    }
    const creations = new Map<string, DecidedWrite>();
    const linked = await this.#linksFor(all).catch(() => undefined);
    if (linked === undefined) return creations;
    const turns = new Turns(this.#parts.world.clock);
    for (const { claim, body } of all) {
      if (turns.areOver()) await turns.next();
      // What nobody would send is not armed.
      if (!this.#lanes.isRunning) return NO_CREATIONS;
      if (creations.has(claim.key)) continue;
      try {
        const { decided } = this.#decide({ claim, body }, linked, (found) => void misfits.set(claim.key, found));
        if (decided !== undefined) creations.set(claim.key, { ...decided, isArmed: true });
      } catch {
        continue;
      }
    }
    return creations;
  }

  #tellMisfits(key: string, misfits: readonly Misfit[] | undefined): void {
    if (misfits !== undefined) this.#parts.onMisfit?.(key, misfits);
  }

  async #linksFor(all: readonly TakenUp[]): Promise<LinkedTo> {
    const needs = new Map<string, LinkNeed>();
    const turns = new Turns(this.#parts.world.clock);
    for (const { claim, body } of all) {
      if (turns.areOver()) await turns.next();
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

  async #intentAnew(claim: Claim, body: unknown): Promise<PendingWrite | undefined> {
    const linked = await this.#linksFor([{ claim, body }]);
    return this.#intent(claim, decide({ sync: this.#parts.sync, claim, body, linked }));
  }

  #fateOf(claim: Claim, decision: Decision): Fate {
    const fate = afterDecision(claim, decision, this.#parts.world.clock.now());
    if (fate.to === "parked") this.#parts.report("parked", claim.sync, claim.key, fate.reason);
    return fate;
  }
}

/** The target key that another sync linked a source key to. */
type LinkedTo = (sync: string, key: string) => string | undefined;

const NO_CREATIONS: ReadonlyMap<string, DecidedWrite> = new Map();

function needsLook({ record }: Claim): boolean {
  return record === undefined || record.stale > 0 || (record.body === undefined && !record.deleted);
}

function parsed({ record }: Claim): unknown {
  return record?.body === undefined ? undefined : JSON.parse(record.body);
}

const linkId = (sync: string, key: string): string => `${sync}\n${key}`;

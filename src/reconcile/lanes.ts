// The life of one sync's work: due records are claimed, each held by one worker at a time, and given back with what became of
// them. What is done with a record meanwhile is for the sync's own kind of work.
import type { Caller } from "../call/caller.ts";
import { thrownText } from "../define/thrown-text.ts";
import type { World } from "../world/world.ts";
import type { Reader, TakenUp } from "../observe/reader.ts";
import { StoreError, type Claim, type RequestEntry, type Settlement, type Store } from "../store/store.ts";
import { tellOfWrite, type Fate } from "./after-call.ts";
import type { ArmedAhead } from "./armed-ahead.ts";
import { Gather } from "./gather.ts";
import { anyFull, NoRoom, type Full, type FullUntil } from "./no-room.ts";

/** How long to wait before a store that is full or failing is tried again, in milliseconds. */
const STORE_RETRY_MS = 1_000;
/** Faults of the store that end by themselves, or once somebody makes room. */
const PASSING: ReadonlySet<StoreError["code"]> = new Set(["full", "io", "in-use"]);
/** Records of one sync in work at once, for each call that the target takes at once: the next ones are decided meanwhile. */
const HELD_PER_CALL = 32;
/** And for each write that may be armed: one is decided, or settled, beside it. */
const HELD_PER_ARMED = 2;
/** Records that are claimed in one transaction: about ten milliseconds, and webhooks come in meanwhile. */
const CLAIMED_MAX = 1_000;
/** However few calls the limits let go, so many records are in work: most may need none. */
const IN_WORK_LEAST = 16;

/** Records in work at once, for the systems that a sync writes to and what is armed ahead of them. */
export function heldMax(
  callers: readonly Pick<Caller, "concurrencyMax">[],
  ahead: readonly Pick<ArmedAhead, "most">[],
): number {
  const perCall = callers.map(({ concurrencyMax }) => concurrencyMax * HELD_PER_CALL);
  return Math.max(...perCall, ...ahead.map(({ most }) => most * HELD_PER_ARMED));
}

export interface LanesParts {
  readonly sync: string;
  /** Records in work at once. */
  readonly heldMax: () => number;
  readonly store: Store;
  readonly world: World;
  /** These syncs have something to do now. */
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** Something happened that the sync's owner or an operator should know. */
  readonly report: (what: "parked" | "bug", sync: string, key: string, reason: string) => void;
  readonly onIdle: () => void;
  /** Until when a system that it needs takes no calls, in milliseconds since 1970. */
  readonly heldUntil: () => number;
  /** The systems that are written to. */
  readonly writesTo: readonly FullUntil[];
  /** How many writes the limits let go soon. */
  readonly room: () => number;
  /** Works on claims that were just made, each to its end. */
  readonly work: (claims: readonly Claim[]) => void;
  /** Decides records that were claimed where they were first seen; those that go on alone are the answer. */
  readonly takenUp: (all: readonly TakenUp[]) => Promise<readonly Claim[]>;
  /** What was decided and is not armed yet, when it is stopped. */
  readonly takeUnsent: () => readonly Claim[];
}

interface Settling {
  readonly settlement: Settlement;
  readonly durable: (() => void) | undefined;
}

/** What a settlement tells besides, of a two-way sync. */
export type Told = Pick<Settlement, "seen" | "conflicts">;

export class Lanes implements Reader {
  readonly #parts: LanesParts;
  readonly #settlements: Gather<Settling>;
  readonly #noRoom: readonly NoRoom[];
  #inWork = 0;
  /** Records that are on their way to be taken up. */
  #expected = 0;
  #claiming = false;
  #again = false;
  /** The last claim found nothing that is due: only what is newly noted, or becomes due, is left to do. */
  #caughtUp = false;
  readonly #caughtUpWaiters = new Set<() => void>();
  #running = false;
  #takeBackTimer: (() => void) | undefined;
  readonly #ended: (() => void)[] = [];

  constructor(parts: LanesParts) {
    this.#parts = parts;
    this.#noRoom = parts.writesTo.map((caller) => new NoRoom(caller));
    this.#settlements = new Gather(parts.world.clock, async (settlements) => {
      const { syncs } = await parts.store.settle(settlements.map(({ settlement }) => settlement));
      for (const { durable } of settlements) durable?.();
      parts.wakeSyncs(syncs);
    });
  }

  start(): void {
    this.#running = true;
    this.wake();
  }

  /** Stops claiming and resolves when what is in work has ended. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#takeBackTimer?.();
    for (const claim of this.#parts.takeUnsent()) void this.alone(claim, () => this.settle(claim, { to: "ready" }));
    while (!this.idle) await new Promise<void>((ended) => this.#ended.push(ended));
  }
  /** Begun, and not told to stop: what is decided is armed. */
  get isRunning(): boolean {
    return this.#running;
  }

  get idle(): boolean {
    return this.#inWork === 0 && !this.#claiming;
  }

  get sync(): string {
    return this.#parts.sync;
  }

  get appetite(): number {
    const isReady = this.#running && this.#caughtUp && !this.#again && !this.#isHeld();
    return isReady ? Math.max(0, this.#takenUpMost() - this.#inWork - this.#expected) : 0;
  }

  /** Who could only wait for its turn, and be given back, is not claimed. */
  #most(held: number = this.#parts.heldMax()): number {
    return Math.min(held, Math.max(IN_WORK_LEAST, this.#parts.room()));
  }

  /** Beside what is taken up where it is first seen there is room for what is due, and may be more urgent. */
  #takenUpMost(): number {
    const held = this.#parts.heldMax();
    return Math.min(this.#most(held), Math.max(IN_WORK_LEAST, held / 2));
  }

  expect(records: number): void {
    this.#expected += records;
    if (records < 0) this.#tellCaughtUp();
  }

  async hungry(records: number, waitMsMax: number): Promise<void> {
    const wanted = Math.min(records, this.#takenUpMost() / 2);
    const isHungry = (): boolean => !this.#running || this.appetite >= wanted || this.#isHeld();
    if (isHungry()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const takeBack = this.#parts.world.clock.timer(waitMsMax, resolve);
    const tell = (): void => {
      if (isHungry()) resolve();
    };
    this.#caughtUpWaiters.add(tell);
    await promise;
    takeBack();
    this.#caughtUpWaiters.delete(tell);
  }

  /** What comes after the stop is held by nobody but the store, whose closing gives it back. */
  takeUp(all: readonly TakenUp[]): void {
    if (!this.#running) return;
    this.#inWork += all.length;
    void this.together(
      all.map(({ claim }) => claim),
      () => this.#parts.takenUp(all),
    );
  }

  /** Holds so many claims that were armed already, for whoever works on them `alone`. False: it was stopped, and the store holds them. */
  hold(count: number): boolean {
    if (this.#running) this.#inWork += count;
    return this.#running;
  }

  #tellCaughtUp(): void {
    for (const tell of this.#caughtUpWaiters) tell();
  }

  /** Something may be due. */
  wake(): void {
    this.#again = true;
    if (this.#running && !this.#claiming) void this.#claimWhileRoom();
  }

  async #claimWhileRoom(): Promise<void> {
    this.#claiming = true;
    const { sync, store, world } = this.#parts;
    try {
      while (this.#running && this.#again && !this.#isHeld()) {
        const most = this.#most();
        const room = most - this.#inWork;
        // Of a backlog, claiming a few at a time costs a transaction each: wait until there is room for a batch.
        if (room < (this.#caughtUp ? 1 : most / 3)) break;
        this.#again = false;
        // What waits for its call would be held again, each time that there is room for one; what is new may need none.
        const at = world.clock.now();
        const full = anyFull(this.#noRoom, at);
        const limit = Math.min(room, CLAIMED_MAX);
        const claims = await store.claim({ sync, limit, at, dueAfter: full?.dueAfter ?? 0 });
        this.#caughtUp = claims.length === 0;
        if (claims.length === 0) await this.#sleepUntilDue(full);
        else {
          this.#again = true;
          this.#inWork += claims.length;
          this.#parts.work(claims);
        }
      }
    } catch (error) {
      // The store is full or cannot be read: nothing is lost by coming back later.
      this.#parts.report("bug", sync, "", `could not claim: ${String(error)}`);
      this.#wakeAt(world.clock.now() + 1_000);
    } finally {
      this.#claiming = false;
      this.#tellCaughtUp();
      this.#tellIfIdle();
    }
  }

  /** While either side takes no calls nothing is claimed: the work keeps its age and spends no attempts. */
  #isHeld(): boolean {
    const until = this.#parts.heldUntil();
    if (until <= this.#parts.world.clock.now()) return false;
    this.#wakeAt(until);
    return true;
  }

  async #sleepUntilDue(full: Full | undefined): Promise<void> {
    const due = await this.#parts.store.nextDue([this.#parts.sync], full?.dueAfter ?? 0);
    const at = Math.min(due ?? Infinity, full?.until ?? Infinity);
    if (at !== Infinity) this.#wakeAt(at);
  }

  #wakeAt(at: number): void {
    const { clock } = this.#parts.world;
    this.#takeBackTimer?.();
    this.#takeBackTimer = clock.timer(Math.min(Math.max(at - clock.now(), 1), 60_000), () => this.wake());
  }

  #tellIfIdle(): void {
    if (!this.idle) return;
    for (const ended of this.#ended.splice(0)) ended();
    this.#parts.onIdle();
  }

  #release(count: number): void {
    this.#inWork -= count;
    // While it is caught up, a piece of work that ended leaves nothing more to claim; what is noted wakes it.
    if (this.#running && (this.#again || !this.#caughtUp || this.#inWork === 0)) this.wake();
    this.#tellCaughtUp();
    this.#tellIfIdle();
  }

  /** Runs work of one claim to its end; what it throws is a bug, which is shown and never retried into silence. */
  async alone(claim: Claim, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.failed(claim, error);
    } finally {
      this.#release(1);
    }
  }

  /** The same for claims that share a step; those that go on alone release themselves. */
  async together(claims: readonly Claim[], work: () => Promise<readonly Claim[]>): Promise<void> {
    let goOn: readonly Claim[] = [];
    try {
      goOn = await work();
    } catch (error) {
      await Promise.all(claims.map((claim) => this.failed(claim, error)));
    } finally {
      this.#release(claims.length - goOn.length);
    }
  }

  /** A store that cannot write just now is no fault of the record: it is given back. Anything else is a bug, and parked. */
  async failed(claim: Claim, error: unknown, requests: readonly RequestEntry[] = []): Promise<void> {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : thrownText(error);
    this.#parts.report("bug", claim.sync, claim.key, reason);
    if (this.#passes(error)) await this.#storeRetry();
    const todo = "This is a fault in Bowline, a connector or the project's code: see the log, mend it, then retry.";
    const write = claim.write === undefined ? {} : { write: claim.write };
    const parked = tellOfWrite({ to: "parked", cause: "bug", reason, todo, ...write });
    await this.settle(claim, error instanceof StoreError ? { to: "ready" } : parked, requests).catch((again: unknown) =>
      this.#parts.report("bug", claim.sync, claim.key, `could not give it back: ${String(again)}`),
    );
  }

  /** A full or failing disk, or another program that writes: nothing is lost by trying again, while we run. */
  #passes(error: unknown): boolean {
    return this.#running && error instanceof StoreError && PASSING.has(error.code);
  }

  #storeRetry(): Promise<void> {
    return new Promise((wake) => this.#parts.world.clock.timer(STORE_RETRY_MS, wake));
  }

  /** What was not armed when it was stopped is for whoever starts next. */
  giveBack(claim: Claim): Promise<void> {
    return this.settle(claim, { to: "ready" }).catch((error: unknown) => this.failed(claim, error));
  }

  /** Gives the claim back with what became of it; resolves when that is durable. `durable` is told before anybody is woken by it. */
  async settle(
    claim: Claim,
    fate: Fate,
    requests: readonly RequestEntry[] = [],
    told: Told = {},
    durable?: () => void,
  ): Promise<void> {
    const { sync, key, side, seq } = claim;
    const { clock } = this.#parts.world;
    const whose = side === undefined ? {} : { side };
    const entries = requests.length > 0 ? { requests } : {};
    // What is spread first costs least, and the fate is most of it.
    const settlement = { ...fate, sync, key, seq, at: clock.now(), ...whose, ...entries, ...told };
    for (;;) {
      try {
        await this.#settlements.add({ settlement, durable }, { lingers: fate.to !== "sending" });
        if (LEAVES_DUE.has(fate.to)) this.wake();
        return;
      } catch (error) {
        // The claim stays held, and what happened is written down when there is space again.
        if (!this.#passes(error)) throw error;
        this.#parts.report("bug", sync, key, String(error));
        await this.#storeRetry();
      }
    }
  }
}

/** What comes of a claim that is due again, at once or at some time. */
const LEAVES_DUE: ReadonlySet<Fate["to"]> = new Set(["ready", "waiting", "unknown"]);

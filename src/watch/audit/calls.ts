// An audit's calls: behind all other work, held while the connection is held, tried again while it is down.
import { backoffMs } from "../../call/backoff.ts";
import type { Caller } from "../../call/caller.ts";
import type { Api } from "../../define/connector.ts";
import { CallFailed, type OutcomeKind } from "../../define/outcome.ts";
import type { RequestEntry } from "../../store/store.ts";
import type { World } from "../../world/world.ts";

/** How often in a row a call may fail by itself before the audit ends. */
const FAILURES_MAX = 20;
const HELD_LOOK_MS_MAX = 60_000;
const PASSES: ReadonlySet<OutcomeKind> = new Set(["throttled", "unavailable", "unknown", "conflict"]);

/** What a call waits for before it is made, or made again. */
export interface CallWait {
  readonly connection: string;
  /** False: it is given up or paused, until a person acts. */
  readonly isActive: boolean;
  /** When it is looked at again. */
  readonly until: number;
  /** How the last try ended; absent: there was none. */
  readonly reason?: string;
}

/** The audit was told to stop, and goes on at the next start. */
export class AuditStopped extends Error {
  override readonly name = "AuditStopped";
}

export interface Called {
  readonly connection: string;
  readonly caller: Caller;
}

export class AuditCalls {
  readonly #world: World;
  readonly #sync: string;
  readonly #waits = new Set<() => void>();
  readonly #waitsFor = new Set<CallWait>();
  #stopped = false;
  #entries: RequestEntry[] = [];
  /** Calls made since the start. */
  made = 0;

  constructor(world: World, sync: string) {
    this.#world = world;
    this.#sync = sync;
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of this.#waits) wake();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** What it waits for just now, what only a person can set going before all else. */
  get waitsFor(): CallWait | undefined {
    const all = [...this.#waitsFor];
    return all.find(({ isActive }) => !isActive) ?? all[0];
  }

  /** What is to be logged; it is given once. */
  takeEntries(): readonly RequestEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.made += entries.length;
    return entries;
  }

  async wait(delayMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waits.add(resolve);
    const takeBack = this.#world.clock.timer(Math.max(1, delayMs), resolve);
    if (!this.#stopped) await promise;
    takeBack();
    this.#waits.delete(resolve);
    this.goOn();
  }

  goOn(): void {
    if (this.#stopped) throw new AuditStopped("the audit was stopped");
  }

  /** Rejects with the last failure when it will not pass, or did not for long. */
  async call<Answer>({ connection, caller }: Called, ask: (api: Api) => Promise<Answer>): Promise<Answer> {
    let reason: string | undefined;
    const waitFor = (delayMs: number): Promise<void> =>
      this.#waitFor(delayMs, { connection, isActive: caller.isActive, ...(reason === undefined ? {} : { reason }) });
    for (let failures = 0; ;) {
      await this.#whileHeld(caller, waitFor);
      try {
        return await ask(caller.api({ priority: "backfill", sync: this.#sync, entries: this.#entries }));
      } catch (error) {
        this.goOn();
        if (!(error instanceof CallFailed)) throw error;
        const { held, kind, retryAfterMs = 0 } = error.outcome;
        if (!held && (!PASSES.has(kind) || (failures += 1) > FAILURES_MAX)) throw error;
        reason = error.message;
        await waitFor(Math.max(retryAfterMs, held ? 1_000 : backoffMs(failures - 1, this.#world.random.next())));
      }
    }
  }

  async #whileHeld(caller: Caller, waitFor: (delayMs: number) => Promise<void>): Promise<void> {
    for (;;) {
      this.goOn();
      const until = caller.heldUntil();
      const now = this.#world.clock.now();
      if (until === undefined || until <= now) return;
      await waitFor(Math.min(until - now, HELD_LOOK_MS_MAX));
    }
  }

  /** The same, told to whoever wants to know why nothing moves. */
  async #waitFor(delayMs: number, what: Omit<CallWait, "until">): Promise<void> {
    const waitsFor: CallWait = { ...what, until: this.#world.clock.now() + Math.max(1, delayMs) };
    this.#waitsFor.add(waitsFor);
    try {
      await this.wait(delayMs);
    } finally {
      this.#waitsFor.delete(waitsFor);
    }
  }
}

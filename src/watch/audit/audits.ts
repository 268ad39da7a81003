// All audits of a project: asked for or due by schedule, one at a time, going on where they were after a restart.
import type { Caller } from "../../call/caller.ts";
import type { Sync } from "../../define/sync.ts";
import type { TwoWaySync } from "../../define/two-way.ts";
import type { Log } from "../../log.ts";
import type { Both } from "../../reconcile/merge.ts";
import type { AuditRow } from "../../store/audit.ts";
import type { Store } from "../../store/store.ts";
import type { World } from "../../world/world.ts";
import { inactiveText } from "../../health.ts";
import { oneWay } from "./auditable.ts";
import type { AuditRun } from "./audit-run.ts";
import { oneWayRun } from "./one-way-run.ts";
import { pairRun } from "./pairs/pair-run.ts";
import { NO_COUNTS, type AuditAsked, type AuditProgress, type AuditResult } from "./report.ts";
import { findingOf, type StepsParts } from "./steps.ts";
import { sweepAudit } from "./sweep.ts";

/** How often it is looked whether an audit is due, in milliseconds, at the most. */
const LOOK_MS_MAX = 60 * 60_000;
const LOOK_AFTER_FAILURE_MS = 60_000;
/** The last audits whose listings are looked for at a start. */
const SWEPT_AGAIN = 20;

export interface AuditSchedule {
  readonly everyMs: number;
  /** So many differences are mended unasked; more are only told. */
  readonly repairUpTo: number;
}

export interface Audited {
  readonly schedule?: AuditSchedule;
  /** One audit of it, begun or going on. */
  readonly run: (parts: StepsParts, row: AuditRow) => AuditRun;
}

export function auditedOneWay(sync: Sync, source: Caller, target: Caller): Audited {
  const { audit } = sync;
  const auditable = oneWay(sync);
  const run: Audited["run"] = (parts, row) => oneWayRun({ ...parts, auditable, source, target }, row);
  return { run, ...(audit === undefined ? {} : { schedule: audit }) };
}

export function auditedTwoWay(sync: TwoWaySync, callers: Both<Caller>): Audited {
  const { audit } = sync;
  const run: Audited["run"] = (parts, row) => pairRun({ ...parts, sync, callers }, row);
  return { run, ...(audit === undefined ? {} : { schedule: audit }) };
}

export interface AuditsParts {
  readonly audited: ReadonlyMap<string, Audited>;
  readonly store: Store;
  readonly world: World;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  readonly log: Log;
  readonly onIdle: () => void;
}

/** An audit as people see it. */
export interface AuditView {
  readonly id: number;
  readonly sync: string;
  readonly state: AuditRow["state"];
  readonly asked: AuditAsked;
  readonly stage: AuditProgress["stage"];
  readonly counts: AuditProgress["counts"];
  readonly beganAt: number;
  readonly endedAt?: number;
  readonly result?: AuditResult;
  /** Why it does not go on just now. */
  readonly waits?: AuditWait;
}

export interface AuditWait {
  readonly connection: string;
  readonly reason: string;
  /** Only a person can set it going: its connection is given up or paused. */
  readonly forPerson: boolean;
  /** When it tries, or looks, again. */
  readonly until: number;
}

export interface AuditBegun {
  readonly id: number;
  /** It was under way before. */
  readonly already: boolean;
}

export class Audits {
  readonly #parts: AuditsParts;
  readonly #queue: number[] = [];
  /** Whoever asks is answered after those who asked before, so that of two at once the second goes on with the audit of the first. */
  #asking: Promise<unknown> = Promise.resolve();
  #run: AuditRun | undefined;
  #ended: Promise<void> | undefined;
  #takeBackTimer: (() => void) | undefined;
  #started = false;
  #stopped = false;

  constructor(parts: AuditsParts) {
    this.#parts = parts;
  }

  /** Goes on with what was under way, and begins what is due. */
  async start(): Promise<void> {
    this.#started = true;
    const running = await this.#parts.store.audits({ state: "running", limit: 1_000 });
    for (const { id } of running.toReversed()) this.#enqueue(id);
    // One that ended may have been cut off while it was swept.
    for (const { id, state } of await this.#parts.store.audits({ limit: SWEPT_AGAIN })) {
      if (state !== "running") await sweepAudit(this.#parts.store, id, () => this.#stopped);
    }
    this.#lookLater(1);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#takeBackTimer?.();
    this.#queue.length = 0;
    this.#run?.stop();
    await this.#ended;
  }

  get idle(): boolean {
    return this.#run === undefined && this.#queue.length === 0;
  }

  /** Begins one; where the sync has one that is not ended, that one goes on. Undefined: there is no such sync. */
  ask(sync: string, asked: AuditAsked): Promise<AuditBegun> {
    const begun = this.#asking.then(() => this.#begin(sync, asked));
    this.#asking = begun.catch(() => undefined);
    return begun;
  }

  async #begin(sync: string, asked: AuditAsked): Promise<AuditBegun> {
    const { store, world } = this.#parts;
    const [running] = await store.audits({ sync, state: "running", limit: 1 });
    if (running !== undefined) {
      this.#enqueue(running.id);
      return { id: running.id, already: true };
    }
    const first: AuditProgress = { stage: asked.sample === undefined ? "source" : "sample", counts: NO_COUNTS };
    const id = await store.beginAudit(sync, JSON.stringify(asked), JSON.stringify(first), world.clock.now());
    this.#enqueue(id);
    return { id, already: false };
  }

  async view(filter: {
    readonly sync?: string;
    readonly id?: number;
    readonly limit: number;
  }): Promise<readonly AuditView[]> {
    const rows = await this.#parts.store.audits(filter);
    const waiting = await this.#waits();
    return rows.map((row) => {
      const kept = JSON.parse(row.progress) as AuditProgress;
      const { stage, counts } = this.#run?.id === row.id ? this.#run.progress : kept;
      const { id, sync, state, beganAt, endedAt, result } = row;
      return {
        id,
        sync,
        state,
        asked: JSON.parse(row.asked) as AuditAsked,
        stage,
        counts,
        beganAt,
        ...(endedAt === undefined ? {} : { endedAt }),
        ...(result === undefined ? {} : { result: JSON.parse(result) as AuditResult }),
        ...(waiting !== undefined && state === "running" && this.#isHeldUp(id) ? { waits: waiting } : {}),
      };
    });
  }

  /** One at a time: what the one under way waits for holds up those behind it, too. */
  #isHeldUp(id: number): boolean {
    return this.#run?.id === id || this.#queue.includes(id);
  }

  async #waits(): Promise<AuditWait | undefined> {
    const waitsFor = this.#run?.waitsFor;
    if (waitsFor === undefined) return undefined;
    const { connection, isActive, until, reason = `connection ${connection} takes no calls for now` } = waitsFor;
    const known = isActive ? undefined : await this.#parts.store.connectionState(connection);
    const inactive = known === undefined || known.state === "active" ? undefined : inactiveText(connection, known);
    return { connection, reason: inactive ?? reason, forPerson: !isActive, until };
  }

  async findings(id: number, query: { readonly kind?: string; readonly after?: string; readonly limit: number }) {
    const rows = await this.#parts.store.auditFindings(id, query.kind, query.after, query.limit);
    return rows.filter(({ kind }) => kind !== "suspect").map(findingOf);
  }

  #enqueue(id: number): void {
    if (this.#stopped || this.#run?.id === id || this.#queue.includes(id)) return;
    this.#queue.push(id);
    if (this.#run === undefined) this.#ended = this.#runAll();
  }

  async #runAll(): Promise<void> {
    for (let id = this.#queue.shift(); id !== undefined && !this.#stopped; id = this.#queue.shift()) {
      await this.#runOne(id).catch((error: unknown) =>
        this.#parts.log("error", `could not keep what an audit found: ${String(error)}; it goes on at the next start`),
      );
      this.#run = undefined;
    }
    this.#parts.onIdle();
    if (this.#started && !this.#stopped) this.#lookLater(1);
  }

  async #runOne(id: number): Promise<void> {
    const { store, world, wakeSyncs, audited } = this.#parts;
    const [row] = await store.audits({ id, limit: 1 });
    const one = audited.get(row?.sync ?? "");
    if (row === undefined || one === undefined || row.state !== "running") return;
    this.#run = one.run({ store, world, wakeSyncs }, row);
    if (this.#stopped) return;
    await this.#run.run();
    await this.#tell(id);
  }

  /** The log says what was found; whoever asked reads more. */
  async #tell(id: number): Promise<void> {
    if (this.#stopped) return;
    const [{ sync, result, state } = { sync: "", result: undefined, state: "running" }] = await this.view({
      id,
      limit: 1,
    });
    if (result === undefined) return;
    const level = state === "failed" ? "error" : result.verdict === "agree" ? "info" : "warn";
    this.#parts.log(level, `audit of ${sync}: ${result.summary}`, { sync, ...result.counts });
  }

  // ------------------------------------------------------------ by schedule

  #lookLater(delayMs: number): void {
    this.#takeBackTimer?.();
    this.#takeBackTimer = this.#parts.world.clock.timer(Math.min(Math.max(delayMs, 1), LOOK_MS_MAX), () => {
      this.#beginDue().then(
        (waitMs) => this.#stopped || this.#lookLater(waitMs),
        (error: unknown) => {
          this.#parts.log("warn", `could not see which audit is due: ${String(error)}`);
          if (!this.#stopped) this.#lookLater(LOOK_AFTER_FAILURE_MS);
        },
      );
    });
  }

  /** Begins what is due, and says how long until the next is. */
  async #beginDue(): Promise<number> {
    const { audited, store, world } = this.#parts;
    let waitMs = LOOK_MS_MAX;
    for (const [sync, { schedule }] of audited) {
      if (schedule === undefined) continue;
      const [last] = await store.audits({ sync, limit: 1 });
      const now = world.clock.now();
      // A new sync has nothing to compare yet: its first audit comes after its first interval.
      const from = last?.beganAt ?? this.#beganAt(sync, now);
      const dueAt = from + schedule.everyMs;
      // A clock that was ahead and was set back puts the next one off by no more than one interval.
      if (dueAt > now && from - now <= schedule.everyMs) waitMs = Math.min(waitMs, dueAt - now);
      else await this.ask(sync, { scheduled: true, repair: { upTo: schedule.repairUpTo } });
    }
    return waitMs;
  }

  readonly #firstSeen = new Map<string, number>();
  #beganAt(sync: string, now: number): number {
    const first = Math.min(this.#firstSeen.get(sync) ?? now, now);
    this.#firstSeen.set(sync, first);
    return first;
  }
}

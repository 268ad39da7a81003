// One small world from its seed: a backup, what is lost after it, the backup put back, once or twice; and when all is quiet, what the
// providers themselves show.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { backUpState, restoreState } from "../../src/store/backup.ts";
import { virtualUntil } from "../../src/testing/virtual-until.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import type { ConflictRow } from "../../src/store/two-way.ts";
import { mortalEngine, type Mortal } from "../ambiguous/mortal.ts";
import { BooksWorld } from "./books-world.ts";
import type { KeptWorld, Lost } from "./kept.ts";
import type { Marker } from "./markers.ts";
import type { Plant } from "./options.ts";
import { PeopleWorld } from "./people-world.ts";
import { lengthMs, MINUTE_MS, SECOND_MS, settingOf, type Restore, type Setting } from "./setting.ts";
import type { ToldChange } from "./source.ts";
import { Wire } from "./wire.ts";
import type { SeedOptions } from "../worlds-worker.ts";

export interface SeedResult {
  readonly seed: number;
  readonly setting: Setting;
  readonly problems: readonly string[];
  readonly questions: number;
  readonly orphans: number;
  readonly changes: number;
  readonly restores: number;
  readonly met: readonly Marker[];
  /** What the engine itself called an error. */
  readonly errors: readonly string[];
  /** Of all that went over the wire. */
  readonly trace: string;
}

const STEP_MS = 20 * SECOND_MS;
const ROWS_MAX = 10_000;
/** A webhook comes so much later at the most. */
const TOLD_MS_MAX = 3_000;
/** What waited longest is tried again within this. */
const PATIENCE_MS = 10 * MINUTE_MS;

export async function runSeed({ seed, plant, folder }: SeedOptions<Plant>): Promise<SeedResult> {
  const here = await mkdtemp(join(folder, "world-"));
  const run = new SeedRun(seed, plant, here);
  try {
    return await run.run();
  } finally {
    await run.end();
    await rm(here, { recursive: true, force: true });
  }
}

class SeedRun {
  readonly #seed: number;
  readonly #plant: Plant | undefined;
  readonly #folder: string;
  readonly #clock = new VirtualClock();
  readonly #random: SeededRandom;
  /** Of all lives: no two draw the same keys. */
  readonly #engineRandom: SeededRandom;
  readonly #setting: Setting;
  readonly #world: KeptWorld;
  readonly #wire: Wire;
  readonly #trace = createHash("sha256");
  readonly #errors: string[] = [];
  readonly #met = new Set<Marker>();
  readonly #lost: Lost[] = [];
  /** What the lives kept of values that lost, those included that nobody remembers. */
  readonly #conflicts: ConflictRow[] = [];
  #mortal: Mortal | undefined;
  #backup: { readonly path: string; readonly at: number } | undefined;
  #backups = 0;
  #changes = 0;
  #told = 0;

  constructor(seed: number, plant: Plant | undefined, folder: string) {
    this.#seed = seed;
    this.#plant = plant;
    this.#folder = folder;
    this.#random = new SeededRandom(seed);
    this.#engineRandom = new SeededRandom(seed + 1);
    const [clock, random] = [this.#clock, this.#random];
    const setting = settingOf(random);
    this.#setting = setting;
    this.#world = setting.isTwoWay
      ? new PeopleWorld(clock, random, setting)
      : new BooksWorld({ clock, random, setting, onChange: (change) => this.#tell(change) });
    const { handlers } = this.#world;
    this.#wire = new Wire({ clock, random, troubleShare: setting.troubleShare, handlers, trace: this.#trace });
  }

  async run(): Promise<SeedResult> {
    this.#world.populate();
    this.#planTraffic();
    await this.#begin();
    for (const restore of this.#setting.restores) await this.#bringBack(restore);
    await this.#clock.advance(this.#setting.afterMs);
    this.#wire.calm();
    await this.#settle();
    const { control } = this.#living.engine;
    const parked = await control.parked({ limit: ROWS_MAX });
    await this.#keepConflicts();
    const conflicts = this.#conflicts;
    const { met, ...judged } = this.#world.judge({ parked, conflicts, lost: this.#lost });
    return {
      seed: this.#seed,
      setting: this.#setting,
      ...judged,
      changes: this.#changes,
      restores: this.#lost.length,
      met: [...this.#met, ...met],
      errors: this.#errors,
      trace: this.#trace.digest("hex"),
    };
  }

  async end(): Promise<void> {
    await this.#mortal?.kill();
  }

  get #living(): Mortal {
    if (this.#mortal === undefined) throw new Error("Bowline is down: expected it to be up here");
    return this.#mortal;
  }

  get #path(): string {
    return join(this.#folder, "state.db");
  }

  /** All changes of the world at their times; of those between a backup and a death there are more. */
  #planTraffic(): void {
    const { changesPerMinute, restores } = this.#setting;
    const total = lengthMs(this.#setting);
    const change = (): void => {
      this.#changes += 1;
      if (this.#mortal === undefined) this.#met.add("edited-while-down");
      this.#world.changeOne();
    };
    const count = Math.min(80, Math.round((total / MINUTE_MS) * changesPerMinute));
    for (let planned = 0; planned < count; planned += 1) this.#clock.timer(this.#random.next() * total, change);
    const [{ backupAfterMs = 0, ageMs }] = restores as [Restore];
    for (let planned = 0; planned < 6; planned += 1) {
      this.#clock.timer(backupAfterMs + this.#random.next() * ageMs, change);
    }
  }

  async #begin(): Promise<void> {
    this.#mortal = await mortalEngine({
      project: this.#world.project,
      dataPath: this.#path,
      plants: new Set(this.#plant === undefined ? [] : [this.#plant]),
      world: { clock: this.#clock, random: this.#engineRandom, network: this.#wire.network },
      log: (level, message) => {
        if (level === "error") this.#errors.push(message);
      },
    });
    await this.#mortal.engine.start();
  }

  async #bringBack({ backupAfterMs, ageMs, isOrderly, downMs, diesAgainAfterMs }: Restore): Promise<void> {
    const clock = this.#clock;
    if (backupAfterMs !== undefined) await this.#backUp(backupAfterMs);
    else this.#met.add("same-backup-twice");
    await clock.advance(ageMs);
    await this.#die(isOrderly);
    const diedAt = clock.now();
    await clock.advance(downMs);
    await this.#restore(diedAt);
    if (diesAgainAfterMs === undefined) return;
    await clock.advance(diesAgainAfterMs);
    const { restored, syncs } = await this.#living.engine.control.status();
    const isCatchingUp = restored !== undefined || syncs.some(({ unknown, ready }) => unknown + ready > 0);
    if (isCatchingUp) this.#met.add("died-catching-up");
    await this.#die(false);
    await this.#begin();
  }

  async #backUp(afterMs: number): Promise<void> {
    const { outageMs } = this.#setting;
    const outBeforeMs = this.#backups === 0 ? Math.min(outageMs / 2, afterMs) : 0;
    await this.#clock.advance(afterMs - outBeforeMs);
    if (this.#backups === 0) this.#wire.downUntil.set(this.#world.written, this.#clock.now() + outageMs);
    await this.#clock.advance(outBeforeMs);
    const { syncs } = await this.#living.engine.control.status();
    if (syncs.some(({ ready, waiting, sending, unknown }) => ready + waiting + sending + unknown > 0)) {
      this.#met.add("pending-at-backup");
    }
    if (syncs.some(({ sending, unknown }) => sending + unknown > 0)) this.#met.add("unknown-at-backup");
    this.#backups += 1;
    const [path, at] = [join(this.#folder, `backup-${this.#backups}.db`), this.#clock.now()];
    await backUpState(this.#path, path, at);
    this.#backup = { path, at };
  }

  async #die(isOrderly: boolean): Promise<void> {
    const dying = this.#living;
    await this.#keepConflicts();
    this.#mortal = undefined;
    if (!isOrderly) return dying.kill();
    this.#met.add("stopped-orderly");
    await virtualUntil(this.#clock, dying.engine.stop());
  }

  async #keepConflicts(): Promise<void> {
    this.#conflicts.push(...(await this.#living.engine.control.conflicts({ limit: ROWS_MAX })));
  }

  async #restore(diedAt: number): Promise<void> {
    if (this.#backup === undefined) throw new Error("nothing to restore: expected a backup before the first restore");
    const { path, at: backupAt } = this.#backup;
    const beganAt = this.#clock.now();
    await restoreState(path, this.#path, { processId: process.pid, at: beganAt });
    this.#lost.push({ backupAt, diedAt, beganAt });
    if (this.#lost.length > 1) this.#met.add("restored-twice");
    this.#world.restored();
    await this.#begin();
  }

  #tell(change: ToldChange): void {
    if (this.#random.next() >= this.#setting.webhookShare) return;
    this.#told += 1;
    const dedupeId = String(this.#told);
    this.#clock.timer(this.#random.next() * TOLD_MS_MAX, () => void this.#deliver(dedupeId, change));
  }

  /** Becomes durable, as behind the edge, and is taken up; nobody is there to take it while Bowline is down. */
  async #deliver(dedupeId: string, change: ToldChange): Promise<void> {
    const mortal = this.#mortal;
    if (mortal === undefined) return;
    const body = Buffer.from(JSON.stringify(change));
    try {
      await mortal.store.ingest([{ connection: "source", dedupeId, at: this.#clock.now(), headers: {}, body }]);
      // Nothing is that new: it only wakes whoever takes up what came in.
      await mortal.engine.control.replay({ since: Number.MAX_SAFE_INTEGER });
    } catch (error) {
      if (mortal === this.#mortal) throw error;
    }
  }

  /** Long enough that everything shows, is listed once in full, is looked up, and is tried again. */
  async #settle(): Promise<void> {
    const { listLagMs, searchLagMs, everythingEveryMs } = this.#setting;
    const until = this.#clock.now() + listLagMs + searchLagMs + everythingEveryMs + PATIENCE_MS;
    while (this.#clock.now() < until) await this.#clock.advance(STEP_MS);
  }
}

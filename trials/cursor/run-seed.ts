// One small world from its seed: a provider with its quirks, the whole engine in virtual time, hours of edits, and at the end
// what Bowline knows compared with the truth.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import type { Random } from "../../src/world/world.ts";
import { beginLife, type Life } from "./life.ts";
import type { Marker } from "./markers.ts";
import type { Plant } from "./options.ts";
import { trialProject } from "./project.ts";
import { Provider } from "./provider.ts";
import { declaredFor, HOUR_MS, MINUTE_MS, quirksOf, type Quirks } from "./quirks.ts";
import { missedIn, readsIn, type Reads } from "./truth.ts";
import { Wire } from "./wire.ts";
import type { SeedOptions } from "../worlds-worker.ts";

export interface SeedResult {
  readonly seed: number;
  readonly quirks: Quirks;
  readonly changes: number;
  /** Changes that were never read, nor anything later of their records, in words. */
  readonly missed: readonly string[];
  readonly reads: Reads;
  readonly pages: number;
  readonly restarts: number;
  readonly met: readonly Marker[];
  /** What the engine itself called an error. */
  readonly errors: readonly string[];
  /** Of all that went over the wire, and of what was known at the end. */
  readonly trace: string;
}

const STEP_MS = 4 * MINUTE_MS;
const FIRST_RECORDS_MAX = 24;
const CHANGES_PER_HOUR = 7;
const EDITED_AROUND_JUMP = 3;

export async function runSeed({ seed, plant, folder }: SeedOptions<Plant>): Promise<SeedResult> {
  const random = new SeededRandom(seed);
  const quirks = quirksOf(random);
  const clock = new VirtualClock();
  const provider = new Provider({ clock, random, quirks });
  const trace = createHash("sha256");
  const errors: string[] = [];
  const here = await mkdtemp(join(folder, "world-"));
  let life: Life | undefined;
  const onPage = (): void => {
    if (random.next() >= quirks.restartShare) return;
    provider.met.add("restarted-between-pages");
    // The page is on its way: it comes, or it does not; the next one is never asked for.
    const dying = life;
    clock.timer(random.next() * 2_000, () => dying?.die());
  };
  const wire = new Wire({ clock, random, quirks, provider, trace, onPage });
  const begin = (): Promise<Life> =>
    beginLife({
      project: trialProject(quirks, plant),
      dataPath: join(here, "state.db"),
      world: { clock, random: new SeededRandom(seed + 1), network: wire },
      plants: new Set(plant === "cursor-max-updated" ? [plant] : []),
      log: (level, message) => {
        if (level === "error" || process.env["CURSOR_DEBUG"])
          errors.push(`${new Date(clock.now()).toISOString()} ${message}`);
      },
    });
  let restarts = 0;
  try {
    populate(provider, random);
    plan(provider, clock, random, quirks);
    const startedAt = clock.now();
    const pauseAt = startedAt + HOUR_MS + random.next() * (quirks.activeMs - HOUR_MS);
    let isPaused = quirks.pauseMs === 0;
    life = await begin();
    for (;;) {
      await clock.advance(STEP_MS);
      if (!isPaused && clock.now() >= pauseAt) {
        isPaused = true;
        life.die();
        await clock.advance(quirks.pauseMs);
        if (quirks.pauseMs > (quirks.lookbackMs ?? Number.POSITIVE_INFINITY))
          provider.met.add("paused-beyond-lookback");
      }
      if (life.isOver) {
        await life.bury();
        await clock.advance(random.next() * 10 * MINUTE_MS);
        restarts += 1;
        life = await begin();
      }
      // Edits go on for so long, whether or not the pause has come: a life that ends just before it may take its time.
      if (clock.now() - startedAt > quirks.activeMs + quirks.pauseMs) break;
    }
    wire.calm();
    for (const until = clock.now() + settleMs(quirks); clock.now() < until;) {
      await clock.advance(STEP_MS);
      if (!life.isOver) continue;
      await life.bury();
      restarts += 1;
      life = await begin();
    }
    const missed = await missedIn(provider, life.store, trace);
    const reads = readsIn({ wire, quirks, restarts });
    return {
      seed,
      quirks,
      changes: provider.changes,
      missed,
      reads,
      pages: wire.pages,
      restarts,
      met: [...provider.met],
      errors,
      trace: trace.digest("hex"),
    };
  } finally {
    await life?.bury();
    await rm(here, { recursive: true, force: true });
  }
}

/** Long enough that everything shows, is polled or listed, and is looked at. */
function settleMs(quirks: Quirks): number {
  const whole = quirks.deletions === "none" ? declaredFor(quirks).everythingEveryMs : 0;
  return quirks.lagMsMax + whole + 3 * quirks.pollEveryMs + 30 * MINUTE_MS;
}

function populate(provider: Provider, random: Random): void {
  const records = Math.floor(random.next() * FIRST_RECORDS_MAX);
  for (let made = 0; made < records; made += 1) provider.create();
}

/** The edits of the whole world, at their times; some are of many records in one moment. */
function plan(provider: Provider, clock: VirtualClock, random: Random, quirks: Quirks): void {
  const lengthMs = quirks.activeMs + quirks.pauseMs;
  const { jump } = quirks.clock;
  if (jump !== undefined) planAround(jump.afterMs, provider, clock, random);
  const count = Math.round((lengthMs / HOUR_MS) * CHANGES_PER_HOUR * (0.5 + random.next()));
  for (let planned = 0; planned < count; planned += 1) {
    const many = random.next() < 0.08 ? 3 + Math.floor(random.next() * 12) : 1;
    clock.timer(random.next() * lengthMs, () => {
      for (let made = 0; made < many; made += 1) changeOne(provider, random);
    });
  }
}

/** The same records edited before and after the clock is set back: their later stamps are the smaller ones. */
function planAround(jumpMs: number, provider: Provider, clock: VirtualClock, random: Random): void {
  const keys = provider.keys().slice(0, EDITED_AROUND_JUMP);
  for (const key of keys) {
    for (const side of [-1, 1]) {
      clock.timer(Math.max(0, jumpMs + side * random.next() * 4 * MINUTE_MS), () => void provider.edit(key));
    }
  }
}

function changeOne(provider: Provider, random: Random): void {
  const keys = provider.keys();
  const what = random.next();
  const key = keys[Math.floor(random.next() * keys.length)];
  if (key === undefined || what < 0.25) return void provider.create();
  const isDeleted = provider.latest(key)?.deleted === true;
  if (what < 0.45 && !isDeleted) provider.remove(key);
  else if (!isDeleted || what < 0.7) provider.edit(key);
}

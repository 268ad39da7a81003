// Runs some trials of one cell: each is a record of its own, whose write meets the cell's fault. In virtual time, with the
// whole engine on a real file of state; at the end the provider's truth is compared with what Bowline believes.
import { join } from "node:path";
import type { Engine } from "../../src/engine.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import type { World } from "../../src/world/world.ts";
import { nameOf, type Cell } from "./cells.ts";
import { mortalEngine, type Mortal } from "./mortal.ts";
import type { Plant } from "./options.ts";
import { SYNC, trialProject } from "./project.ts";
import { Provider, RETENTION_MS, SEARCH_LAG_MS } from "./provider.ts";
import { Wire } from "./wire.ts";

export interface Batch {
  readonly cell: Cell;
  readonly seed: number;
  readonly records: number;
  readonly folder: string;
  readonly plant: Plant | undefined;
}

/** How one trial ended. */
export interface Ending {
  readonly ref: string;
  /** Objects at the provider. */
  readonly objects: number;
  /** Bowline says that it is done, and links it to this object. */
  readonly linkedTo: string | undefined;
  /** It is linked to an object of this very record. */
  readonly isTrue: boolean;
  readonly parked: string | undefined;
  readonly faultMet: boolean;
}

export interface BatchResult {
  readonly endings: readonly Ending[];
  /** What the engine itself called an error. */
  readonly errors: readonly string[];
}

/** Steps of virtual time while there is something to do, and how many at the most. */
const STEP_MS = 60_000;
const STEPS_MAX = 24 * 60;
/** Seeds of two batches' records do not meet. */
const RECORDS_MAX = 10_000;
/** Longer than the longest late landing. */
const LANDED_MS = 300_000;

export async function runBatch({ cell, seed, records, folder, plant }: Batch): Promise<BatchResult> {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const canLookUp = cell.class === "upsert" ? false : random.next() < 0.5;
  const isLagging = plant === "lag-understated";
  const provider = new Provider({ clock, searchLagMs: isLagging ? 20 * SEARCH_LAG_MS : SEARCH_LAG_MS });
  const refs = Array.from({ length: records }, (_, index) => `r${index + 1}`);
  const downMs = cell.retention === "outside" ? RETENTION_MS + random.next() * 3_600_000 : random.next() * 60_000;
  const randomOf = new Map(refs.map((ref, index) => [ref, new SeededRandom(seed * RECORDS_MAX + index)]));
  const wire = new Wire({ cell, clock, randomOf, provider, outageMs: cell.crash ? 0 : outageOf(cell, downMs) });
  const world: World = { clock, random, network: wire };
  const errors: string[] = [];
  const open = (): Promise<Mortal> =>
    mortalEngine({
      project: trialProject({
        class: cell.class,
        canLookUp,
        recordsAtOnce: records,
        ...(plant === "retention-overstated" ? { retentionMs: 50 * RETENTION_MS } : {}),
      }),
      dataPath: join(folder, `${seed}.db`),
      world,
      plants: new Set(plant === "key-per-attempt" || plant === "no-intent" ? [plant] : []),
      log: (level, message) => {
        if (level === "error") errors.push(`${nameOf(cell)}, seed ${seed}: ${message}`);
      },
    });
  let mortal = await open();
  await mortal.engine.start();
  await advanceUntil(clock, wire.struck);
  if (cell.crash) {
    await mortal.kill();
    await clock.advance(downMs);
    mortal = await open();
    await mortal.engine.start();
  }
  await rest(mortal.engine, clock);
  wire.mend();
  // Whatever is still on its way lands, and everything is read again: none of it may change anything.
  await clock.advance(LANDED_MS);
  await mortal.engine.control.sync(SYNC, { full: true });
  await rest(mortal.engine, clock);
  const endings = await endingsOf(mortal, provider, wire, refs);
  await advanceUntil(clock, mortal.engine.stop());
  return { endings, errors };
}

/** Nothing comes through until the keys are forgotten, where the cell wants that; else the fault comes alone. */
function outageOf({ retention }: Cell, downMs: number): number {
  return retention === "outside" ? downMs : 0;
}

async function advanceUntil(clock: VirtualClock, promise: Promise<void>): Promise<void> {
  let come = false;
  void promise.then(() => (come = true));
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await clock.advance(come ? 0 : 1_000);
    if (come) return;
  }
  throw new Error("could not go on: expected the faults to be met within the trial's time, and they were not");
}

/** Lets time pass until nothing waits but what is parked. */
async function rest({ control }: Engine, clock: VirtualClock): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await clock.advance(STEP_MS);
    const { syncs } = await control.status();
    const [counted] = syncs;
    if (counted !== undefined && counted.ready + counted.waiting + counted.sending + counted.unknown === 0) return;
  }
}

async function endingsOf(
  { engine, links }: Mortal,
  provider: Provider,
  wire: Wire,
  refs: readonly string[],
): Promise<readonly Ending[]> {
  const linked = await links();
  const parked = new Map((await engine.control.parked({})).map(({ key, cause }) => [key, cause]));
  return refs.map((ref) => {
    const linkedTo = linked.get(ref);
    const made = provider.of(ref);
    return {
      ref,
      objects: made.length,
      linkedTo,
      isTrue: made.some(({ id }) => id === linkedTo),
      parked: parked.get(ref),
      faultMet: wire.met.has(ref),
    };
  });
}

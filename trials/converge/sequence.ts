// One sequence: a world of its own, what is done in it, and what holds after every step and in the end.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plants } from "../../src/world/plant.ts";
import { judge } from "./judge.ts";
import type { Kind, Operation } from "./operations.ts";
import { perform } from "./perform.ts";
import { settle } from "./settle.ts";
import type { Setting } from "./setting.ts";
import { linksOf } from "./view.ts";
import { TrialWorld } from "./world.ts";

/** What a sequence adds to the figures. */
export interface Tally {
  readonly operations: Readonly<Partial<Record<Kind, number>>>;
  /** Kept by Bowline, by rule. */
  readonly conflicts: Readonly<Record<string, number>>;
  readonly parked: Readonly<Record<string, number>>;
  readonly edits: number;
  readonly writes: number;
  readonly webhooksLost: number;
  readonly unprotected: number;
}

export interface SequenceOptions {
  readonly setting: Setting;
  readonly folder: string;
  readonly plants: Plants;
  /** Called with the operations in their order. */
  readonly run: (live: Live) => Promise<void>;
}

/** What operations are done in. */
export interface Live {
  readonly world: TrialWorld;
  do(operation: Operation): Promise<boolean>;
}

export interface Ended {
  readonly problems: readonly string[];
  readonly tally: Tally;
  readonly trace: string;
}

const TROUBLES: ReadonlySet<Kind> = new Set(["crash", "down", "fail-after-effect", "lose-base", "merge"]);

let files = 0;

export async function runSequence({ setting, folder, plants, run }: SequenceOptions): Promise<Ended> {
  files += 1;
  const dataPath = join(folder, `${files}.db`);
  const world = new TrialWorld({ setting, dataPath, plants });
  const operations: Partial<Record<Kind, number>> = {};
  const live: Live = {
    world,
    async do(operation) {
      if (world.ledger.violations.length > 0) return false;
      const done = await perform(world, operation);
      if (TROUBLES.has(operation.do)) world.troubles += 1;
      if (done) operations[operation.do] = (operations[operation.do] ?? 0) + 1;
      await lookOn(world);
      return done;
    },
  };
  try {
    for (let made = 0; made < setting.initial; made += 1) await live.do({ do: "create-both" });
    await world.start();
    await live.do({ do: "wait", ms: 3_000 });
    await run(live);
    const settled = await settle(world);
    const problems = judge(world, settled);
    const { counts } = world.ledger;
    const tally: Tally = {
      operations,
      conflicts: countedBy(settled.view.conflicts, ({ rule }) => rule),
      parked: countedBy(settled.view.parked, ({ cause }) => cause),
      edits: counts.edits,
      writes: world.providers.reduce((sum, { writes }) => sum + writes, 0),
      webhooksLost: world.webhooksLost,
      unprotected: counts.unprotected,
    };
    world.trace.update(JSON.stringify(tally));
    return { problems, tally, trace: world.trace.digest("hex") };
  } finally {
    await world.end();
    for (const end of ["", "-wal", "-shm"]) await rm(`${dataPath}${end}`, { force: true });
  }
}

/** After every operation: what is linked by now is known to have a base. */
async function lookOn(world: TrialWorld): Promise<void> {
  if (!world.isUp) return;
  world.ledger.linkedNow((await linksOf(world.mortal, world.setting)).map(({ keys }) => keys));
}

function countedBy<Row>(rows: readonly Row[], name: (row: Row) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[name(row)] = (counts[name(row)] ?? 0) + 1;
  return counts;
}

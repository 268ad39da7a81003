// The dust settles: troubles end, every webhook that was not lost comes in, everything is listed, and time passes until nothing
// is left to do. Then everything is looked at once more, which must write nothing.
import type { TrialWorld } from "./world.ts";
import { isResting, viewOf, type View } from "./view.ts";

export interface Settled {
  readonly view: View;
  /** Writes of the second pass. */
  readonly writesAgain: number;
  /** It came to rest within the time it was given. */
  readonly rests: boolean;
}

const STEP_MS = 20_000;
/** Six hours: a provider that was down is tried again within minutes, a lost answer is resolved within as many. */
const STEPS_MAX = 1_080;
/** What a listing that was asked for needs to begin, and an automation to follow a write. */
const BEGIN_MS = 5_000;
/** An automation edits once after a write of ours; what goes on for longer is found by the last pass. */
const PASSES_MAX = 4;
/** How long a pair is left alone that was written so often that it looks like a loop: the default of two-way syncs. */
const LOOP_MS = 600_000;

export async function settle(world: TrialWorld): Promise<Settled> {
  if (world.ledger.isRunaway) return { view: NOTHING, writesAgain: 0, rests: true };
  for (const provider of world.providers) {
    provider.downUntil = 0;
    provider.failuresAfterEffect = 0;
    provider.brokenPages = 0;
    provider.onceWritten = undefined;
  }
  if (!world.isUp) await world.start();
  let rests = await rest(world);
  for (let pass = 0; pass === 0 || (pass < PASSES_MAX && (await isUnfinished(world))); pass += 1) {
    // Whoever is left alone until the last pass would write in it.
    if (await isTakenForLoop(world)) await world.clock.advance(LOOP_MS);
    rests = (await look(world)) && rests;
  }
  const before = writesOf(world);
  // What Bowline itself did is told to it, too.
  rests = (await look(world)) && rests;
  return { view: await viewOf(world.mortal, world.setting), writesAgain: writesOf(world) - before, rests };
}

/** Lets everything be looked at: each webhook that was not lost, then a full listing. False: it did not come to rest. */
async function look(world: TrialWorld): Promise<boolean> {
  for (const { system, hooks } of world.providers) {
    for (const hook of hooks.splice(0)) await world.deliver(system, hook);
  }
  const rested = await rest(world);
  await world.ask(true);
  return (await rest(world)) && rested;
}

/** What an automation edited after it was listed has to go across as well, and what was taken for a loop until now. */
const isUnfinished = async (world: TrialWorld): Promise<boolean> => isAutomated(world) || (await isTakenForLoop(world));

/** People may edit one contact so often that it looks like a loop. */
async function isTakenForLoop({ mortal }: TrialWorld): Promise<boolean> {
  return (await mortal.store.parked({ cause: "loop", limit: 1 })).length > 0;
}

const isAutomated = ({ providers }: TrialWorld): boolean =>
  providers.some(({ hooks }) => hooks.some(({ actor }) => actor === "automation"));

const NOTHING: View = { links: [], parked: [], conflicts: [] };

async function rest(world: TrialWorld): Promise<boolean> {
  await world.clock.advance(BEGIN_MS);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (world.ledger.isRunaway || (await isResting(world.mortal))) return true;
    await world.clock.advance(STEP_MS);
  }
  return false;
}

function writesOf({ providers }: TrialWorld): number {
  return providers.reduce((sum, { writes }) => sum + writes, 0);
}

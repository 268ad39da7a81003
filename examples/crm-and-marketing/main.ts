// Boots the example: both providers simulated on loopback, Bowline with a fresh file of state, two lists of people brought
// together, then a live trickle of edits on both sides. `--settle` stops when everything agrees and says whether it does.
import { setTimeout as pause } from "node:timers/promises";
import { signalled } from "../../src/cli/shell.ts";
import type { Engine } from "../../src/engine.ts";
import { realWorld } from "../../src/world/real.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import { exampleOptions } from "../shop-to-books/example-options.ts";
import { progress } from "../shop-to-books/progress.ts";
import { greet, startFresh } from "../shop-to-books/start-fresh.ts";
import { compare } from "./agreement.ts";
import { audited } from "./audited.ts";
import project from "./bowline.config.ts";
import { Life, NobodyLeft } from "./life.ts";
import { compareMemory } from "./memory.ts";
import { populate } from "./population.ts";
import { createSimulators, FAULTS, SEARCH_LAG_MS, serveSimulators } from "./providers.ts";
import { Register } from "./register.ts";
import { faultsIn, report, type Outcome } from "./report.ts";

const PEOPLE = 600;
/** Live events of a run that settles, and how far apart they are in milliseconds. */
const LIVE_EVENTS = 150;
const LIVE_EVERY_MS = 80;
const TRICKLE_EVERY_MS = 700;
/** Longer than the search's lag and the latest webhook, in milliseconds. */
const LATE_MS = SEARCH_LAG_MS + FAULTS.lateMs + 1_000;
const SETTLE_WITHIN_MS = 45_000;
const ROWS_MAX = 10_000;

const values = exampleOptions(`npm run example -- crm-and-marketing [--settle] [--port 4610] [--seed 1]
  Keeps the contacts of a simulated Salesforce org and a simulated HubSpot account in agreement, whichever is edited, and shows
  it on a page.
  --settle  run until everything agrees, print what happened, exit 0 if it agrees and 1 if not
`);

const world = realWorld();
const random = new SeededRandom(Number(values.seed));
const register = new Register(createSimulators({ clock: world.clock, random }));
const sorted = populate(register, PEOPLE, random);
const life = new Life(register, sorted, random);
const providers = await serveSimulators(register.systems);

const engine = await startFresh({
  project,
  world,
  environment: { ...process.env, ...providers.environment },
  folder: import.meta.dirname,
  port: values.port,
  settle: values.settle,
});
providers.tell(engine.url ?? "");
greet(engine, "crm-and-marketing");
process.stdout.write(`Two lists of ${PEOPLE} people in Salesforce and HubSpot are brought together:\n`);
await bringTogether(engine);

if (values.settle) await settle(engine);
else await trickle(engine);

async function bringTogether(running: Engine): Promise<void> {
  const bar = progress(process.stdout);
  const began = world.clock.now();
  let quiet = false;
  void running.quiet().then(() => (quiet = true));
  while (!quiet) {
    const { syncs } = await running.control.status();
    const links = syncs.reduce((sum, one) => sum + one.links, 0);
    const pending = syncs.reduce((sum, one) => sum + one.ready + one.waiting + one.sending + one.unknown, 0);
    // One more than is known: what else there is, only the end tells.
    bar.show(links, links + pending + 1, `${links} linked, ${pending} pending`);
    await pause(250);
  }
  bar.end(`in agreement after ${((world.clock.now() - began) / 1_000).toFixed(1)} s`);
}

/** Live events until nobody wants more; for looking at. */
async function trickle(running: Engine): Promise<void> {
  process.stdout.write("Now people edit in both, and some webhooks are lost, late or doubled. Ctrl-C ends it.\n");
  let stopping = false;
  const stopped = signalled().then(() => {
    stopping = true;
  });
  while (!stopping) {
    try {
      life.step();
    } catch (error) {
      if (!(error instanceof NobodyLeft)) throw error;
      life.rest();
    }
    await Promise.race([pause(TRICKLE_EVERY_MS), stopped]);
  }
  await running.stop();
  await providers.close();
  process.exit(0);
}

async function settle(running: Engine): Promise<void> {
  process.stdout.write(`Then ${LIVE_EVENTS} events in both, some of whose webhooks are lost, late or doubled:\n`);
  const bar = progress(process.stdout);
  for (let event = 1; event <= LIVE_EVENTS; event += 1) {
    bar.show(event, LIVE_EVENTS + 1, life.step());
    await pause(LIVE_EVERY_MS);
  }
  life.finish();
  bar.end(`${LIVE_EVENTS} events`);
  process.stdout.write("Settling: the last webhooks arrive, and polling finds the lost ones.\n");
  await pause(LATE_MS);
  const agreed = await untilAgreed(running);
  process.stdout.write("Auditing: both systems are listed, and compared record by record.\n");
  const outcome = { ...agreed, audit: await audited(running.control, "contacts", pause) };
  await running.stop();
  await providers.close();
  process.stdout.write(report(outcome, register));
  process.exit(faultsIn(outcome).length === 0 ? 0 : 1);
}

/** The first look is at what changed; after that everything is read, since a search of HubSpot tells of no deletion. */
async function untilAgreed(running: Engine): Promise<Outcome> {
  const giveUpAt = world.clock.now() + SETTLE_WITHIN_MS;
  for (let round = 0; ; round += 1) {
    for (const { name } of project.twoWaySyncs) await running.control.sync(name, { full: round > 0 });
    await running.quiet();
    const outcome = await outcomeOf(running);
    if (faultsIn(outcome).length === 0 || world.clock.now() > giveUpAt) return outcome;
    await pause(1_000);
  }
}

async function outcomeOf({ control }: Engine): Promise<Outcome> {
  const parked = await control.parked({ limit: ROWS_MAX });
  const conflicts = await control.conflicts({ limit: ROWS_MAX });
  const memory = compareMemory(register, { parked, conflicts });
  return { status: await control.status(), parked, conflicts, agreement: compare(register), memory };
}

// Boots the example: both providers simulated on loopback, Bowline with a fresh file of state, a backfill, then a live
// trickle of changes. `--settle` stops when everything agrees and says whether it does.
import { setTimeout as pause } from "node:timers/promises";
import { signalled } from "../../src/cli/shell.ts";
import type { Engine } from "../../src/engine.ts";
import { realWorld } from "../../src/world/real.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import { liveStep } from "../../connectors/shopify/population.ts";
import { compare, type Agreement } from "./agreement.ts";
import { exampleOptions } from "./example-options.ts";
import { progress } from "./progress.ts";
import { startProviders, type Providers } from "./providers.ts";
import { report } from "./report.ts";
import { greet, startFresh } from "./start-fresh.ts";

const CUSTOMERS = 1_000;
const ORDERS = 2_000;
/** Live events of a run that settles, and how far apart they are in milliseconds. */
const LIVE_EVENTS = 150;
const LIVE_EVERY_MS = 60;
const TRICKLE_EVERY_MS = 700;
/** Longer than the search's lag and the latest webhook, in milliseconds. */
const LATE_MS = 6_000;
const SETTLE_WITHIN_MS = 120_000;

const values = exampleOptions(`npm start -- [--settle] [--port 4600] [--seed 1]
  Keeps a simulated QuickBooks company in agreement with a simulated Shopify shop, and shows it on a page.
  --settle  run until everything agrees, print what happened, exit 0 if it agrees and 1 if not
`);

const world = realWorld();
const random = new SeededRandom(Number(values.seed));
const providers = await startProviders({ clock: world.clock, random, customers: CUSTOMERS, orders: ORDERS });
// The project reads where the simulators are when it is loaded.
Object.assign(process.env, providers.environment);
const { default: project } = await import("./bowline.config.ts");

const engine = await startFresh({
  project,
  world,
  folder: import.meta.dirname,
  port: values.port,
  settle: values.settle,
});
providers.shop.webhookUrl = `${engine.url}/hooks/shop`;
greet(engine, "shop-to-books");
process.stdout.write(`Backfill of ${CUSTOMERS} customers and ${ORDERS} orders from Shopify into QuickBooks:\n`);
await showBackfill(engine);

if (values.settle) await settle(engine, providers);
else await trickle(engine, providers);

async function showBackfill(running: Engine): Promise<void> {
  const bar = progress(process.stdout);
  const began = world.clock.now();
  let quiet = false;
  void running.quiet().then(() => (quiet = true));
  while (!quiet) {
    const { syncs, tallies } = await running.control.status();
    const links = syncs.reduce((sum, { links }) => sum + links, 0);
    const pending = syncs.reduce(
      (sum, { ready, waiting, sending, unknown }) => sum + ready + waiting + sending + unknown,
      0,
    );
    const written = tallies["written.create"] ?? 0;
    // One more than is known: what else there is, only the end tells.
    bar.show(links, links + pending + 1, `${written} written, ${pending} pending`);
    await pause(250);
  }
  bar.end(`in agreement after ${((world.clock.now() - began) / 1_000).toFixed(1)} s`);
}

/** Live events until nobody wants more; for looking at. */
async function trickle(running: Engine, { shop }: Providers): Promise<void> {
  process.stdout.write(
    "Now a live trickle of orders, some of whose webhooks are lost, late or doubled. Ctrl-C ends it.\n",
  );
  let stopping = false;
  const stopped = signalled().then(() => {
    stopping = true;
  });
  while (!stopping) {
    liveStep(shop, random);
    await Promise.race([pause(TRICKLE_EVERY_MS), stopped]);
  }
  await running.stop();
  await providers.close();
  process.exit(0);
}

async function settle(running: Engine, simulated: Providers): Promise<void> {
  process.stdout.write(`Then ${LIVE_EVENTS} live events, some of whose webhooks are lost, late or doubled:\n`);
  const bar = progress(process.stdout);
  for (let event = 1; event <= LIVE_EVENTS; event += 1) {
    const { kind } = liveStep(simulated.shop, random);
    bar.show(event, LIVE_EVENTS + 1, kind);
    await pause(LIVE_EVERY_MS);
  }
  bar.end(`${LIVE_EVENTS} events`);
  process.stdout.write("Settling: the last webhooks arrive, and polling finds the lost ones.\n");
  await pause(LATE_MS);
  const agreement = await untilAgreed(running, simulated);
  const status = await running.control.status();
  await running.stop();
  await simulated.close();
  const agrees = agreement.differences.length === 0 && agreement.duplicates === 0 && agreement.lost === 0;
  process.stdout.write(report(status, simulated, agreement));
  process.exit(agrees ? 0 : 1);
}

async function untilAgreed(running: Engine, simulated: Providers): Promise<Agreement> {
  const giveUpAt = world.clock.now() + SETTLE_WITHIN_MS;
  for (;;) {
    for (const { name } of project.syncs) await running.control.sync(name, { full: false });
    await running.quiet();
    const agreement = compare(simulated);
    if (agreement.differences.length === 0 || world.clock.now() > giveUpAt) return agreement;
    await pause(1_000);
  }
}

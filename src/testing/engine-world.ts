// The whole engine in virtual time between simulated accounts, for tests of connectors: calls stay in the process, webhooks
// come over real HTTP.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Project } from "../define/config.ts";
import { openEngine, type Engine } from "../engine.ts";
import type { OutgoingWebhook } from "../rehearse/webhook-sender.ts";
import { inProcessNetwork, type FetchHandler } from "../world/in-process.ts";
import { SeededRandom, type VirtualClock } from "../world/virtual.ts";

export interface EngineWorldOptions {
  readonly clock: VirtualClock;
  readonly project: Project;
  readonly environment: Readonly<Record<string, string>>;
  /** By origin, such as "https://old.example". */
  readonly accounts: Readonly<Record<string, { fetch: FetchHandler }>>;
}

export interface EngineWorld {
  readonly engine: Engine;
  /** Lets so much time pass. */
  pass(durationMs: number): Promise<void>;
  /** Posts webhooks as they were signed, and tells the statuses that came back. */
  deliver(connection: string, webhooks: readonly OutgoingWebhook[]): Promise<readonly number[]>;
}

const STEP_MS = 1_000;
const STOPPING_MS = 2_000;

export async function engineWorld(t: TestContext, options: EngineWorldOptions): Promise<EngineWorld> {
  const { clock, project, environment, accounts } = options;
  const folder = await mkdtemp(join(tmpdir(), "bowline-world-"));
  const handlers = new Map(
    Object.entries(accounts).map(([origin, account]) => [origin, (request: Request) => account.fetch(request)]),
  );
  const engine = await openEngine({
    project,
    environment,
    dataPath: join(folder, "state.db"),
    thread: false,
    port: 0,
    world: { clock, random: new SeededRandom(3), network: inProcessNetwork(handlers, clock) },
  });
  const pass = async (durationMs: number): Promise<void> => {
    for (let passed = 0; passed < durationMs; passed += STEP_MS) await clock.advance(STEP_MS);
  };
  t.after(async () => {
    const stopped = engine.stop();
    await pass(STOPPING_MS);
    await stopped;
    await rm(folder, { recursive: true, force: true });
  });
  await engine.start();
  return {
    engine,
    pass,
    deliver: (connection, webhooks) =>
      Promise.all(
        webhooks.map(async ({ headers, body }) => {
          const answer = await fetch(`${engine.url}/hooks/${connection}`, { method: "POST", headers, body });
          await answer.body?.cancel();
          return answer.status;
        }),
      ),
  };
}

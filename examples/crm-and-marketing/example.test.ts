// The whole example in virtual time, with every webhook lost: what people do in either system is found by polling alone.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Project } from "../../src/define/config.ts";
import { openEngine, type Engine } from "../../src/engine.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import type { AuditAsked } from "../../src/watch/audit/report.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { compare } from "./agreement.ts";
import { audited } from "./audited.ts";
import project from "./bowline.config.ts";
import { Life } from "./life.ts";
import { compareMemory } from "./memory.ts";
import { populate } from "./population.ts";
import { createSimulators, SECRETS } from "./providers.ts";
import { Register } from "./register.ts";

const PEOPLE = 120;
const EVENTS = 60;
const EVENT_EVERY_MS = 500;
const STEP_MS = 250;
const GIVE_UP_MS = 4 * 60_000;
const [CRM, MARKETING] = ["http://127.0.0.1:1", "http://127.0.0.1:2"];

interface Example {
  readonly register: Register;
  readonly life: Life;
  readonly engine: Engine;
  pass(durationMs: number): Promise<void>;
}

async function setup(t: TestContext, seed: number, run: Project = project): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-crm-and-marketing-"));
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const register = new Register(createSimulators({ clock, random }));
  const { crm, marketing } = register.systems;
  const life = new Life(register, populate(register, PEOPLE, random), random);
  const handlers = new Map([
    [CRM, (request: Request) => crm.fetch(request)],
    [MARKETING, (request: Request) => marketing.fetch(request)],
  ]);
  const engine = await openEngine({
    project: run,
    environment: {
      ...SECRETS,
      SALESFORCE_URL: CRM,
      SALESFORCE_TOKEN_URL: `${CRM}/services/oauth2/token`,
      HUBSPOT_URL: MARKETING,
    },
    dataPath: join(folder, "state.db"),
    listen: false,
    thread: false,
    world: { clock, random: new SeededRandom(seed), network: inProcessNetwork(handlers, clock) },
  });
  const pass = async (durationMs: number): Promise<void> => {
    for (let passed = 0; passed < durationMs; passed += STEP_MS) await clock.advance(STEP_MS);
  };
  t.after(async () => {
    const stopped = engine.stop();
    await pass(2_000);
    await stopped;
    await rm(folder, { recursive: true, force: true });
  });
  await engine.start();
  return { register, life, engine, pass };
}

/** What is wrong after both had time to come to rest. */
async function faultsAtRest({ register, engine, pass }: Example): Promise<readonly string[]> {
  for (let passed = 0; ; passed += 5_000) {
    const { differences, extra, lost } = compare(register);
    const [parked, conflicts] = [
      await engine.control.parked({ limit: 1_000 }),
      await engine.control.conflicts({ limit: 1_000 }),
    ];
    const { faults } = compareMemory(register, { parked, conflicts });
    const all = [...differences, ...extra, ...lost, ...faults];
    if (all.length === 0 || passed > GIVE_UP_MS) return all;
    await pass(5_000);
  }
}

for (const seed of [1, 2]) {
  test(`two lists of people are brought together, and agree again after all that happens (seed ${seed})`, async (t) => {
    const example = await setup(t, seed);
    assert.deepEqual(await faultsAtRest(example), []);
    for (let event = 0; event < EVENTS; event += 1) {
      example.life.step();
      await example.pass(EVENT_EVERY_MS);
    }
    example.life.finish();
    assert.deepEqual(await faultsAtRest(example), []);
    const { view, faults } = await audited(example.engine.control, "contacts", () => example.pass(STEP_MS));
    assert.deepEqual(faults, []);
    assert.ok((view.counts.pairs ?? 0) > PEOPLE / 2, `${view.counts.pairs} pairs`);
  });
}

const DAY_MS = 86_400_000;
const DEAF: Project = {
  ...project,
  twoWaySyncs: project.twoWaySyncs.map((sync) => ({ ...sync, pollEveryMs: DAY_MS, everythingEveryMs: 7 * DAY_MS })),
};

test("what neither webhooks nor polls tell of an audit finds by itself, and its repair brings both together", async (t) => {
  const example = await setup(t, 3, DEAF);
  const { engine, life, pass } = example;
  assert.deepEqual(await faultsAtRest(example), []);
  for (let event = 0; event < EVENTS; event += 1) {
    life.step();
    await pass(EVENT_EVERY_MS);
  }
  life.finish();
  const { name = "", freshWithinMs = 0 } = DEAF.twoWaySyncs[0] ?? {};
  await pass(freshWithinMs + 1_000);
  const look = (asked?: AuditAsked) => audited(engine.control, name, () => pass(STEP_MS), asked);
  const { view } = await look();
  assert.ok((view.result?.missed.changes ?? 0) > EVENTS / 4, view.result?.summary);
  const { counts } = (await look({ repair: {} })).view;
  assert.ok(counts.mended > EVENTS / 4, `${counts.mended} mended`);
  // What a person has to decide is parked by now.
  assert.deepEqual((await look()).faults, []);
  const { differences, extra, lost } = compare(example.register);
  assert.deepEqual([differences, extra, lost], [[], [], []]);
});

// What tests of two-way syncs begin with: two systems that both keep people, virtual time, and a real file of state.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Project } from "../define/config.ts";
import { defineConfig } from "../define/define-config.ts";
import { defineTwoWaySync, type TwoWaySyncOptions } from "../define/define-two-way-sync.ts";
import { email } from "../define/match-as.ts";
import { openEngine, type Engine, type EngineOptions } from "../engine.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import type { World } from "../world/world.ts";
import { peopleConnector, smallPeople, type SmallPeople, type SmallPeopleOptions } from "./small-people.ts";
import { STEP_MS, virtualUntil } from "./virtual-until.ts";

type Between = ReturnType<typeof betweenOf>;
type Options = TwoWaySyncOptions<Between, readonly unknown[]>;

/** All of a sync but what it is between. */
export type PeopleSync = Partial<Omit<Options, "between" | "fields">> & { readonly fields?: readonly object[] };

export interface TwoWayOptions {
  readonly crm?: SmallPeopleOptions;
  readonly marketing?: SmallPeopleOptions;
  readonly sync?: PeopleSync;
}

export interface TwoWayWorld {
  readonly clock: VirtualClock;
  readonly crm: SmallPeople;
  readonly marketing: SmallPeople;
  readonly world: World;
  readonly logged: string[];
  /** The file of state. */
  readonly path: string;
  /** The same project with another sync of the same name. */
  project(sync?: PeopleSync): Project;
  open(options?: Partial<EngineOptions>): Promise<Engine>;
  /** An engine that was started and has come to rest. */
  running(options?: Partial<EngineOptions>): Promise<Engine>;
  /** Lets it notice what was edited, and come to rest. */
  settle(engine: Engine, full?: boolean): Promise<void>;
  pass(durationMs: number): Promise<void>;
  stop(engine: Engine): Promise<void>;
}

const connect = (name: string, options: SmallPeopleOptions) =>
  peopleConnector(name, options).connect(name, { token: "1", webhookSecret: "a webhook secret for tests" });

function betweenOf(crm: SmallPeopleOptions, marketing: SmallPeopleOptions) {
  return { crm: connect("crm", crm).people, marketing: connect("marketing", marketing).people };
}

export function peopleSync(between: Between, { fields, ...options }: PeopleSync = {}) {
  return defineTwoWaySync({
    name: "people",
    purpose: "Both know the same people.",
    owner: "sales",
    match: [{ crm: (one) => one.fields.email, marketing: (one) => one.fields.email, as: email }],
    conflicts: "crm",
    create: { crm: true, marketing: true },
    onDelete: { crm: "delete", marketing: "delete" },
    freshWithin: "1m",
    pollEvery: "5s",
    only: { crm: ({ hidden }) => !hidden },
    ...options,
    between,
    fields: (fields ?? [
      { crm: "email", marketing: "email", as: email },
      { crm: "name", marketing: "name" },
      { crm: "phone", marketing: "phone", wins: "marketing" },
    ]) as never,
  });
}

export async function twoWayWorld(t: TestContext, options: TwoWayOptions = {}): Promise<TwoWayWorld> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-two-way-"));
  const clock = new VirtualClock();
  const crm = smallPeople("crm", clock, options.crm);
  const marketing = smallPeople("marketing", clock, options.marketing);
  const handlers = new Map([crm, marketing].map((people) => [people.url, people.fetch]));
  const world: World = { clock, random: new SeededRandom(1), network: inProcessNetwork(handlers, clock) };
  const connections = [connect("crm", options.crm ?? {}), connect("marketing", options.marketing ?? {})] as const;
  const between = { crm: connections[0].people, marketing: connections[1].people };
  const projectOf = (sync?: PeopleSync): Project =>
    defineConfig({ connections, syncs: [peopleSync(between, sync)], port: 0 });
  const project = projectOf(options.sync);
  const path = join(folder, "state.db");
  const opened = new Set<Engine>();
  const logged: string[] = [];
  const small: TwoWayWorld = {
    clock,
    crm,
    marketing,
    world,
    logged,
    path,
    project: projectOf,
    async open(more = {}) {
      const log = (level: string, message: string): void => void logged.push(`${level}: ${message}`);
      const engine = await openEngine({
        project,
        environment: {},
        dataPath: path,
        listen: false,
        thread: false,
        world,
        log,
        ...more,
      });
      opened.add(engine);
      return engine;
    },
    async running(more) {
      const engine = await small.open(more);
      await engine.start();
      await virtualUntil(clock, engine.quiet());
      return engine;
    },
    async settle(engine, full = false) {
      for (const { sync } of (await engine.control.status()).syncs) await engine.control.sync(sync, { full });
      await virtualUntil(clock, engine.quiet());
    },
    async pass(durationMs) {
      for (let passed = 0; passed < durationMs; passed += STEP_MS) await clock.advance(STEP_MS);
    },
    async stop(engine) {
      opened.delete(engine);
      await virtualUntil(clock, engine.stop());
    },
  };
  t.after(async () => {
    for (const engine of opened) await small.stop(engine);
    await rm(folder, { recursive: true, force: true });
  });
  return small;
}

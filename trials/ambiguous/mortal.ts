// An engine that can be dropped as a crash drops a process: from one moment on nothing of it reaches the store, the network
// or the clock, and nothing that was under way comes back to it.
import { openEngine, type Engine } from "../../src/engine.ts";
import type { Project } from "../../src/define/config.ts";
import type { Log } from "../../src/log.ts";
import type { Store } from "../../src/store/store.ts";
import type { Plants } from "../../src/world/plant.ts";
import type { World } from "../../src/world/world.ts";
import { SYNC } from "./project.ts";

export interface MortalOptions {
  readonly project: Project;
  readonly dataPath: string;
  readonly world: World;
  readonly plants: Plants;
  readonly log: Log;
}

export interface Mortal {
  readonly engine: Engine;
  /** Its file of state, for who looks on from outside. */
  readonly store: Store;
  /** The target's key of each record that it calls done. */
  links(): Promise<ReadonlyMap<string, string>>;
  /** Drops it; its file of state can be opened by the next one. */
  kill(): Promise<void>;
}

export async function mortalEngine({ world, ...options }: MortalOptions): Promise<Mortal> {
  const life = { over: false };
  let opened: Store | undefined;
  const engine = await openEngine({
    ...options,
    environment: {},
    listen: false,
    thread: false,
    world: mortalWorld(world, life),
    throughStore: (store) => {
      opened = store;
      return mortalStore(store, life);
    },
  });
  if (opened === undefined) throw new Error("the engine was opened without a store");
  const store: Store = opened;
  return {
    engine,
    store,
    async links() {
      const links = await store.linkPage(SYNC, undefined, LINKS_MAX);
      return new Map(links.map(({ key, targetKey }) => [key, targetKey]));
    },
    async kill() {
      life.over = true;
      await store.close();
    },
  };
}

const LINKS_MAX = 10_000;

interface Life {
  over: boolean;
}

const NEVER = new Promise<never>(() => undefined);

function whileAlive<Result>(work: Promise<Result>, life: Life): Promise<Result> {
  return work.then(
    (result) => (life.over ? NEVER : result),
    (error: unknown) => (life.over ? NEVER : Promise.reject(error as Error)),
  );
}

function mortalWorld({ clock, random, network }: World, life: Life): World {
  return {
    random,
    clock: {
      now: () => clock.now(),
      timer: (delayMs, wake) => clock.timer(delayMs, () => (life.over ? undefined : wake())),
    },
    network: { send: (request) => (life.over ? NEVER : whileAlive(network.send(request), life)) },
  };
}

function mortalStore(store: Store, life: Life): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      // Nothing grows old here, and looking for what did every ten seconds of hours takes most of the trial's time.
      if (name === "prune") return () => Promise.resolve(0);
      return (...given: readonly unknown[]) =>
        life.over ? NEVER : whileAlive(Promise.resolve(method.apply(target, given)), life);
    },
  });
}

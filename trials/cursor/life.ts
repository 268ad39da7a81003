// One life of Bowline: the whole engine on a file of state, that can die from one moment to the next. Nothing of it then reaches
// the store, the network or the clock any more, and nothing that was under way comes back to it.
import { openEngine, type Engine } from "../../src/engine.ts";
import type { Project } from "../../src/define/config.ts";
import type { Store } from "../../src/store/store.ts";
import type { Log } from "../../src/log.ts";
import type { Plants } from "../../src/world/plant.ts";
import type { World } from "../../src/world/world.ts";

export interface LifeOptions {
  readonly project: Project;
  readonly dataPath: string;
  readonly world: World;
  readonly plants: Plants;
  readonly log: Log;
}

export interface Life {
  readonly engine: Engine;
  readonly store: Store;
  readonly isOver: boolean;
  /** It is dead at once. */
  die(): void;
  /** Lets go of the file, so that the next life can open it. */
  bury(): Promise<void>;
}

export async function beginLife({ world, ...options }: LifeOptions): Promise<Life> {
  const state: State = { over: false };
  let store: Store | undefined;
  const engine = await openEngine({
    ...options,
    environment: {},
    listen: false,
    thread: false,
    world: mortalWorld(world, state),
    throughStore: (opened) => {
      store = opened;
      return mortalStore(opened, state);
    },
  });
  await engine.start();
  return {
    engine,
    store: store!,
    get isOver() {
      return state.over;
    },
    die() {
      state.over = true;
    },
    async bury() {
      state.over = true;
      await store?.close();
    },
  };
}

interface State {
  over: boolean;
}

const NEVER = new Promise<never>(() => undefined);

function whileAlive<Result>(work: Promise<Result>, state: State): Promise<Result> {
  return work.then(
    (result) => (state.over ? NEVER : result),
    (error: unknown) => (state.over ? NEVER : Promise.reject(error as Error)),
  );
}

function mortalWorld({ clock, random, network }: World, state: State): World {
  return {
    random,
    clock: {
      now: () => clock.now(),
      timer: (delayMs, wake) => clock.timer(delayMs, () => (state.over ? undefined : wake())),
    },
    network: { send: (request) => (state.over ? NEVER : whileAlive(network.send(request), state)) },
  };
}

function mortalStore(store: Store, state: State): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      // Nothing grows old here. A first look for what did that never ends is also the last.
      if (name === "prune") return () => NEVER;
      return (...given: readonly unknown[]) =>
        state.over ? NEVER : whileAlive(Promise.resolve(method.apply(target, given)), state);
    },
  });
}

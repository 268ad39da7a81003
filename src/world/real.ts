// The real world: the machine's clock, randomness fit for keys, and HTTP over undici with kept-alive connections. Only
// this folder and `engine.ts` touch these; everybody else is handed a World.
import { randomBytes } from "node:crypto";
import type { Clock, Random, World } from "./world.ts";
import { httpNetwork, type HttpNetworkOptions } from "./http-network.ts";

export const realClock: Clock = {
  now: () => Date.now(),
  timer(delayMs, wake) {
    // A timer alone does not keep the process: the engine's servers and stores decide how long it lives.
    const timer = setTimeout(wake, Math.min(delayMs, TIMER_MS_MAX)).unref();
    return () => clearTimeout(timer);
  },
};

/** What `setTimeout` can count; a longer delay would wake at once. Whoever waits longer looks again after this. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Bytes are drawn from the system this many at a time: a call for each idempotency key costs more than the key. */
const POOL_BYTES = 4_096;
let pool = Buffer.alloc(0);

export const realRandom: Random = {
  next: () => Math.random(),
  bytes(count) {
    if (count > POOL_BYTES) return randomBytes(count);
    if (pool.length < count) pool = randomBytes(POOL_BYTES);
    const drawn = pool.subarray(0, count);
    pool = pool.subarray(count);
    return drawn;
  },
};

export interface RealWorld extends World {
  /** Lets go of the kept-alive connections; calls under way are cut. */
  close(): Promise<void>;
}

export function realWorld(options: HttpNetworkOptions = {}): RealWorld {
  const network = httpNetwork(options);
  return { clock: realClock, random: realRandom, network, close: () => network.close() };
}

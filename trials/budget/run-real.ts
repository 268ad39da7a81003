// The same for a few seconds of real time, over real HTTP.
import { serve } from "../../src/rehearse/serve.ts";
import { realWorld } from "../../src/world/real.ts";
import { flowsOf, press, starvedOf } from "./demand.ts";
import type { Kind } from "./kinds.ts";
import { slidingMeter } from "./meters.ts";
import { createProvider } from "./provider.ts";
import { callersOf, figuresOf, type KindFigures } from "./run-kind.ts";

const PER_MS = 3_000;
const COUNT = 150;

const REAL: Kind = {
  name: "over real HTTP",
  limits: [{ kind: "rate", name: "calls", count: COUNT, perMs: PER_MS, every: true }],
  meters: () => ({ calls: slidingMeter(COUNT, PER_MS) }),
  wayMs: [0, 5],
  workMs: [1, 10],
  runMs: 15_500,
  call: () => ({ meters: ["calls"], cost: 1, request: {} }),
  saturated: ["calls"],
  lost: { cut: 0, never: 0 },
};

export async function runReal(): Promise<KindFigures> {
  const world = realWorld();
  const provider = createProvider(REAL, world.clock, world.random, 0);
  const server = await serve(provider.handler);
  const callers = callersOf(REAL, server.url, world);
  const flows = flowsOf(callers);
  let isOver = false;
  try {
    for (const flow of flows)
      press({ kind: REAL, flow, clock: world.clock, random: world.random, isOver: () => isOver });
    await new Promise((wake) => setTimeout(wake, REAL.runMs));
    return figuresOf(REAL, provider, world.clock.now(), starvedOf(flows).length);
  } finally {
    isOver = true;
    for (const caller of callers) caller.close();
    await server.close();
    await world.close();
  }
}

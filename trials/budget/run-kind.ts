// Presses one kind of limit in virtual time, through the real caller, and reads the provider's meters.
import { z } from "zod";
import { createCaller, type Caller } from "../../src/call/caller.ts";
import { createSharedLimits } from "../../src/call/shared-limits.ts";
import type { Travel } from "../../src/call/travel.ts";
import type { Answer, LimitReading } from "../../src/define/connector.ts";
import { defineConnector } from "../../src/define/define-connector.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import type { World } from "../../src/world/world.ts";
import { flowsOf, press, starvedOf } from "./demand.ts";
import type { Kind } from "./kinds.ts";
import { createProvider, NEVER_MS, type Provider } from "./provider.ts";

export interface KindFigures {
  readonly kind: string;
  readonly calls: number;
  readonly windowsOver: number;
  /** The least of those meters that must be used up; absent: there is none. */
  readonly utilisation?: number;
  readonly starved: number;
  readonly answersLost: number;
}

export interface Run {
  readonly seed: number;
  readonly travel?: Travel;
}

const ORIGIN = "https://provider.example";
const SKEW_MS_MAX = 5_000;

export async function runKind(kind: Kind, { seed, travel }: Run): Promise<KindFigures> {
  const clock = new VirtualClock(Date.UTC(2026, 10, 20, 9, 7, 3));
  const random = new SeededRandom(seed);
  const provider = createProvider(kind, clock, random, Math.round((random.next() * 2 - 1) * SKEW_MS_MAX));
  const network = inProcessNetwork(new Map([[ORIGIN, provider.handler]]), clock);
  const callers = callersOf(kind, ORIGIN, { clock, random, network }, travel);
  const flows = flowsOf(callers);
  let isOver = false;
  for (const flow of flows) press({ kind, flow, clock, random, isOver: () => isOver });
  await clock.advance(kind.runMs);
  isOver = true;
  for (const caller of callers) caller.close();
  return figuresOf(kind, provider, clock.now(), starvedOf(flows).length);
}

export function figuresOf(kind: Kind, provider: Provider, now: number, starved: number): KindFigures {
  const used = kind.saturated.map((name) => provider.meters[name]!.utilisation(now));
  return {
    kind: kind.name,
    calls: provider.calls,
    windowsOver: Object.values(provider.meters).reduce((total, { over }) => total + over, 0),
    ...(used.length === 0 ? {} : { utilisation: Math.min(...used) }),
    starved,
    answersLost: provider.lost,
  };
}

export function callersOf(kind: Kind, origin: string, world: World, travel?: Travel): readonly Caller[] {
  const connector = defineConnector({
    name: "provider",
    title: "Provider",
    settings: z.object({ token: z.string() }),
    baseUrl: () => origin,
    auth: { kind: "header", header: "X-Token", setting: "token" },
    limits: kind.limits,
    readLimits: readingsOf,
    resources: {},
  });
  const planted = travel === undefined ? {} : { travel };
  const sharedLimits = createSharedLimits(world.clock, planted);
  return Array.from({ length: kind.connections ?? 1 }, (_, index) =>
    createCaller({
      connection: connector.connect(`account ${index}`, { token: "secret-0123" }),
      secrets: () => undefined,
      world,
      credentials: NO_CREDENTIALS,
      onReauthorize: () => {},
      timeouts: { connectMs: NEVER_MS, headersMs: NEVER_MS, bodyIdleMs: NEVER_MS, totalMs: NEVER_MS },
      sharedLimits,
      ...planted,
    }),
  );
}

/** A header's key needs none. */
const NO_CREDENTIALS = undefined as never;

function readingsOf(answer: Answer): readonly LimitReading[] {
  const body = answer.json as { readonly readings?: readonly LimitReading[] } | undefined;
  return body?.readings ?? [];
}

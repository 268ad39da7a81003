// A provider as a fetch handler: each call is on its way for a while, is metered when it comes in, worked on, and its answer
// is on its way back, or lost.
import { z } from "zod";
import type { FetchHandler } from "../../src/world/in-process.ts";
import type { Clock, Random } from "../../src/world/world.ts";
import type { Kind, Span } from "./kinds.ts";
import type { Meter } from "./meters.ts";

export interface Provider {
  readonly handler: FetchHandler;
  readonly meters: Readonly<Record<string, Meter>>;
  readonly calls: number;
  readonly lost: number;
}

export const NEVER_MS = 10_000;

const Asked = z.object({
  cost: z.coerce.number(),
  meters: z.string().transform((names) => names.split(",")),
});

export function createProvider(kind: Kind, clock: Clock, random: Random, skewMs: number): Provider {
  const meters = kind.meters(skewMs);
  let calls = 0;
  let lost = 0;
  const passes = ([least, most]: Span): Promise<void> =>
    new Promise((wake) => clock.timer(least + Math.floor(random.next() * (most - least + 1)), wake));

  async function work(url: string): Promise<Response> {
    await passes(kind.wayMs);
    calls += 1;
    const { cost, meters: names } = Asked.parse(Object.fromEntries(new URL(url).searchParams));
    const held = names.map((name) => meters[name]!).filter((meter) => meter.comesIn(clock.now(), cost));
    await passes(kind.workMs);
    for (const meter of held) meter.ends(clock.now());
    if (held.length < names.length) return new Response(null, { status: 429, headers: { "retry-after": "5" } });
    const readings = kind.reads?.(meters, cost) ?? [];
    await passes(kind.wayMs);
    return Response.json({ readings });
  }

  return {
    meters,
    async handler(request) {
      const answer = await work(request.url);
      const luck = random.next() * 1_000;
      if (luck >= kind.lost.cut + kind.lost.never) return answer;
      lost += 1;
      if (luck < kind.lost.cut) throw new Error("the answer was lost");
      return new Promise(() => {});
    },
    get calls() {
      return calls;
    },
    get lost() {
      return lost;
    },
  };
}

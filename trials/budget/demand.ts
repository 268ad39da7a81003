// More demand than a limit allows, of every urgency and several syncs at once, and what each of them got.
import type { Caller } from "../../src/call/caller.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Priority } from "../../src/store/store.ts";
import type { Clock, Random } from "../../src/world/world.ts";
import type { Kind } from "./kinds.ts";

const PRIORITIES: readonly Priority[] = ["person", "live", "scheduled", "backfill"];
const SYNCS = 2;

export interface Flow {
  readonly caller: Caller;
  readonly priority: Priority;
  readonly sync: number;
  done: number;
}

/** So many of a flow's calls are waiting or under way at once. */
const LOOPS = 12;
/** After a call that failed without a wish. */
const AGAIN_MS = 100;

export function flowsOf(callers: readonly Caller[]): readonly Flow[] {
  return callers.flatMap((caller) =>
    PRIORITIES.flatMap((priority) => Array.from({ length: SYNCS }, (_, sync) => ({ caller, priority, sync, done: 0 }))),
  );
}

export interface Pressure {
  readonly kind: Kind;
  readonly flow: Flow;
  readonly clock: Clock;
  readonly random: Random;
  readonly isOver: () => boolean;
}

/** Calls without a pause until it is over. */
export function press(pressure: Pressure): void {
  for (let who = 0; who < LOOPS; who += 1) void pressOn(pressure, who);
}

async function pressOn({ kind, flow, clock, random, isOver }: Pressure, who: number): Promise<void> {
  while (!isOver()) {
    const { cost, meters, request } = kind.call(random, who);
    const api = flow.caller.api({ priority: flow.priority, sync: `sync ${flow.sync}`, entries: [] });
    try {
      await api.request({ method: "GET", path: "/", query: { cost, meters: meters.join(",") }, ...request });
      flow.done += 1;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      await new Promise<void>((wake) => clock.timer(error.outcome.retryAfterMs ?? AGAIN_MS, wake));
    }
  }
}

/** A flow is starved when it got less than half of what the turns of its urgency, shared by its syncs, would give. */
const LEAST_SHARE: Readonly<Record<Priority, number>> = { person: 0.2, live: 0.1, scheduled: 0.05, backfill: 0.025 };

export function starvedOf(flows: readonly Flow[]): readonly Flow[] {
  const all = flows.reduce((total, { done }) => total + done, 0);
  const callers = new Set(flows.map(({ caller }) => caller)).size;
  return flows.filter(({ priority, done }) => done < (all * LEAST_SHARE[priority]) / (SYNCS * callers));
}

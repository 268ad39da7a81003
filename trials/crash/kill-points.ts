// Named places between Bowline's steps at which it can end itself with SIGKILL. They are put around its store and its
// network from outside, so that the engine under trial is the engine that people run.
import type { Settlement, Store } from "../../src/store/store.ts";
import type { Network, WireRequest } from "../../src/world/world.ts";

export const KILL_POINTS = [
  "ingest:before",
  "ingest:committed",
  "observe:before",
  "observe:committed",
  "look:before",
  "look:committed",
  "page:before",
  "page:committed",
  "arm:before",
  "arm:committed",
  "create:before",
  "create:answered",
  "update:before",
  "update:answered",
  "clear:before",
  "clear:committed",
  "refresh:before",
  "refresh:begun",
  "token:before",
  "token:answered",
  "credential:before",
  "credential:committed",
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** Called each time that a point is passed; kills when it is time. */
export type Pass = (point: KillPoint) => void;

export function throughPoints(store: Store, pass: Pass): Store {
  return {
    ...store,
    ingest: (arrivals) => around(pass, ["ingest"], () => store.ingest(arrivals)),
    observe: (batch) => {
      const isLook = batch.observations.some(({ cause }) => cause === "look");
      const step = batch.scan !== undefined ? "page" : isLook ? "look" : "observe";
      return around(pass, [step], () => store.observe(batch));
    },
    settle: (settlements) => around(pass, stepsOf(settlements), () => store.settle(settlements)),
    beginRefresh: async (...asked) => {
      pass("refresh:before");
      const begun = await store.beginRefresh(...asked);
      pass("refresh:begun");
      return begun;
    },
    saveCredential: (...credential) => around(pass, ["credential"], () => store.saveCredential(...credential)),
  };
}

type Step = "ingest" | "observe" | "look" | "page" | "arm" | "clear" | "credential";

function stepsOf(settlements: readonly Settlement[]): readonly Step[] {
  const steps: Step[] = [];
  if (settlements.some(({ to }) => to === "sending")) steps.push("arm");
  if (settlements.some((settlement) => settlement.to === "cleared" && settlement.why === "confirmed")) {
    steps.push("clear");
  }
  return steps;
}

async function around<Result>(pass: Pass, steps: readonly Step[], work: () => Promise<Result>): Promise<Result> {
  for (const step of steps) pass(`${step}:before`);
  const result = await work();
  for (const step of steps) pass(`${step}:committed`);
  return result;
}

export function networkThroughPoints(network: Network, pass: Pass): Network {
  return {
    async send(request) {
      const step = stepOf(request);
      if (step !== undefined) pass(`${step}:before`);
      const response = await network.send(request);
      if (step !== undefined) pass(`${step}:answered`);
      return response;
    },
  };
}

function stepOf({ method, url, body }: WireRequest): "token" | "create" | "update" | undefined {
  if (method !== "POST") return undefined;
  const path = new URL(url).pathname;
  if (path.endsWith("/tokens/bearer")) return "token";
  if (!/\/(invoice|customer)$/.test(path)) return undefined;
  const text = typeof body === "string" ? body : body instanceof Uint8Array ? Buffer.from(body).toString() : "";
  return text.includes('"SyncToken"') ? "update" : "create";
}

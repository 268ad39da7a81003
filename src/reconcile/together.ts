// Puts writes of one resource that are ready at the same moment into one call. Each stays a write of its own: it is durable
// before, has its own key, outcome and entries in the log, and fails alone. Nobody waits for a timer: what is ready now goes
// now, and while as many calls as may be are under way, what comes meanwhile gathers.
import type { Caller, CallerWork } from "../call/caller.ts";
import { CallFailed, type OutcomeKind } from "../define/outcome.ts";
import type { Api } from "../define/connector.ts";
import type { RemoveOrder, UpdateOrder, WriteOrder, WrittenEach, Written } from "../define/resource.ts";
import { PRIORITIES, type RequestEntry } from "../store/store.ts";

type Order = WriteOrder<unknown> | UpdateOrder<unknown, unknown> | RemoveOrder;
type Result = Written<unknown> | undefined;

export type SendEach = (api: Api, orders: readonly Order[]) => Promise<WrittenEach<Result>>;

/** One write that may go with others. */
export interface Ready {
  /** Only writes of one kind go together: "create", "update", "remove void". */
  readonly kind: string;
  readonly order: Order;
  readonly each: SendEach;
  readonly alone: () => Promise<Result>;
  readonly work: CallerWork;
}

export interface Together {
  /** Resolves or rejects as the write by itself would have. */
  add(ready: Ready): Promise<Result>;
}

export interface TogetherOptions {
  /** The most orders in one call. */
  readonly most: number;
  readonly caller: Pick<Caller, "api" | "concurrencyMax">;
}

/** Calls with many orders that are under way at once: more of them would be smaller ones. */
const CALLS_MAX = 4;
/** Steps of promises after which all that became durable in one commit are here. */
const STEPS = 4;
/** The call as a whole was refused for what it says, and nothing was done: one of them may be to blame. */
const REFUSED: ReadonlySet<OutcomeKind> = new Set(["invalid", "missing", "conflict"]);

interface Waiting extends Ready {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function together({ most, caller }: TogetherOptions): Together {
  const callsMax = Math.max(1, Math.min(CALLS_MAX, caller.concurrencyMax));
  const kinds = new Map<string, Waiting[]>();
  let underWay = 0;
  let gathering = false;

  async function gather(): Promise<void> {
    gathering = true;
    for (let step = 0; step < STEPS; step += 1) await Promise.resolve();
    gathering = false;
    go();
  }

  function go(): void {
    for (const [kind, waiting] of kinds) {
      while (waiting.length > 0 && underWay < callsMax) {
        underWay += 1;
        void send(waiting.splice(0, most)).finally(() => {
          underWay -= 1;
          if (kinds.size > 0 && !gathering) void gather();
        });
      }
      if (waiting.length === 0) kinds.delete(kind);
    }
  }

  async function send(some: readonly Waiting[]): Promise<void> {
    const [first] = some;
    if (first === undefined || some.length === 1) return allAlone(some);
    const work = workOf(some);
    try {
      const results = await first.each(
        caller.api(work),
        some.map(({ order }) => order),
      );
      if (results.length !== some.length) {
        throw new TypeError(
          `cannot tell what became of ${some.length} writes: wanted as many results, got ${results.length}`,
        );
      }
      for (const [index, one] of some.entries()) {
        const result = results[index];
        one.work.entries.push(...entriesOf(work, one, index, result instanceof CallFailed ? result : undefined));
        if (result instanceof CallFailed) one.reject(result);
        else one.resolve(result);
      }
    } catch (error) {
      for (const [index, one] of some.entries()) {
        one.work.entries.push(...entriesOf(work, one, index, undefined));
        if (work.wrote === true) one.work.wrote = true;
      }
      const isRefused = error instanceof CallFailed && REFUSED.has(error.outcome.kind) && work.wrote !== true;
      if (isRefused) return allAlone(some);
      for (const one of some) one.reject(error);
    }
  }

  return {
    add: (ready) =>
      new Promise((resolve, reject) => {
        const waiting = { ...ready, resolve, reject };
        const others = kinds.get(ready.kind);
        if (others === undefined) kinds.set(ready.kind, [waiting]);
        else others.push(waiting);
        if (underWay < callsMax && !gathering) void gather();
      }),
  };
}

async function allAlone(some: readonly Waiting[]): Promise<void> {
  await Promise.all(some.map((one) => one.alone().then(one.resolve, one.reject)));
}

/** The work of all of them: as urgent as the most urgent. */
function workOf(some: readonly Waiting[]): CallerWork {
  const priority = PRIORITIES.find((wanted) => some.some(({ work }) => work.priority === wanted)) ?? "live";
  const sync = some[0]?.work.sync;
  return { priority, entries: [], ...(sync === undefined ? {} : { sync }) };
}

/** The call as one of its writes has it in its story; the bodies, which hold all of them, are kept once. */
function entriesOf(
  { entries }: CallerWork,
  { work }: Waiting,
  index: number,
  failed: CallFailed | undefined,
): readonly RequestEntry[] {
  return entries.map((entry) => {
    const { requestBody, responseBody, ...rest } = entry;
    const bodies = {
      ...(requestBody === undefined ? {} : { requestBody }),
      ...(responseBody === undefined ? {} : { responseBody }),
    };
    // The last call is the one that tells of each; those before it were repeated.
    const own = failed === undefined || entry !== entries.at(-1) ? {} : ownOutcome(failed);
    return { ...rest, ...own, ...(index === 0 ? bodies : {}), ...(work.key === undefined ? {} : { key: work.key }) };
  });
}

function ownOutcome({ outcome: { kind, reason } }: CallFailed): Pick<RequestEntry, "outcome" | "reason"> {
  return { outcome: kind, ...(reason === undefined ? {} : { reason }) };
}

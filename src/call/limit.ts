// The declared limits of a connection, asked together: a call goes when each limit that it takes from lets it.
import type { Limit } from "../define/connector.ts";
import { adaptiveLimit, concurrencyLimit } from "./concurrency-limit.ts";
import type { LimitLeft, LimitState } from "./limit-state.ts";
import { midnightsIn } from "./midnight.ts";
import { pointsLimit } from "./points-limit.ts";
import type { Travel } from "./travel.ts";
import { windowLimit, type WindowLimit } from "./window-limit.ts";
import { onClock, releaseOf, sliding } from "./windows.ts";

/** What a call takes of a points limit when it does not say. */
const COST_DEFAULT = 1;
const DAY_MS = 86_400_000;
/** The most things of one kind (`each`) whose limits are remembered; the one not asked for longest goes first. */
const EACH_MAX = 10_000;
/** The name under which the limit that is found out is shown. */
const ADAPTIVE_NAME = "calls at once, found out";

/** A limit with what it is called; readings go by its name. */
export interface NamedLimit {
  readonly name: string;
  readonly state: LimitState;
}

export function limitState(limit: Limit, travel: Travel): LimitState {
  switch (limit.kind) {
    case "rate": {
      const { count: size, perMs, share = 1, windows = "sliding" } = limit;
      return windowLimit({ size, perMs, share, travel, counts: "calls", release: releaseOf(windows, perMs, travel) });
    }
    case "quota":
      return quotaState(limit, travel);
    case "points-window": {
      const { size, perMs, share = 1, windows = "sliding", costMost } = limit;
      const most = costMost === undefined ? {} : { costMost };
      const release = releaseOf(windows, perMs, travel);
      return windowLimit({ size, perMs, share, travel, counts: "points", release, ...most });
    }
    case "points":
      return pointsLimit({ ...limit, travel });
    case "concurrency":
      return concurrencyLimit(limit.count);
  }
}

/** A quota by itself: what was spent of it can be put back. */
export function quotaState({ count, day, share = 1 }: Extract<Limit, { kind: "quota" }>, travel: Travel): WindowLimit {
  const release = day === "rolling" ? sliding(DAY_MS, travel) : onClock(DAY_MS, travel, midnightsIn(day.zone));
  return windowLimit({ size: count, perMs: DAY_MS, share, travel, counts: "calls", release });
}

/** The limits a call takes from: those for every call, and those it names. */
export type LimitsOf = (names: readonly string[] | undefined) => readonly NamedLimit[];

/** What is left of one limit, as people are told. */
export interface Budget extends LimitLeft {
  readonly limit: string;
  readonly kind: Limit["kind"];
}

export interface Limits {
  readonly of: LimitsOf;
  /** What is left of each, those of single things (`each`) left out. */
  budget(now: number): readonly Budget[];
}

/** Makes the state of a limit, or finds the one that others share. */
export type StateOf = (limit: Limit) => LimitState;

export function limitsOf(declared: readonly Limit[], stateOf: StateOf): Limits {
  const all = declared.filter(({ each }) => each !== true).map((limit) => ({ limit, ...named(limit, stateOf(limit)) }));
  const adapts = !declared.some(({ kind, every }) => kind === "concurrency" && every);
  const adaptive = adapts ? [named({ name: ADAPTIVE_NAME }, adaptiveLimit())] : [];
  const everyCall: readonly NamedLimit[] = [...all.filter(({ limit }) => limit.every), ...adaptive];
  const lists = new Map<string, readonly NamedLimit[]>();
  const things = new Map<string, NamedLimit>();

  function one(name: string): NamedLimit {
    const found = all.find((limit) => limit.name === name) ?? thing(name);
    if (found !== undefined) return found;
    const names = declared.map((limit) => (limit.each === true ? `${limit.name}/…` : limit.name)).join(", ");
    throw new TypeError(`cannot take from the limit "${name}": wanted one of ${names}`);
  }

  function thing(name: string): NamedLimit | undefined {
    const slash = name.indexOf("/");
    const template = declared.find((limit) => limit.each === true && limit.name === name.slice(0, Math.max(0, slash)));
    if (template === undefined) return undefined;
    const known = things.get(name) ?? named({ name }, stateOf({ ...template, name }));
    things.delete(name);
    things.set(name, known);
    if (things.size > EACH_MAX) things.delete(things.keys().next().value!);
    return known;
  }

  return {
    of(names) {
      if (names === undefined || names.length === 0) return everyCall;
      const id = names.join("\n");
      let found = lists.get(id);
      if (found === undefined) {
        const more = names.map(one).filter((limit) => !everyCall.includes(limit));
        found = more.length === 0 ? everyCall : [...everyCall, ...more];
        // Lists with single things in them are made anew: there is no end of them.
        if (!names.some((name) => things.has(name))) lists.set(id, found);
      }
      return found;
    },
    budget: (now) => [
      ...all.map(({ limit, name, state }) => ({ limit: name, kind: limit.kind, ...state.left(now) })),
      ...adaptive.map(({ name, state }) => ({ limit: name, kind: "concurrency" as const, ...state.left(now) })),
    ],
  };
}

const named = ({ name }: { readonly name: string }, state: LimitState): NamedLimit => ({ name, state });

export function costOf(cost = COST_DEFAULT): number {
  if (Number.isFinite(cost) && cost >= 0) return cost;
  throw new TypeError(`cannot take from the limits: wanted a cost that is a number from 0 on, got ${cost}`);
}

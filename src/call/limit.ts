// The declared limits of a connection, asked together: a call goes when each limit that it takes from lets it.
import type { Limit, LimitReading } from "../define/connector.ts";
import { pointsLimit } from "./points-limit.ts";
import { rateLimit } from "./rate-limit.ts";

/** One limit as it stands. */
export interface LimitState {
  readonly name: string;
  readonly every: boolean;
  /** When a call may go; not after `now`: now; Infinity: when another call ends. */
  readyAt(now: number, cost: number): number;
  take(now: number, cost: number): void;
  give(now: number, cost: number, reading: LimitReading | undefined): void;
}

/** What a call takes of a points limit when it does not say. */
const COST_DEFAULT = 1;

export function limitState(limit: Limit): LimitState {
  const { name, every } = limit;
  if (limit.kind === "rate") {
    const rate = rateLimit(limit.count, limit.perMs);
    return {
      name,
      every,
      readyAt: (now) => rate.readyAt(now),
      take: (now) => rate.take(now),
      give: (now, _cost, reading) => reading !== undefined && rate.read(reading, now),
    };
  }
  if (limit.kind === "points") return { name, every, ...pointsLimit(limit.size, limit.perSecond) };
  let underWay = 0;
  return {
    name,
    every,
    readyAt: (now) => (underWay < limit.count ? now : Number.POSITIVE_INFINITY),
    take: () => void (underWay += 1),
    give: () => void (underWay -= 1),
  };
}

/** The limits a call takes from: those for every call, and those it names. */
export type LimitsOf = (names: readonly string[] | undefined) => readonly LimitState[];

export function limitsOf(limits: readonly Limit[]): { readonly all: readonly LimitState[]; readonly of: LimitsOf } {
  const all = limits.map(limitState);
  const everyCall = all.filter((limit) => limit.every);
  const named = new Map<string, readonly LimitState[]>();
  return {
    all,
    of(names) {
      if (names === undefined || names.length === 0) return everyCall;
      const id = names.join("\n");
      let found = named.get(id);
      if (found === undefined) {
        const unknown = names.find((name) => !all.some((limit) => limit.name === name));
        if (unknown !== undefined) {
          throw new TypeError(
            `cannot take from the limit "${unknown}": wanted one of ${all.map((limit) => limit.name).join(", ")}`,
          );
        }
        found = all.filter((limit) => limit.every || names.includes(limit.name));
        named.set(id, found);
      }
      return found;
    },
  };
}

export const costOf = (cost: number | undefined): number => cost ?? COST_DEFAULT;

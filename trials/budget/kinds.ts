// The kinds of limits that providers have, each as it is declared, as its provider meters it, and how calls use it.
import type { ApiRequest, Limit, LimitReading } from "../../src/define/connector.ts";
import type { Random } from "../../src/world/world.ts";
import { atOnceMeter, bucketMeter, clockMeter, firstCallMeter, slidingMeter, type Meter } from "./meters.ts";

/** From the least to the most, in milliseconds. */
export type Span = readonly [number, number];

export interface Kind {
  readonly name: string;
  readonly limits: readonly Limit[];
  /** By name: one call may come under several. */
  readonly meters: (skewMs: number) => Readonly<Record<string, Meter>>;
  /** How long calls are on their way, each way. */
  readonly wayMs: Span;
  /** How long the provider works on one. */
  readonly workMs: Span;
  readonly runMs: number;
  /** The next call of one of those who call, and the meters that it comes under. */
  readonly call: (random: Random, who: number) => Call;
  /** Meters that demand saturates and that must be used up; the others have to hold only. */
  readonly saturated: readonly string[];
  /** Of a thousand answers, so many are cut off, and so many never come. */
  readonly lost: { readonly cut: number; readonly never: number };
  readonly connections?: number;
  readonly reads?: (meters: Readonly<Record<string, Meter>>, cost: number) => readonly LimitReading[];
}

export interface Call {
  readonly meters: readonly string[];
  /** What it really costs. */
  readonly cost: number;
  readonly request: Pick<ApiRequest, "cost" | "limits">;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const NEAR: Span = [4, 20];
const FAR: Span = [20, 220];
const QUICK: Span = [5, 30];
const FEW_LOST = { cut: 4, never: 2 } as const;
/** Kolkata is this far ahead of Greenwich, all year. */
const KOLKATA_MS = 5.5 * 60 * MINUTE;

const each = (meters: readonly string[]): Kind["call"] => {
  const call: Call = { meters, cost: 1, request: {} };
  return () => call;
};
const between = (random: Random, [least, most]: Span): number => least + Math.floor(random.next() * (most - least + 1));

const base = { wayMs: NEAR, workMs: QUICK, lost: FEW_LOST, saturated: ["calls"], call: each(["calls"]) } as const;

export const KINDS: readonly Kind[] = [
  {
    ...base,
    name: "so many a second",
    limits: [{ kind: "rate", name: "calls", count: 10, perMs: SECOND, every: true }],
    meters: () => ({ calls: slidingMeter(10, SECOND) }),
    runMs: 3 * MINUTE,
  },
  {
    ...base,
    // Who cannot know within a fifth of the window when a call came in cannot use all of it: here it has to hold.
    name: "so many a second, far away",
    limits: [{ kind: "rate", name: "calls", count: 10, perMs: SECOND, every: true }],
    meters: () => ({ calls: slidingMeter(10, SECOND) }),
    wayMs: FAR,
    saturated: [],
    runMs: 3 * MINUTE,
  },
  {
    ...base,
    name: "so many a second, answered slowly",
    limits: [{ kind: "rate", name: "calls", count: 10, perMs: SECOND, every: true }],
    meters: () => ({ calls: slidingMeter(10, SECOND) }),
    workMs: [100, 900],
    // Of so few calls as many answers are lost as elsewhere, so that some are in every run.
    lost: { cut: 16, never: 8 },
    saturated: [],
    runMs: 3 * MINUTE,
  },
  {
    ...base,
    name: "so many a minute, far away",
    limits: [{ kind: "rate", name: "calls", count: 500, perMs: MINUTE, every: true }],
    meters: () => ({ calls: slidingMeter(500, MINUTE) }),
    wayMs: FAR,
    runMs: 5 * MINUTE,
  },
  {
    ...base,
    name: "a minute of the provider's clock",
    limits: [{ kind: "rate", name: "calls", count: 60, perMs: MINUTE, windows: "clock", every: true }],
    meters: (skewMs) => ({ calls: clockMeter(60, MINUTE, skewMs) }),
    wayMs: FAR,
    // What comes a full window after its forerunner comes later by its way, window by window, until it comes after every edge
    // that the provider's clock may have. Whoever passes the edge on the way leaves one window unused, once, wherever he begins:
    // of an hour that is less than two in a hundred.
    runMs: 60 * MINUTE,
  },
  {
    ...base,
    name: "windows that a first call begins",
    limits: [{ kind: "rate", name: "calls", count: 100, perMs: 10 * SECOND, windows: "first-call", every: true }],
    meters: () => ({ calls: firstCallMeter(100, 10 * SECOND) }),
    runMs: 3 * MINUTE,
  },
  {
    ...base,
    name: "several at once",
    limits: [
      { kind: "rate", name: "second", count: 10, perMs: SECOND, every: true },
      { kind: "rate", name: "minute", count: 500, perMs: MINUTE, every: true },
      { kind: "concurrency", name: "at once", count: 10, every: true },
    ],
    meters: () => ({
      second: slidingMeter(10, SECOND),
      minute: slidingMeter(500, MINUTE),
      "at once": atOnceMeter(10),
    }),
    call: each(["second", "minute", "at once"]),
    saturated: ["minute"],
    runMs: 5 * MINUTE,
  },
  {
    ...base,
    name: "so many a day of a zone",
    limits: [{ kind: "quota", name: "calls", count: 1_000, day: { zone: "Asia/Kolkata" }, every: true }],
    meters: (skewMs) => ({ calls: clockMeter(1_000, DAY, skewMs, KOLKATA_MS) }),
    wayMs: FAR,
    runMs: 4.5 * DAY,
  },
  {
    ...base,
    name: "so many in any 24 hours",
    limits: [{ kind: "quota", name: "calls", count: 1_000, day: "rolling", every: true }],
    meters: () => ({ calls: slidingMeter(1_000, DAY) }),
    wayMs: FAR,
    runMs: 3.2 * DAY,
  },
  {
    ...base,
    name: "so many at once",
    limits: [{ kind: "concurrency", name: "calls", count: 5, every: true }],
    meters: () => ({ calls: atOnceMeter(5) }),
    workMs: [500, 3_000],
    // Who waits for an answer that never comes takes the place of others, whatever he does.
    lost: { cut: 4, never: 0 },
    runMs: 10 * MINUTE,
  },
  {
    ...base,
    name: "a bucket of points",
    limits: [{ kind: "points", name: "calls", size: 1_000, perSecond: 50, every: true }],
    meters: () => ({ calls: bucketMeter(1_000, 50) }),
    call: (random) => pointed(between(random, [5, 120])),
    runMs: 20 * MINUTE,
  },
  {
    ...base,
    name: "a bucket of points, filled by the second, its level told",
    limits: [{ kind: "points", name: "calls", size: 400, perSecond: 40, fillsEveryMs: SECOND, every: true }],
    meters: () => ({ calls: bucketMeter(400, 40, SECOND) }),
    call: (random) => pointed(between(random, [5, 60])),
    reads: (meters) => [{ limit: "calls", available: (meters["calls"] as ReturnType<typeof bucketMeter>).level }],
    runMs: 10 * MINUTE,
  },
  {
    ...base,
    name: "points a minute",
    limits: [{ kind: "points-window", name: "calls", size: 6_000, perMs: MINUTE, every: true }],
    meters: () => ({ calls: slidingMeter(6_000, MINUTE) }),
    call: (random) => pointed(between(random, [2, 100])),
    wayMs: FAR,
    runMs: 10 * MINUTE,
  },
  {
    ...base,
    name: "points a minute, each cost known after the call",
    limits: [{ kind: "points-window", name: "calls", size: 6_000, perMs: MINUTE, costMost: 40, every: true }],
    meters: () => ({ calls: slidingMeter(6_000, MINUTE) }),
    call: (random) => ({ meters: ["calls"], cost: between(random, [1, 40]), request: {} }),
    // An answer that is lost tells no cost: the most is thought.
    reads: (_meters, cost) => [{ limit: "calls", cost }],
    runMs: 10 * MINUTE,
  },
  {
    ...base,
    name: "each channel by itself",
    limits: [{ kind: "rate", name: "channel", count: 5, perMs: 5 * SECOND, every: false, each: true }],
    meters: () => Object.fromEntries(CHANNELS.map((channel) => [channel, slidingMeter(5, 5 * SECOND)])),
    call(random) {
      const channel = CHANNELS[between(random, [0, CHANNELS.length - 1])]!;
      return { meters: [channel], cost: 1, request: { limits: [`channel/${channel}`] } };
    },
    saturated: ["C1", "C2", "C3", "C4"],
    runMs: 5 * MINUTE,
  },
  {
    ...base,
    name: "searches apart from the rest",
    limits: [
      { kind: "rate", name: "calls", count: 100, perMs: 10 * SECOND, every: true },
      { kind: "rate", name: "search", count: 20, perMs: 10 * SECOND, every: false },
    ],
    meters: () => ({ calls: slidingMeter(100, 10 * SECOND), search: slidingMeter(20, 10 * SECOND) }),
    call: (_random, who) =>
      who % 3 === 0
        ? { meters: ["calls", "search"], cost: 1, request: { limits: ["search"] } }
        : { meters: ["calls"], cost: 1, request: {} },
    saturated: ["calls", "search"],
    runMs: 3 * MINUTE,
  },
  {
    ...base,
    name: "one limit of all accounts of an app",
    limits: [
      { kind: "rate", name: "app", count: 120, perMs: 10 * SECOND, every: true, shared: true },
      { kind: "rate", name: "account", count: 90, perMs: 10 * SECOND, every: true },
    ],
    meters: () => ({ app: slidingMeter(120, 10 * SECOND) }),
    call: each(["app"]),
    saturated: ["app"],
    connections: 3,
    runMs: 3 * MINUTE,
  },
  {
    ...base,
    name: "more than was declared, as answers tell",
    limits: [{ kind: "rate", name: "calls", count: 20, perMs: 10 * SECOND, every: true }],
    meters: () => ({ calls: slidingMeter(100, 10 * SECOND) }),
    reads: () => [{ limit: "calls", size: 100 }],
    runMs: 3 * MINUTE,
  },
];

const CHANNELS = ["C1", "C2", "C3", "C4"];

function pointed(cost: number): Call {
  return { meters: ["calls"], cost, request: { cost } };
}

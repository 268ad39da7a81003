// What Xero allows one app in one organisation, and what each answer tells of what is left.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
import { readAll, readHeaders } from "../../src/define/limit-readers.ts";
import type { XeroSettings } from "./settings.ts";

const MINUTE_MS = 60_000;
const CALLS_A_DAY = 5_000;
const CALLS_A_DAY_STARTER = 1_000;

const readRemaining = readAll(
  readHeaders({ limit: "minute", remaining: "x-minlimit-remaining" }),
  readHeaders({ limit: "day", remaining: "x-daylimit-remaining" }),
  readHeaders({ limit: "minute of the app", remaining: "x-appminlimit-remaining" }),
);

export function limitsOf({ tier = "core" }: XeroSettings): readonly Limit[] {
  const aDay = tier === "starter" ? CALLS_A_DAY_STARTER : CALLS_A_DAY;
  return [
    { kind: "concurrency", name: "at once", count: 5, every: true },
    { kind: "rate", name: "minute", count: 60, perMs: MINUTE_MS, every: true },
    // Each organisation's day begins at another time, which nobody is told: any 24 hours are right for all.
    { kind: "quota", name: "day", count: aDay, day: "rolling", every: true },
    { kind: "rate", name: "minute of the app", count: 10_000, perMs: MINUTE_MS, every: true, shared: true },
  ];
}

export function readLimits(answer: Answer): readonly LimitReading[] {
  const left = readRemaining(answer);
  const used = answer.status === 429 ? usedUp(answer.headers) : undefined;
  return used === undefined ? left : [...left.filter(({ limit }) => limit !== used.limit), used];
}

/** Only the refusal tells when a window ends. */
function usedUp(headers: Answer["headers"]): LimitReading | undefined {
  const problem = headers["x-rate-limit-problem"]?.toLowerCase() ?? "";
  const limit = PROBLEMS.find(([words]) => words.test(problem))?.[1];
  const seconds = headers["retry-after"] ?? "";
  if (limit === undefined || !/^\d{1,6}$/.test(seconds)) return undefined;
  return { limit, available: 0, resetInMs: Number(seconds) * 1_000 };
}

/** Seen as "minute", "day", "DayLimit", "daily" and "appminute". */
const PROBLEMS = [
  [/app/, "minute of the app"],
  [/min/, "minute"],
  [/da[iy]/, "day"],
] as const;

// What Xero allows one app in one organisation, and what each answer tells of what is left.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
import type { XeroSettings } from "./settings.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CALLS_A_DAY = 5_000;
const CALLS_A_DAY_STARTER = 1_000;

/** The headers that tell what is left of each limit. */
const REMAINING = [
  ["minute", "x-minlimit-remaining"],
  ["day", "x-daylimit-remaining"],
  ["minute of the app", "x-appminlimit-remaining"],
] as const;

export function limitsOf({ tier = "core" }: XeroSettings): readonly Limit[] {
  const aDay = tier === "starter" ? CALLS_A_DAY_STARTER : CALLS_A_DAY;
  return [
    { kind: "concurrency", name: "at once", count: 5, every: true },
    { kind: "rate", name: "minute", count: 60, perMs: MINUTE_MS, every: true },
    { kind: "rate", name: "day", count: aDay, perMs: DAY_MS, every: true },
    // Of all organisations together: the answers tell how much the others take.
    { kind: "rate", name: "minute of the app", count: 10_000, perMs: MINUTE_MS, every: true },
  ];
}

export function readLimits({ headers }: Answer): readonly LimitReading[] {
  return REMAINING.flatMap(([limit, header]) => {
    const text = headers[header] ?? "";
    return /^\d{1,9}$/.test(text) ? [{ limit, available: Number(text) }] : [];
  });
}

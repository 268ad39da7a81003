// What Salesforce allows one org. Its day is a window that rolls, and other integrations spend from it too, so each answer's
// header corrects our count; a share is left to them.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
import { readUsedOf } from "../../src/define/limit-readers.ts";
import type { SalesforceSettings } from "./settings.ts";

const DAY_SECONDS = 86_400;
const CALLS_PER_DAY = 100_000;
const CALLS_AT_ONCE = 20;
const BULK_QUERY_JOBS_PER_DAY = 10_000;
/** The limit that new jobs of the Bulk API take from besides. */
export const BULK_JOBS_LIMIT = "bulk query jobs";
const DAY_LIMIT = "day";

export function limitsFor(share: number) {
  return ({ callsPerDay = CALLS_PER_DAY, callsAtOnce = CALLS_AT_ONCE }: SalesforceSettings): readonly Limit[] => {
    const size = Math.max(1, Math.floor(callsPerDay * share));
    return [
      { kind: "points", name: DAY_LIMIT, size, perSecond: size / DAY_SECONDS, every: true },
      { kind: "concurrency", name: "at once", count: callsAtOnce, every: true },
      {
        kind: "rate",
        name: BULK_JOBS_LIMIT,
        count: BULK_QUERY_JOBS_PER_DAY,
        perMs: DAY_SECONDS * 1_000,
        every: false,
      },
    ];
  };
}

/** "api-usage=1234/100000; per-app-api-usage=17/250(appName=…)" */
export function readLimitsFor(share: number) {
  return (answer: Answer): readonly LimitReading[] =>
    readUsage(answer).map(({ limit, available = 0, size: all = 0 }) => {
      const size = Math.max(1, Math.floor(all * share));
      // What is left to others counts as spent.
      return { limit, available: available - (all - size), size, perSecond: size / DAY_SECONDS };
    });
}

const readUsage = readUsedOf({ limit: DAY_LIMIT, header: "sforce-limit-info", after: "api-usage" });

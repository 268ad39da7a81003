// What Salesforce allows one org. Its day is a window that rolls, and other integrations spend from it too, so each answer's
// header corrects our count; a share is left to them.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
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
  return ({ headers }: Answer): readonly LimitReading[] => {
    const usage = /(?:^|[;,\s])api-usage=(\d+)\/(\d+)/.exec(headers["sforce-limit-info"] ?? "");
    if (usage === null) return [];
    const size = Math.max(1, Math.floor(Number(usage[2]) * share));
    return [{ limit: DAY_LIMIT, available: size - Number(usage[1]), size, perSecond: size / DAY_SECONDS }];
  };
}

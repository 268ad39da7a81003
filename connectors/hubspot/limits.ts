// What HubSpot allows one app in one account: calls in ten seconds, calls in a day, and searches in a second besides.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
import { readHeaders } from "../../src/define/limit-readers.ts";
import type { HubSpotSettings } from "./settings.ts";

export const SEARCH_LIMIT = "searches in a second";
const BURST_LIMIT = "ten seconds";
const DAILY_LIMIT = "day";

const TEN_SECONDS_MS = 10_000;
const SEARCHES_PER_SECOND = 5;
const OAUTH_PER_TEN_SECONDS = 110;
const WITH_INCREASE_PER_TEN_SECONDS = 250;
const INCREASE_PER_DAY = 1_000_000;

const PLANS = {
  free: { perTenSeconds: 100, perDay: 250_000 },
  starter: { perTenSeconds: 100, perDay: 250_000 },
  professional: { perTenSeconds: 190, perDay: 650_000 },
  enterprise: { perTenSeconds: 190, perDay: 1_000_000 },
} as const;

export function limits(settings: HubSpotSettings): readonly Limit[] {
  const { accessToken, plan = "free", limitIncreases = 0 } = settings;
  const isOAuth = accessToken === undefined;
  const allowed = PLANS[plan];
  const perTenSeconds = limitIncreases > 0 ? WITH_INCREASE_PER_TEN_SECONDS : allowed.perTenSeconds;
  const perDay = allowed.perDay + limitIncreases * INCREASE_PER_DAY;
  const {
    callsPerTenSeconds = isOAuth ? OAUTH_PER_TEN_SECONDS : perTenSeconds,
    callsPerDay = isOAuth ? undefined : perDay,
    searchesPerSecond = SEARCHES_PER_SECOND,
  } = settings;
  return [
    { kind: "rate", name: BURST_LIMIT, count: callsPerTenSeconds, perMs: TEN_SECONDS_MS, every: true },
    ...(callsPerDay === undefined
      ? []
      : [{ kind: "quota", name: DAILY_LIMIT, count: callsPerDay, day: dayOf(settings), every: true } as const]),
    { kind: "rate", name: SEARCH_LIMIT, count: searchesPerSecond, perMs: 1_000, every: false },
  ];
}

/** The day ends at midnight in the account's zone; where that is not told, any 24 hours are stricter. */
function dayOf({ timeZone }: HubSpotSettings): "rolling" | { readonly zone: string } {
  return timeZone === undefined ? "rolling" : { zone: timeZone };
}

/** Searches are answered without these headers. The day's are absent for OAuth apps. */
export function readLimits(answer: Answer): readonly LimitReading[] {
  const { headers } = answer;
  const intervalMs = Number(headers["x-hubspot-ratelimit-interval-milliseconds"] ?? TEN_SECONDS_MS);
  return [...(intervalMs === TEN_SECONDS_MS ? readBurst(answer) : []), ...readDaily(answer)];
}

const readBurst = readHeaders({ limit: BURST_LIMIT, remaining: "x-hubspot-ratelimit-remaining" });
const readDaily = readHeaders({ limit: DAILY_LIMIT, remaining: "x-hubspot-ratelimit-daily-remaining" });

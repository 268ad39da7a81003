// What HubSpot allows one app in one account: calls in ten seconds, calls in a day, and searches in a second besides.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
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
export function readLimits({ headers }: Answer): readonly LimitReading[] {
  const burst = count(headers["x-hubspot-ratelimit-remaining"]);
  const daily = count(headers["x-hubspot-ratelimit-daily-remaining"]);
  const isTenSeconds =
    (count(headers["x-hubspot-ratelimit-interval-milliseconds"]) ?? TEN_SECONDS_MS) === TEN_SECONDS_MS;
  return [
    ...(burst === undefined || !isTenSeconds ? [] : [{ limit: BURST_LIMIT, available: burst }]),
    ...(daily === undefined ? [] : [{ limit: DAILY_LIMIT, available: daily }]),
  ];
}

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}

// Reads how long a provider asks us to wait, in each form that is met in the wild. A wish that makes no sense is no wish;
// one that would never end is cut.
import { WAIT_MS_MAX } from "../define/outcome.ts";
import { httpDate } from "./http-date.ts";

/**
 * Milliseconds from `now`, or undefined when the headers (names in lower case) say nothing that can be read. A time in the
 * past is 0. `Retry-After` wins over when a limit is reset.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const theirNow = theirClock(headers["date"], now);
  const asked = wishesIn(headers["retry-after"] ?? "").flatMap((wish) => wishMs(wish, theirNow) ?? []);
  return asked.length === 0 ? resetMs(headers, theirNow) : within(Math.max(...asked));
}

/** A clock that is further from ours than this is not believed: both may be wrong by a time zone, neither by more. */
const CLOCKS_APART_MS_MAX = 24 * 60 * 60 * 1000;

/** Times are told by the provider's clock, which the answer shows. */
function theirClock(date: string | undefined, now: number): number {
  const told = date === undefined ? undefined : httpDate(date, now);
  return told === undefined || Math.abs(told - now) > CLOCKS_APART_MS_MAX ? now : told;
}

/** Several that were joined ("1, 5"), of which dates hold a comma too. */
function wishesIn(text: string): readonly string[] {
  return text.split(/(?<!\b[A-Z][a-z]{2}|day),/).map((part) => part.trim());
}

/** "120", "2.0", a date; of a number that is a time of about now, until then. */
function wishMs(wish: string, now: number): number | undefined {
  const number = numberIn(wish);
  if (number === undefined) return untilMs(wish, now);
  const isTime = (at: number): boolean => number >= TIME_MIN && Math.abs(at - now) <= WAIT_MS_MAX;
  const until = [number, number * 1000].find(isTime);
  return until === undefined ? number * 1000 : until - now;
}

/** Three years and more nobody waits. */
const TIME_MIN = 1e8;

/** `RateLimit-Reset` and its kin: seconds from now, or since 1970, or milliseconds since 1970; or `RateLimit: …;t=30`. */
function resetMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const structured = structuredResetMs(headers["ratelimit"] ?? "");
  if (structured !== undefined) return within(structured);
  const reset = RESET_HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
  if (reset === undefined) return undefined;
  const numbers = reset.split(",").map((part) => numberIn(part.trim()));
  if (!numbers.every((number) => number !== undefined)) {
    const until = untilMs(reset.trim(), now);
    return until === undefined ? undefined : within(until);
  }
  const number = Math.max(...numbers);
  if (number >= 1e12) return within(number - now);
  return within(number >= 1e9 ? number * 1000 - now : number * 1000);
}

const RESET_HEADERS = ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"];

/** Of several limits the last one that is used up is free again; where none says that it is, the first. */
function structuredResetMs(field: string): number | undefined {
  const limits = /(?:^|[,;\s])remaining=/.test(field) ? [field] : field.split(",");
  const told = limits.flatMap((limit) => {
    const seconds = /(?:^|[,;\s])(?:t|reset)=(\d+)/.exec(limit)?.[1];
    return seconds === undefined
      ? []
      : [{ ms: Number(seconds) * 1000, isUsedUp: /[,;\s](?:r|remaining)=0(?!\d)/.test(limit) }];
  });
  const usedUp = told.filter(({ isUsedUp }) => isUsedUp).map(({ ms }) => ms);
  return usedUp.length > 0 ? Math.max(...usedUp) : told[0]?.ms;
}

function within(waitMs: number): number {
  return Math.ceil(Math.min(Math.max(0, waitMs), WAIT_MS_MAX));
}

function numberIn(text: string): number | undefined {
  return /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

function untilMs(text: string, now: number): number | undefined {
  const at = httpDate(text, now);
  return at === undefined ? undefined : at - now;
}

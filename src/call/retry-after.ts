// Reads how long a provider asks us to wait, in each form that is met in the wild. A wish that makes no sense is no wish;
// one that would never end is cut.

/** The longest wish that is honoured. */
export const RETRY_AFTER_MS_MAX = 24 * 60 * 60 * 1000;

/**
 * Milliseconds from `now`, or undefined when the headers (names in lower case) say nothing that can be read. A time in the
 * past is 0. `Retry-After` wins over when a limit is reset.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const asked = headers["retry-after"];
  const waitMs = asked === undefined ? undefined : (secondsMs(asked) ?? dateMs(asked, now));
  return waitMs === undefined ? resetMs(headers, now) : within(waitMs);
}

/** `RateLimit-Reset` and its kin: seconds from now, or since 1970, or milliseconds since 1970; or `RateLimit: …;t=30`. */
function resetMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const structured = /(?:^|[;,\s])t=(\d+)/.exec(headers["ratelimit"] ?? "")?.[1];
  if (structured !== undefined) return within(Number(structured) * 1000);
  const reset = RESET_HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
  if (reset === undefined) return undefined;
  const waitMs = secondsMs(reset);
  if (waitMs === undefined) {
    const untilMs = dateMs(reset, now);
    return untilMs === undefined ? undefined : within(untilMs);
  }
  const seconds = waitMs / 1000;
  if (seconds >= 1e12) return within(seconds - now);
  if (seconds >= 1e9) return within(waitMs - now);
  return within(waitMs);
}

const RESET_HEADERS = ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"];

function within(waitMs: number): number {
  return Math.ceil(Math.min(Math.max(0, waitMs), RETRY_AFTER_MS_MAX));
}

/** "120", "2.0", and of several that were joined ("1, 5") the longest. */
function secondsMs(text: string): number | undefined {
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.every((part) => /^\d{1,15}(\.\d{1,9})?$/.test(part))) return undefined;
  return Math.max(...parts.map(Number)) * 1000;
}

/** The three date formats of HTTP, and ISO 8601 in UTC or with an offset; all others are no dates. */
function dateMs(text: string, now: number): number | undefined {
  const at = httpDate(text.trim(), now);
  return at === undefined ? undefined : at - now;
}

const IMF = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const RFC850 = /^[A-Z][a-z]+day, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function httpDate(text: string, now: number): number | undefined {
  const imf = IMF.exec(text);
  if (imf !== null) return utc(imf[3], imf[2], imf[1], imf[4], imf[5], imf[6]);
  const asctime = ASCTIME.exec(text);
  if (asctime !== null) return utc(asctime[6], asctime[1], asctime[2], asctime[3], asctime[4], asctime[5]);
  const short = RFC850.exec(text);
  if (short !== null) return utc(fullYear(short[3], now), short[2], short[1], short[4], short[5], short[6]);
  const iso = ISO.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(iso) ? undefined : iso;
}

/** A year of two digits that seems more than 50 years ahead is the one a century before. */
function fullYear(digits: string | undefined, now: number): string {
  const year = new Date(now).getUTCFullYear();
  const guess = year - (year % 100) + Number(digits);
  return String(guess > year + 50 ? guess - 100 : guess);
}

function utc(...[year, monthName, day, hour, minute, second]: (string | undefined)[]): number | undefined {
  const month = MONTHS.indexOf(monthName ?? "");
  if (month === -1) return undefined;
  const at = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return new Date(at).getUTCDate() === Number(day) ? at : undefined;
}

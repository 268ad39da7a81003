// Reads the times in headers: the three formats of HTTP, the first also with the offset that libraries for mail write, and
// ISO 8601 in UTC or with an offset. All others are no dates: guessing would call too early, or a year too late.

const IMF = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (GMT|UTC|[+-]\d{4})$/;
const RFC850 = /^[A-Z][a-z]+day, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** In milliseconds since 1970; undefined: it is no date. `now`: for years that are told in two digits. */
export function httpDate(text: string, now: number): number | undefined {
  const imf = IMF.exec(text);
  if (imf !== null) return utc(imf[3], imf[2], imf[1], imf[4], imf[5], imf[6], imf[7]);
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

function utc(...[year, monthName, day, hour, minute, second, zone]: (string | undefined)[]): number | undefined {
  const month = MONTHS.indexOf(monthName ?? "");
  if (month === -1) return undefined;
  const at = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return new Date(at).getUTCDate() === Number(day) ? at - offsetMs(zone) : undefined;
}

/** "+0130" is an hour and a half ahead; names are of no offset. */
function offsetMs(zone = ""): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  const aheadMs = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? -aheadMs : aheadMs;
}

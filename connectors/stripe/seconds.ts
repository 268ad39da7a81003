// Times between what other systems write ("2026-08-20T14:00:00+02:00") and the seconds since 1970 that Stripe counts.

/** `unixSeconds("2026-08-20T14:00:00+02:00")` is 1787227200. Throws without an offset: nobody can tell when that was. */
export function unixSeconds(instant: string): number {
  const at = /(?:Z|[+-]\d{2}:\d{2})$/i.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new RangeError(
      `Cannot read "${instant}" as a time: expected one with its offset, such as 2026-08-20T12:00:00Z`,
    );
  }
  return Math.floor(at / 1_000);
}

/** `instantOf(1787227200)` is "2026-08-20T12:00:00Z". */
export function instantOf(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
}

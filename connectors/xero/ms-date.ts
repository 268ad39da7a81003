// Xero's JSON tells times as "/Date(1541176290160+0000)/": milliseconds since 1970 and, at times, an offset from UTC.
// A day is told as its midnight; which of both a text is only the field's name tells.

const MS_DATE = /^\/Date\((-?\d{1,15})(?:([+-])(\d{2})(\d{2}))?\)\/$/;
const MINUTE_MS = 60_000;

export function isMsDate(text: string): boolean {
  return MS_DATE.test(text);
}

/** The moment, as ISO 8601 in UTC: "2018-11-02T16:31:30.160Z". Undefined: the text is no such date. */
export function instantOf(text: string): string | undefined {
  const parts = MS_DATE.exec(text);
  return parts === null ? undefined : iso(Number(parts[1]));
}

/** The day in the organisation's own zone: "2018-11-02". Undefined: the text is no such date. */
export function dayOf(text: string): string | undefined {
  const parts = MS_DATE.exec(text);
  if (parts === null) return undefined;
  const offsetMs = (Number(parts[3] ?? 0) * 60 + Number(parts[4] ?? 0)) * MINUTE_MS;
  return iso(Number(parts[1]) + (parts[2] === "-" ? -offsetMs : offsetMs))?.slice(0, 10);
}

/** A date and time as Xero's headers take it: UTC, whole seconds, without a zone. What is cut off begins earlier. */
export function secondsText(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}

function iso(at: number): string | undefined {
  const date = new Date(at);
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  // Years of more than four digits are no dates of anybody's books.
  return /^\d{4}-/.test(text) ? text : undefined;
}

// Times as people type and read them on the command line.

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
];

/** "2h", "1h30m", "45s", or a date such as 2026-08-20T12:00Z; as milliseconds since 1970. Undefined: it is neither. */
export function sinceOf(text: string, now: number): number | undefined {
  if (/^(\d+[dhms])+$/.test(text)) {
    let ago = 0;
    for (const [, count, unit] of text.matchAll(/(\d+)([dhms])/g)) {
      ago += Number(count) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
    }
    return now - ago;
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** The two greatest units: "2h 5m", "3d 4h", "12s"; "0s" below a second. */
export function durationText(durationMs: number): string {
  let rest = Math.max(0, durationMs);
  const parts: string[] = [];
  for (const [unit, ms] of UNITS) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}

/** "2h 5m ago"; "never" when there is no time. */
export function agoText(at: number | undefined, now: number): string {
  return at === undefined ? "never" : `${durationText(now - at)} ago`;
}

/** "2026-08-20 12:00:00Z": the same for everybody who reads it. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace("T", " ").replace(/\.\d+/, "");
}

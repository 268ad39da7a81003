// Lengths of time as people write them: "5m", "90s", "24h".

type Unit = keyof typeof UNIT_MS;

/** A number and a unit: "500ms", "90s", "5m", "24h", "7d". */
export type Duration = `${number}${Unit}`;

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** In milliseconds; undefined when the text is no duration, or none longer than nothing. */
export function durationMs(written: string): number | undefined {
  const [, count, unit] = WRITTEN.exec(String(written)) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const durationInMs = Math.round(Number(count) * UNIT_MS[unit as Unit]);
  return durationInMs > 0 && Number.isSafeInteger(durationInMs) ? durationInMs : undefined;
}

/** The duration in its greatest whole unit: 300,000 ms is "5m". */
export function durationText(ms: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (ms >= UNIT_MS[unit] && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  }
  return `${ms}ms`;
}

// What the engine says of itself: level, sentence, facts. Where it goes is the caller's choice.
import type { Clock } from "./world/world.ts";

export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

export const silent: Log = () => {};

/** So many lines of one kind in one span of time are said; the others are only counted. */
const SAID_MAX = 10;
const SPAN_MS = 60_000;

/**
 * A log that cannot be flooded: whoever sends us a thousand wrong signatures, or parks a thousand records with one mistake,
 * fills ten lines a minute, and one that says how many there were.
 */
export function calm(log: Log, clock: Clock): (kind: string, ...line: Parameters<Log>) => void {
  const spans = new Map<string, { readonly beganAt: number; count: number }>();
  return (kind, level, message, facts) => {
    const now = clock.now();
    let span = spans.get(kind);
    if (span === undefined || now - span.beganAt >= SPAN_MS) {
      if (span !== undefined && span.count > SAID_MAX) {
        log(level, `${span.count - SAID_MAX} more like the following were not logged`, { kind });
      }
      span = { beganAt: now, count: 0 };
      spans.set(kind, span);
    }
    span.count += 1;
    if (span.count <= SAID_MAX) log(level, message, facts);
    if (span.count === SAID_MAX) log(level, "more of these within a minute are counted, not logged", { kind });
  };
}

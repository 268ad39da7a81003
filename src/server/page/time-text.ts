// Times and durations as people read them.
import { html, type Html } from "./html.ts";

const STEPS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** "3 min", "12 s", "2 d": the greatest unit only. */
export function durationText(durationMs: number): string {
  for (const [unitMs, unit] of STEPS) if (durationMs >= unitMs) return `${Math.floor(durationMs / unitMs)} ${unit}`;
  return `${Math.max(0, Math.round(durationMs))} ms`;
}

/** How long ago, with the exact time for machines and on pointing at it. */
export function ago(at: number, now: number): Html {
  const exact = exactText(at);
  const text = now - at < 1_000 ? "just now" : `${durationText(now - at)} ago`;
  return html`<time datetime="${new Date(at).toISOString()}" title="${exact}">${text}</time>`;
}

export function exactTime(at: number): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${exactText(at)}</time>`;
}

function exactText(at: number): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

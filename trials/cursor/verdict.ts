// What all worlds come to: figures, and what did not hold.
import { MARKER_SHARE_MIN, MARKERS, type Marker } from "./markers.ts";
import type { SeedResult } from "./run-seed.ts";

export interface Figures {
  readonly seeds: number;
  readonly changes: number;
  /** Changes of which nothing was read, nor of anything later of their records. */
  readonly missed: number;
  /** How often a change was listed in the mean, and the most often of all. */
  readonly reread: number;
  readonly rereadMax: number;
  readonly pages: number;
  /** Records that were read by their key. */
  readonly looks: number;
  readonly restarts: number;
  /** In how many worlds each thing happened that the trial is about. */
  readonly met: Readonly<Record<Marker, number>>;
}

export interface Verdict {
  readonly figures: Figures;
  /** Empty: it held. */
  readonly problems: readonly string[];
}

const MISSED_SHOWN_MAX = 3;

/** A few worlds need not have everything in them. */
const SEEDS_FOR_ALL_MARKERS = 100;

export function verdictOf(results: readonly SeedResult[]): Verdict {
  const problems = results.flatMap(problemsOf);
  const met = Object.fromEntries(
    MARKERS.map((marker) => [marker, results.filter((one) => one.met.includes(marker)).length]),
  ) as Record<Marker, number>;
  for (const marker of MARKERS) {
    if (results.length < SEEDS_FOR_ALL_MARKERS || met[marker] >= results.length * MARKER_SHARE_MIN) continue;
    problems.push(`not exercised: ${marker} in ${met[marker]} of ${results.length} worlds, wanted a twentieth`);
  }
  const sum = (count: (result: SeedResult) => number): number => results.reduce((all, one) => all + count(one), 0);
  const listed = sum(({ reads }) => reads.changes);
  const reread = listed === 0 ? 0 : Math.round((sum(({ reads }) => reads.reads) / listed) * 100) / 100;
  const figures = {
    seeds: results.length,
    changes: sum(({ changes }) => changes),
    missed: sum(({ missed }) => missed.length),
    reread,
    rereadMax: Math.max(0, ...results.map(({ reads }) => reads.most)),
    pages: sum(({ pages }) => pages),
    looks: sum(({ reads }) => reads.looks),
    restarts: sum(({ restarts }) => restarts),
    met,
  };
  return { figures, problems };
}

function problemsOf({ seed, quirks, missed, reads, errors }: SeedResult): readonly string[] {
  const wrong = [...errors];
  if (missed.length > 0) {
    wrong.push(`${missed.length} changes were never read, such as ${missed.slice(0, MISSED_SHOWN_MAX).join("; ")}`);
  }
  if (reads.most > reads.mostAllowed) {
    wrong.push(`a change was listed ${reads.most} times, expected ${reads.mostAllowed} at the most`);
  }
  return wrong.map((words) => `seed ${seed}: ${words}; its quirks: ${JSON.stringify(quirks)}`);
}

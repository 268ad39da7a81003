// What all worlds come to: figures, and what did not hold.
import { MARKER_SHARE_MIN, MARKERS, type Marker } from "./markers.ts";
import type { SeedResult } from "./run-seed.ts";

export interface Figures {
  readonly seeds: number;
  readonly changes: number;
  readonly restores: number;
  /** Worlds in which something did not hold. */
  readonly failures: number;
  /** Records that wait for a person, and in how many worlds none does. */
  readonly questions: number;
  readonly worldsWithoutQuestions: number;
  /** Counterparts whose source was deleted while nobody knew of them. */
  readonly orphans: number;
  /** In how many worlds each thing happened that the trial is about. */
  readonly met: Readonly<Record<Marker, number>>;
}

export interface Verdict {
  readonly figures: Figures;
  /** Empty: it held. */
  readonly problems: readonly string[];
}

/** A few worlds need not have everything in them. */
const SEEDS_FOR_ALL_MARKERS = 100;
/** In so many of the worlds nobody may be asked anything: otherwise parking everything would hold, too. */
const WITHOUT_QUESTIONS_SHARE_MIN = 0.4;

export function verdictOf(results: readonly SeedResult[]): Verdict {
  const problems = results.flatMap(problemsOf);
  const met = Object.fromEntries(
    MARKERS.map((marker) => [marker, results.filter((one) => one.met.includes(marker)).length]),
  ) as Record<Marker, number>;
  const sum = (count: (result: SeedResult) => number): number => results.reduce((all, one) => all + count(one), 0);
  const figures = {
    seeds: results.length,
    changes: sum(({ changes }) => changes),
    restores: sum(({ restores }) => restores),
    failures: results.filter((one) => problemsOf(one).length > 0).length,
    questions: sum(({ questions }) => questions),
    worldsWithoutQuestions: results.filter(({ questions }) => questions === 0).length,
    orphans: sum(({ orphans }) => orphans),
    met,
  };
  return { figures, problems: [...problems, ...shortcomingsOf(figures)] };
}

function shortcomingsOf({ seeds, met, worldsWithoutQuestions }: Figures): readonly string[] {
  if (seeds < SEEDS_FOR_ALL_MARKERS) return [];
  const short = MARKERS.filter((marker) => met[marker] < seeds * MARKER_SHARE_MIN).map(
    (marker) => `not exercised: ${marker} in ${met[marker]} of ${seeds} worlds, wanted a hundredth`,
  );
  if (worldsWithoutQuestions < seeds * WITHOUT_QUESTIONS_SHARE_MIN) {
    short.push(`a person is asked in all but ${worldsWithoutQuestions} of ${seeds} worlds, wanted none in two of five`);
  }
  return short;
}

function problemsOf({ seed, setting, problems, errors }: SeedResult): readonly string[] {
  return [...errors, ...problems].map((words) => `seed ${seed}: ${words}; its setting: ${JSON.stringify(setting)}`);
}

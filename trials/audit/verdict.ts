// What the trials come to, and what did not hold.
import { WAYS } from "./differences.ts";
import type { TrialFigures } from "./run.ts";

export interface Figures {
  readonly trials: number;
  readonly records: number;
  readonly planted: number;
  readonly undetected: number;
  readonly falseAlarms: number;
  /** Records that did not agree after the repair. */
  readonly unmended: number;
  readonly calls: number;
  readonly edits: number;
  readonly rechecked: number;
  /** How often each difference was planted. */
  readonly ways: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly plant: string | null;
  readonly seconds: number;
}

export function figuresOf(
  trials: readonly TrialFigures[],
  told: Pick<Figures, "records" | "seed" | "plant" | "seconds">,
): Figures {
  const sum = (of: (trial: TrialFigures) => number): number => trials.reduce((total, trial) => total + of(trial), 0);
  const ways = trials.flatMap((trial) => trial.ways);
  return {
    trials: trials.length,
    planted: sum(({ planted }) => planted),
    undetected: sum(({ undetected }) => undetected.length),
    falseAlarms: sum(({ falseAlarms }) => falseAlarms.length),
    unmended: sum(({ unmended }) => unmended.length),
    calls: sum(({ calls }) => calls),
    edits: sum(({ edits }) => edits),
    rechecked: sum(({ rechecked }) => rechecked),
    ways: Object.fromEntries(Object.keys(WAYS).map((way) => [way, ways.filter((one) => one === way).length])),
    ...told,
  };
}

/** Enough trials for every way to have come up. */
const TRIALS_FOR_ALL_WAYS = 10;

/** Empty: everything held. */
export function problemsOf(trials: readonly TrialFigures[]): readonly string[] {
  const each = trials.flatMap(({ undetected, falseAlarms, unmended }, index) => [
    ...undetected.map((words) => `trial ${index + 1}: not detected: ${words}`),
    ...falseAlarms.map((words) => `trial ${index + 1}: false alarm: ${words}`),
    ...unmended.map((words) => `trial ${index + 1}: not mended: ${words}`),
  ]);
  if (each.length > 0) return each;
  const used = new Set(trials.flatMap(({ ways }) => ways));
  const unused = trials.length < TRIALS_FOR_ALL_WAYS ? [] : Object.keys(WAYS).filter((way) => !used.has(way));
  return [
    ...unused.map((way) => `not exercised: ${way}`),
    ...(trials.some(({ edits }) => edits > 0) ? [] : ["not exercised: an edit while an audit ran"]),
  ];
}

// What the runs come to, and what did not hold.
import type { KindFigures } from "./run-kind.ts";

const UTILISATION_MIN = 0.95;
/** Fewer calls than this in a run of a kind prove little. */
const CALLS_MIN = 300;

export interface Figures {
  readonly kinds: number;
  readonly windowsOver: number;
  readonly utilisationMin: number;
  readonly starved: number;
  readonly calls: number;
  readonly answersLost: number;
  /** The least of each kind over all rounds, to a thousandth; `null`: it has to hold only. */
  readonly utilisation: Readonly<Record<string, number | null>>;
  readonly rounds: number;
  readonly seed: number;
  readonly plant: string | null;
  readonly seconds: number;
}

export function figuresOf(
  runs: readonly KindFigures[],
  told: Pick<Figures, "rounds" | "seed" | "plant" | "seconds">,
): Figures {
  const sum = (of: (run: KindFigures) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const used = runs.flatMap(({ utilisation }) => (utilisation === undefined ? [] : [utilisation]));
  const kinds = [...new Set(runs.map(({ kind }) => kind))];
  return {
    kinds: kinds.length,
    windowsOver: sum(({ windowsOver }) => windowsOver),
    utilisationMin: thousandth(Math.min(...used)),
    starved: sum(({ starved }) => starved),
    calls: sum(({ calls }) => calls),
    answersLost: sum(({ answersLost }) => answersLost),
    utilisation: Object.fromEntries(kinds.map((kind) => [kind, leastOf(runs.filter((run) => run.kind === kind))])),
    ...told,
  };
}

function leastOf(runs: readonly KindFigures[]): number | null {
  const used = runs.flatMap(({ utilisation }) => (utilisation === undefined ? [] : [utilisation]));
  return used.length === 0 ? null : thousandth(Math.min(...used));
}

/** Rounded down: 0.9499 is not 0.95. */
const thousandth = (part: number): number => Math.floor(part * 1000) / 1000;

/** Empty: everything held. */
export function problemsOf(runs: readonly KindFigures[]): readonly string[] {
  return runs.flatMap(({ kind, calls, windowsOver, utilisation = 1, starved, answersLost }) => [
    ...(windowsOver > 0 ? [`${kind}: ${windowsOver} calls over the limit`] : []),
    // What is not a number did not hold either.
    ...(utilisation >= UTILISATION_MIN ? [] : [`${kind}: used ${utilisation} of the limit, wanted ${UTILISATION_MIN}`]),
    ...(starved > 0 ? [`${kind}: ${starved} of those who call were starved`] : []),
    ...(calls < CALLS_MIN ? [`${kind}: ${calls} calls prove little, wanted ${CALLS_MIN}`] : []),
    ...(answersLost < 1 && kind !== "over real HTTP" ? [`${kind}: not exercised: no answer was lost`] : []),
  ]);
}

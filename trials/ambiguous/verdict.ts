// What the endings of all trials come to: figures, and what did not hold.
import { CELLS, CLASSES, nameOf, type Cell, type Class } from "./cells.ts";
import type { Ending } from "./run-batch.ts";

export interface CellEndings {
  readonly cell: Cell;
  readonly endings: readonly Ending[];
}

export interface Figures {
  /** Cells whose fault was met in each of their trials. */
  readonly cells: number;
  readonly trials: number;
  /** Objects beyond the first of a record. */
  readonly duplicates: number;
  /** Records that Bowline calls done although no object of theirs is at the provider. */
  readonly falselyConfirmed: number;
  /** Records that are neither done nor waiting for a person. */
  readonly lost: number;
  readonly parked: number;
  readonly parkedRate: number;
  readonly parkedByClass: Readonly<Record<Class, number>>;
}

export interface Verdict {
  readonly figures: Figures;
  /** Empty: it held. */
  readonly problems: readonly string[];
}

export function verdictOf(all: readonly CellEndings[], trialsPerCell: number): Verdict {
  const problems: string[] = [];
  const parkedByClass: Record<Class, number> = { "idempotency-key": 0, upsert: 0, neither: 0 };
  const figures = { cells: 0, trials: 0, duplicates: 0, falselyConfirmed: 0, lost: 0, parked: 0 };
  for (const cell of CELLS) {
    const name = nameOf(cell);
    const endings = all.filter((one) => nameOf(one.cell) === name).flatMap((one) => one.endings);
    figures.trials += endings.length;
    const met = endings.filter(({ faultMet }) => faultMet).length;
    if (met === endings.length && met >= trialsPerCell) figures.cells += 1;
    else problems.push(`not exercised: ${name}: the fault was met ${met} times, wanted ${trialsPerCell}`);
    for (const ending of endings) {
      const wrong = wrongIn(cell, ending);
      if (wrong !== undefined) problems.push(`${name}, ${ending.ref}: ${wrong}`);
      figures.duplicates += Math.max(0, ending.objects - 1);
      figures.falselyConfirmed += ending.linkedTo !== undefined && !ending.isTrue ? 1 : 0;
      figures.lost += ending.linkedTo === undefined && ending.parked === undefined ? 1 : 0;
      if (ending.parked === undefined) continue;
      figures.parked += 1;
      parkedByClass[cell.class] += 1;
    }
  }
  const parkedRate = Math.round((figures.parked / Math.max(1, figures.trials)) * 1_000) / 1_000;
  // Where people are asked each time, nothing is resolved; where it is never needed to ask, nothing is ambiguous.
  for (const one of CLASSES) {
    const trials = figures.trials / CLASSES.length;
    if (parkedByClass[one] > trials * PARKED_SHARE_MAX[one]) {
      problems.push(`parked too often: ${one}: ${parkedByClass[one]} of ${trials}`);
    }
  }
  return { figures: { ...figures, parkedRate, parkedByClass }, problems };
}

/** The stated rate: without a key, an external id or a search, a person is asked of nearly every ambiguous write. */
const PARKED_SHARE_MAX: Readonly<Record<Class, number>> = { "idempotency-key": 0.5, upsert: 0, neither: 0.75 };

/** What must not be, of one record. */
function wrongIn({ class: one, retention }: Cell, { objects, linkedTo, isTrue, parked }: Ending): string | undefined {
  if (objects > 1) return `${objects} objects`;
  if (linkedTo !== undefined && !isTrue) return "called done, and its object is not there";
  if (linkedTo === undefined && parked === undefined) return "neither done nor parked";
  if (linkedTo !== undefined && parked !== undefined) return "done and parked at once";
  const isExact = one === "upsert" || (one === "idempotency-key" && retention === "inside");
  return isExact && objects !== 1 ? "no object, although it may be repeated" : undefined;
}

// What all sequences come to: figures, and whether everything that was to be shown happened often enough.
import { createHash } from "node:crypto";
import { KINDS, type Kind } from "./operations.ts";
import type { ChunkEnded, Failure } from "./run-chunk.ts";

/** Kept conflicts have to come of each of these. */
export const RULES = ["side", "unless-empty", "newest", "greatest", "least", "union", "park"] as const;

export interface Figures {
  readonly sequences: number;
  readonly failures: number;
  readonly operations: number;
  readonly edits: number;
  readonly conflicts: number;
  readonly crashes: number;
  readonly webhooksLost: number;
  /** Writes at the systems for each edit of a field by a person, first copies of contacts among them. */
  readonly writesPerEdit: number;
  /** Edits overwritten between Bowline's look and its write, at systems that cannot refuse that. */
  readonly unprotected: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly byRule: Readonly<Record<string, number>>;
  readonly parked: Readonly<Record<string, number>>;
  /** The same seed gives the same. */
  readonly trace: string;
}

export interface Verdict {
  readonly figures: Figures;
  readonly failures: readonly Failure[];
  /** Not exercised enough, or too many writes; empty: it holds. */
  readonly shortcomings: readonly string[];
}

/** Each kind of operation and each rule has to come at least once in so many sequences. */
const SEQUENCES_FOR_ONE = 20;
/** Two systems: one write for each edit, and one more for what is put back or made anew. */
const WRITES_PER_EDIT_MAX = 2;

export function verdictOf(chunks: readonly ChunkEnded[]): Verdict {
  const tallies = chunks.flatMap((chunk) => chunk.tallies);
  const failures = chunks.flatMap((chunk) => chunk.failures);
  const sum = (of: (tally: (typeof tallies)[number]) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const byOperation = summed(tallies.map(({ operations }) => operations));
  const byRule = summed(tallies.map(({ conflicts }) => conflicts));
  const edits = sum((tally) => tally.edits);
  const trace = createHash("sha256");
  for (const chunk of chunks) trace.update(chunk.trace);
  const figures: Figures = {
    sequences: tallies.length,
    failures: failures.length,
    operations: Object.values(byOperation).reduce((total, count) => total + count, 0),
    edits,
    conflicts: Object.values(byRule).reduce((total, count) => total + count, 0),
    crashes: byOperation["crash"] ?? 0,
    webhooksLost: sum((tally) => tally.webhooksLost),
    writesPerEdit: Math.round((sum(({ writes }) => writes) / Math.max(1, edits)) * 100) / 100,
    unprotected: sum((tally) => tally.unprotected),
    byOperation,
    byRule,
    parked: summed(tallies.map(({ parked }) => parked)),
    trace: trace.digest("hex").slice(0, 16),
  };
  return { figures, failures, shortcomings: shortcomingsOf(figures) };
}

function shortcomingsOf({ sequences, byOperation, byRule, writesPerEdit }: Figures): readonly string[] {
  const least = Math.floor(sequences / SEQUENCES_FOR_ONE);
  const missed = (
    what: string,
    counts: Readonly<Record<string, number>>,
    names: readonly string[],
  ): readonly string[] =>
    names
      .filter((name) => (counts[name] ?? 0) < least)
      .map((name) => `not exercised enough: ${what} ${name} (${counts[name] ?? 0}, wanted ${least} or more)`);
  return [
    ...missed("operation", byOperation, KINDS satisfies readonly Kind[]),
    ...missed("conflicts by the rule", byRule, RULES),
    ...(writesPerEdit > WRITES_PER_EDIT_MAX
      ? [`${writesPerEdit} writes for each edit, wanted ${WRITES_PER_EDIT_MAX} at the most`]
      : []),
  ];
}

function summed(all: readonly Readonly<Partial<Record<string, number>>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + (count ?? 0);
  }
  return Object.fromEntries(Object.entries(sums).sort(([one], [other]) => (one < other ? -1 : 1)));
}

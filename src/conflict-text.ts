// What is said of a conflict of a two-way sync: the same on the page and at the command line.
import type { ConflictRow } from "./control.ts";

/** It waits for a person's word. */
export function isOpen({ winner, putBackAt, settledAt }: ConflictRow): boolean {
  return winner === undefined && putBackAt === undefined && settledAt === undefined;
}

/** Whose value was taken; `names` are the sides'. */
export function takenText(
  { winner, putBackAt, settledAt, rule }: ConflictRow,
  names: readonly [string, string],
): string {
  if (putBackAt !== undefined) return "put back";
  if (settledAt !== undefined) return "settled since";
  if (winner === undefined) return "waits for a person";
  return winner === "both" ? rule : names[winner];
}

export function fieldText({ fields: [first, second] }: ConflictRow): string {
  if (first === "") return "(the record)";
  return first === second ? first : `${first} ↔ ${second}`;
}

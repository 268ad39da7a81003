// A field of a contact at one system: whose edit it shows, and all that went into it.
import { editsOf, type Value } from "./fields.ts";

export interface Cell {
  edit: number;
  value: Value;
  knows: ReadonlySet<number>;
  /** When it was edited last, and the contact's stamp then. */
  at: number;
  stamp: number;
  /** A value that was there before was entered again: nobody can tell whose it is. */
  isVague: boolean;
}

export const NEVER: Cell = { edit: 0, value: null, knows: new Set(), at: 0, stamp: 0, isVague: false };

/** The edits of a list's members that are not in the other list. */
export function missing(from: Value, inside: Value): readonly number[] {
  const there = new Set(editsOf(inside));
  return editsOf(from).filter((edit) => !there.has(edit));
}

/** Both lists hold what the same edits brought. */
export function isSameList(one: Value, other: Value): boolean {
  return missing(one, other).length === 0 && missing(other, one).length === 0;
}

// What to say of a name that does not exist: the one that was probably meant, else those there are. The same words at the command
// line and in the API.
import { nearest } from "./nearest.ts";

export function unknownName(what: string, name: string, known: readonly string[]): string {
  return `there is no ${what} "${name}": ${didYouMean(name, known)}`;
}

export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  if (near !== undefined) return `did you mean "${near}"?`;
  return candidates.length === 0 ? "there are none yet" : `expected one of ${candidates.join(", ")}`;
}

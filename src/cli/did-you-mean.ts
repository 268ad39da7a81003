// What to say after a name that does not exist: the one that was probably meant, else those there are.
import { nearest } from "../define/nearest.ts";

export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  if (near !== undefined) return `did you mean "${near}"?`;
  return candidates.length === 0 ? "there are none yet" : `expected one of ${candidates.join(", ")}`;
}

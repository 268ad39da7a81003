// Reads the values of options that are not plain text. What does not fit is told in a sentence after that of Commander.
import { InvalidArgumentError } from "commander";

/** A whole number from 1 to 10,000. */
export function countOf(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 10_000) return count;
  throw new InvalidArgumentError("Expected a whole number from 1 to 10000.");
}

/** A status of HTTP. */
export function statusOf(text: string): number {
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a status such as 200 or 429.");
}

/** A port; 0 means any that is free. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
}

/** Gathers an option that may be given several times. */
export function gather(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

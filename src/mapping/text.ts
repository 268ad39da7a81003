// Providers refuse text that is too long, and many trim it without a word: then it would look changed for ever.
import { cannotConvert, type Converter, converter } from "./converter.ts";

export interface TextOptions {
  /** The most characters (code points); longer text is cut there. Default: no limit. */
  readonly max?: number;
}

/** White space at both ends taken off, then cut after `max` characters without splitting one, and trimmed at its end. */
export function text({ max }: TextOptions = {}): Converter<string, string> {
  if (max !== undefined && (!Number.isInteger(max) || max < 1)) {
    throw new RangeError(`could not use text({ max: ${max} }): expected a whole number of characters, at least 1`);
  }
  return converter(max === undefined ? "text, trimmed" : `text, trimmed, cut at ${max} characters`, (value) => {
    if (typeof value !== "string") throw cannotConvert(value, "text");
    const trimmed = value.trim();
    // Text never has more code points than units, so that most of it is not taken apart.
    if (max === undefined || trimmed.length <= max) return trimmed;
    return Array.from(trimmed).slice(0, max).join("").trimEnd();
  });
}

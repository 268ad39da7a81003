// Yes and no, as providers write them.
import { cannotConvert, type Converter, converter } from "./converter.ts";

const WORDS = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ["true", true],
  ["false", false],
  ["yes", true],
  ["no", false],
  ["1", true],
  ["0", false],
]);

/** True, "true", "yes", "1" and 1 become true, their opposites false, in any case; anything else parks the record. */
export function boolean(): Converter<string | number | boolean, boolean> {
  return converter("yes or no", (value) => {
    const known = WORDS.get(typeof value === "string" ? value.trim().toLowerCase() : value);
    if (known === undefined) throw cannotConvert(value, 'true or false (or "yes", "no", 1, 0)');
    return known;
  });
}

// Whole numbers that some provider writes as text.
import { cannotConvert, type Converter, converter } from "./converter.ts";

/** "12" and 12 become 12. What is not whole, or too great to be exact, parks the record. */
export function integer(): Converter<string | number, number> {
  return converter("a whole number", (value) => {
    const number = typeof value === "string" && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isSafeInteger(number)) {
      throw cannotConvert(value, "a whole number that is exact, at most 9007199254740991");
    }
    // There is no −0 to tell from 0 in a target.
    return number + 0;
  });
}

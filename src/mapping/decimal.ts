// Amounts are decimal text from end to end; a float would make 0.1 + 0.2 somebody's missing cent.
import Big from "big.js";
import { cannotConvert, type Converter, converter } from "./converter.ts";

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const DIGITS_MAX = 30;
const CHARACTERS_MAX = 60;

/**
 * The amount with this many decimal places, rounded half up (away from zero): `decimal(2)` makes "20.00" of "19.995".
 * Takes text only, since a number has been rounded already. An exact zero has no sign.
 */
export function decimal(digits: number): Converter<string, string> {
  if (!Number.isInteger(digits) || digits < 0 || digits > DIGITS_MAX) {
    throw new RangeError(`could not use decimal(${digits}): expected a whole number of digits from 0 to ${DIGITS_MAX}`);
  }
  return converter(`decimal(${digits})`, (text) => {
    if (typeof text !== "string" || text.length > CHARACTERS_MAX || !DECIMAL.test(text)) {
      throw cannotConvert(text, 'decimal text such as "1299.90"');
    }
    const rounded = new Big(withoutPlus(text)).round(digits, Big.roundHalfUp);
    return (rounded.eq(0) ? rounded.abs() : rounded).toFixed(digits);
  });
}

function withoutPlus(text: string): string {
  return text.startsWith("+") ? text.slice(1) : text;
}

// Reads JSON that strangers wrote. The language's own parser takes any depth, lets the last of two equal keys win, and
// rounds long numbers; each of these has been used to get something past a check. This one refuses or keeps them exactly.
import { isUtf8 } from "node:buffer";

export interface JsonLimits {
  /** How deep objects and lists may lie in each other. Default 64. */
  readonly depthMax?: number;
  /** The most bytes (of text: characters). Default 16 MiB. */
  readonly bytesMax?: number;
  /** Refuse equal keys in one object, and keys called `__proto__`. Default true. */
  readonly strictKeys?: boolean;
}

/** Why a text was not taken as JSON; `code` is stable. */
export class JsonRefused extends Error {
  override readonly name = "JsonRefused";
  readonly code: "malformed" | "too-deep" | "too-large" | "duplicate-key" | "forbidden-key" | "not-utf8";

  constructor(code: JsonRefused["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Parses JSON strictly; throws {@link JsonRefused}. Numbers that a JavaScript number cannot hold are kept exactly, as text:
 * `{"id": 9007199254740993}` becomes `{ id: "9007199254740993" }`, and so do decimals with more digits than it keeps and
 * numbers that are too large or too small for it.
 */
export function parseJsonStrict(
  input: Uint8Array | string,
  { depthMax = 64, bytesMax = 16 * 1024 * 1024, strictKeys = true }: JsonLimits = {},
): unknown {
  if (input.length > bytesMax) {
    throw new JsonRefused("too-large", `cannot read the JSON: wanted at most ${bytesMax} bytes, got ${input.length}`);
  }
  const text = typeof input === "string" ? input : decode(input);
  return strictKeys ? withStrictKeys(text, depthMax) : withAnyKeys(text, depthMax);
}

function withStrictKeys(text: string, depthMax: number): unknown {
  const { keys, longNumbers } = shapeOf(text, depthMax);
  const value = exact(text, parse(text), longNumbers);
  if (keys !== countKeys(value)) {
    throw new JsonRefused("duplicate-key", "cannot take the JSON: wanted each key once in an object, got one twice");
  }
  return value;
}

/** Looks at what came out of parsing, which is quicker, and at the text only where some number may have been changed. */
function withAnyKeys(text: string, depthMax: number): unknown {
  const value = parse(text);
  return mayBeInexact(text, survey(value, depthMax)) ? exact(text, value, shapeOf(text, depthMax).longNumbers) : value;
}

/** Read once more where numbers were changed. (What is no JSON was refused before, so that none of them passes for a key.) */
function exact(text: string, value: unknown, longNumbers: readonly number[] | undefined): unknown {
  return longNumbers === undefined ? value : parse(quoteNumbers(text, longNumbers));
}

function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new JsonRefused("not-utf8", "cannot read the JSON: wanted UTF-8, got bytes that are not");
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonRefused("malformed", `cannot read the JSON: ${(error as Error).message}`, { cause: error });
  }
}

interface Shape {
  readonly keys: number;
  /** Where numbers begin and end that a JavaScript number cannot hold; absent: there are none. */
  readonly longNumbers: number[] | undefined;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const MINUS = 45;

/** Looks over the text once, without understanding it: strings are jumped over, colons outside them are keys. */
function shapeOf(text: string, depthMax: number): Shape {
  const length = text.length;
  let keys = 0;
  let depth = 0;
  let longNumbers: number[] | undefined;
  for (let at = 0; at < length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = stringEnd(text, at);
    } else if (char === COLON) {
      keys += 1;
    } else if (char >= 48 && char <= 57) {
      let end = decimalEnd(text, at);
      const hasExponent = (text.charCodeAt(end) | 32) === LETTER_E;
      if (hasExponent) end = exponentEnd(text, end);
      if ((hasExponent || end - at > EXACT_DIGITS) && isInexact(text.slice(at, end)))
        (longNumbers ??= []).push(at, end);
      at = end - 1;
    } else if (char === 123 || char === 91) {
      depth += 1;
      if (depth > depthMax) {
        throw tooDeep(depthMax);
      }
    } else if (char === 125 || char === 93) {
      depth -= 1;
    }
  }
  return { keys, longNumbers };
}

/** Every number of so many digits comes out of a JavaScript number as it went in. */
const EXACT_DIGITS = 15;
const LETTER_E = 101;

function decimalEnd(text: string, start: number): number {
  let end = start + 1;
  for (;;) {
    const char = text.charCodeAt(end);
    // Also at the text's end, where there is no character.
    if (!(char >= 48 && char <= 57) && char !== 46) return end;
    end += 1;
  }
}

function exponentEnd(text: string, start: number): number {
  const sign = text.charCodeAt(start + 1);
  return decimalEnd(text, sign === 43 || sign === MINUS ? start + 1 : start);
}

/** The number that this text says; the text itself where a JavaScript number would not hold it exactly. */
export function exactNumber(text: string): number | string {
  return isInexact(text.replace(/^[+-]/, "")) ? text : Number(text);
}

/** Would this number, without its sign, come out as another than it went in? What is no number at all is not for us to say. */
function isInexact(number: string): boolean {
  if (!/^(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(number)) return false;
  // Keys of one kind are all text from the same size on, also those that a number happens to hold.
  if (/^\d+$/.test(number)) return !Number.isSafeInteger(Number(number));
  return plainOf(number) !== plainOf(String(Number(number)));
}

/** Digits without zeros around them, and the power of ten of the last: "1.50" and "15e-1" are both "15e-1". */
function plainOf(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  return kept === "" ? "0" : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** Puts these numbers in quotes, so that they are read as text and stay exact. */
function quoteNumbers(text: string, places: readonly number[]): string {
  let quoted = "";
  let from = 0;
  for (let index = 0; index < places.length; index += 2) {
    const digitsAt = places[index]!;
    const start = text.charCodeAt(digitsAt - 1) === MINUS ? digitsAt - 1 : digitsAt;
    const end = places[index + 1]!;
    quoted += `${text.slice(from, start)}"${text.slice(start, end)}"`;
    from = end;
  }
  return quoted + text.slice(from);
}

/** Where the string that begins here ends; the text's length when it does not. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

/** How many keys came out of parsing; fewer than went in means that some were equal. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += countKeys(item);
    return count;
  }
  for (const key in value) {
    if (key === "__proto__") {
      throw new JsonRefused("forbidden-key", 'cannot take the JSON: wanted no key called "__proto__", got one');
    }
    const item = (value as Record<string, unknown>)[key];
    count += 1;
    if (typeof item === "object") count += countKeys(item);
  }
  return count;
}

/** What a parsed value shows of its text. */
interface Survey {
  readonly depthMax: number;
  /** A number that is infinite, nothing, or so small that it may have lost digits. */
  hasExtreme: boolean;
}

function survey(value: unknown, depthMax: number): Survey {
  const seen: Survey = { depthMax, hasExtreme: isExtreme(value) };
  if (typeof value === "object" && value !== null) surveyWithin(value, seen, depthMax);
  return seen;
}

function surveyWithin(value: object, seen: Survey, depthLeft: number): void {
  if (depthLeft === 0) throw tooDeep(seen.depthMax);
  // Each in the way that is quick for it: every answer goes through here.
  if (Array.isArray(value)) for (const item of value) surveyItem(item, seen, depthLeft);
  else for (const key in value) surveyItem((value as Record<string, unknown>)[key], seen, depthLeft);
}

function surveyItem(item: unknown, seen: Survey, depthLeft: number): void {
  if (typeof item === "object") {
    if (item !== null) surveyWithin(item, seen, depthLeft - 1);
  } else if (isExtreme(item)) seen.hasExtreme = true;
}

function tooDeep(depthMax: number): JsonRefused {
  return new JsonRefused("too-deep", `cannot take the JSON: wanted at most ${depthMax} levels, got more`);
}

/** Larger numbers keep fifteen digits. */
const TINY = 1e-290;

function isExtreme(value: unknown): boolean {
  if (typeof value !== "number") return false;
  const size = Math.abs(value);
  return !(size > TINY && size < Infinity);
}

/** More digits than a number is sure to keep, a point among them or not. */
const MANY_DIGITS = new RegExp("[\\d.]".repeat(EXACT_DIGITS + 1));
/** Without so large an exponent, few digits come to nothing extreme. */
const FAR_EXPONENT = /\de[-+]?\d\d\d/i;

/** A quick look that overlooks no such number, and takes digits in a string for one. */
function mayBeInexact(text: string, { hasExtreme }: Survey): boolean {
  return MANY_DIGITS.test(text) || (hasExtreme && FAR_EXPONENT.test(text));
}

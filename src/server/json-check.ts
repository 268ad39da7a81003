// Whether raw bytes are JSON that every reader understands alike: valid, not too deep, no key twice, no `__proto__`. One pass
// over the bytes and nothing built, because it runs for each webhook before its answer.
import { isUtf8 } from "node:buffer";
import { KeysSeen } from "./keys-seen.ts";

export interface JsonLimits {
  /** How deep arrays and objects may be nested. Default and most: 64. */
  readonly depthMax?: number;
}

const DEPTH_MAX = 64;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

/** One where a byte may follow a backslash. */
const ESCAPABLE = new Uint8Array(256);
for (const character of '"\\/bfnrt') ESCAPABLE[character.charCodeAt(0)] = 1;

const LITERALS = ["true", "false", "null"].map((word) => Buffer.from(word));
const keys = new KeysSeen(DEPTH_MAX);
const kinds = new Uint8Array(DEPTH_MAX + 1);

/** What is wrong with the bytes, for the one who sent them; undefined: nothing. */
export function jsonFault(bytes: Uint8Array, { depthMax = DEPTH_MAX }: JsonLimits = {}): string | undefined {
  if (depthMax > DEPTH_MAX) throw new RangeError(`depthMax: expected at most ${DEPTH_MAX}, got ${depthMax}`);
  if (!isUtf8(bytes)) return "not valid UTF-8";
  let at = afterSpace(bytes, 0);
  let depth = 0;
  for (;;) {
    const first = bytes[at];
    const opens = first === OPEN_OBJECT || first === OPEN_ARRAY;
    if (opens) {
      if (depth === depthMax) return `nested deeper than ${depthMax} at byte ${at}`;
      depth += 1;
      kinds[depth] = first;
      at = afterSpace(bytes, at + 1);
      if (first === OPEN_OBJECT) keys.begin(depth);
    } else {
      const end = scalarEnd(bytes, at);
      if (end < 0) return notJson(bytes, at);
      at = end;
    }
    // Closes what ends here, until another value must follow.
    let empty = opens;
    for (;;) {
      if (depth === 0) {
        at = afterSpace(bytes, at);
        return at === bytes.length ? undefined : notJson(bytes, at);
      }
      at = afterSpace(bytes, at);
      const inObject = kinds[depth] === OPEN_OBJECT;
      if (bytes[at] === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        at += 1;
        depth -= 1;
        empty = false;
        continue;
      }
      if (!empty) {
        if (bytes[at] !== COMMA) return notJson(bytes, at);
        at = afterSpace(bytes, at + 1);
      }
      if (!inObject) break;
      const end = bytes[at] === QUOTE ? stringEnd(bytes, at) : -1;
      if (end < 0) return notJson(bytes, at);
      const fault = keys.add(bytes, at, end, depth);
      if (fault !== undefined) return `${fault} at byte ${at}`;
      at = afterSpace(bytes, end);
      if (bytes[at] !== COLON) return notJson(bytes, at);
      at = afterSpace(bytes, at + 1);
      break;
    }
  }
}

function notJson(bytes: Uint8Array, at: number): string {
  return at >= bytes.length
    ? `not valid JSON: it ends too early, after ${bytes.length} bytes`
    : `not valid JSON at byte ${at}`;
}

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) break;
  }
  return at;
}

/** Where the text, number or literal that begins here ends; -1: it is none. */
function scalarEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === undefined) return -1;
  if (first === QUOTE) return stringEnd(bytes, at);
  if (first === 45 || isDigit(first)) return numberEnd(bytes, at);
  for (const literal of LITERALS) {
    if (first === literal[0]) return startsWith(bytes, at, literal) ? at + literal.length : -1;
  }
  return -1;
}

function startsWith(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let index = 1; index < literal.length; index += 1) if (bytes[at + index] !== literal[index]) return false;
  return true;
}

function stringEnd(bytes: Uint8Array, at: number): number {
  const { length } = bytes;
  for (let index = at + 1; index < length; index += 1) {
    const byte = bytes[index] as number;
    if (byte === QUOTE) return index + 1;
    if (byte < 32) return -1;
    if (byte !== BACKSLASH) continue;
    index += 1;
    const escaped = bytes[index] ?? 0;
    if (ESCAPABLE[escaped] === 1) continue;
    if (escaped !== 117) return -1;
    for (let digit = 1; digit <= 4; digit += 1) if (!isHexDigit(bytes[index + digit] ?? 0)) return -1;
    index += 4;
  }
  return -1;
}

function numberEnd(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === 45 ? from + 1 : from;
  if (bytes[at] === 48) at += 1;
  else if ((at = afterDigits(bytes, at)) < 0) return -1;
  if (bytes[at] === 46 && (at = afterDigits(bytes, at + 1)) < 0) return -1;
  if (bytes[at] !== 101 && bytes[at] !== 69) return at;
  at += 1;
  if (bytes[at] === 43 || bytes[at] === 45) at += 1;
  return afterDigits(bytes, at);
}

/** After one digit or more; -1: there is none. */
function afterDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isDigit(bytes[at] as number)) at += 1;
  return at === from ? -1 : at;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
}

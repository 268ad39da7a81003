// A field's value as four bytes: millions of records are compared without keeping their values. Two values that agree have the
// same digest; two that differ have the same one once in four thousand million times.
import { isEmpty } from "../../reconcile/merge.ts";
import type { Fields } from "../../reconcile/decide.ts";
import { DIGEST_BYTES, DIGEST_EMPTY, DIGEST_OMITTED } from "../../store/audit.ts";

const TAGS = { text: 0x9e3779b1, number: 0x85ebca6b, true: 0xc2b2ae35, false: 0x27d4eb2f, null: 0x165667b1 } as const;
const LIST = 0x2545f491;
const OBJECT = 0x7feb352d;
/** Names of members whose digests are remembered: a record's schema has few, but a map may have any. */
const NAMES_MAX = 1_000;

/** A number from 1 to 2^32 - 1; 1 for all that is empty, which providers tell in many ways. */
export function digestOf(value: unknown): number {
  if (isEmpty(value)) return DIGEST_EMPTY;
  const digest = finished(mixed(0, value));
  return digest === DIGEST_EMPTY || digest === DIGEST_OMITTED ? DIGEST_EMPTY + 1 : digest;
}

/** Writes digests of records' fields, always in one order. A text that the record before had, too, such as a day or a currency, is not gone over again. */
export class FieldDigests {
  readonly #names: readonly string[];
  readonly #texts: string[];
  readonly #digests: number[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#texts = names.map(() => "");
    this.#digests = names.map(() => DIGEST_EMPTY);
  }

  /** From this place on. Where `omits` holds, a field that is not there is left out. */
  write(to: DataView, at: number, fields: Fields, { omits }: { readonly omits: boolean }): void {
    for (let index = 0; index < this.#names.length; index += 1) {
      const value = fields[this.#names[index] as string];
      const digest = omits && value === undefined ? DIGEST_OMITTED : this.#digest(index, value);
      to.setUint32(at + index * DIGEST_BYTES, digest, true);
    }
  }

  #digest(index: number, value: unknown): number {
    if (typeof value !== "string") return digestOf(value);
    if (value !== this.#texts[index]) {
      this.#texts[index] = value;
      this.#digests[index] = digestOf(value);
    }
    return this.#digests[index] as number;
  }
}

/** Goes on from `state` over a value as JSON would keep it; the order of an object's members does not matter. */
function mixed(state: number, value: unknown): number {
  switch (typeof value) {
    case "string":
      return overText(state ^ TAGS.text, value);
    case "number":
      return Number.isFinite(value)
        ? overText(state ^ TAGS.number, String(value === 0 ? 0 : value))
        : state ^ TAGS.null;
    case "boolean":
      return step(state, value ? TAGS.true : TAGS.false);
    case "object":
      return value === null ? step(state, TAGS.null) : overObject(state, value);
    case "bigint":
      return overText(state ^ TAGS.number, String(value));
    default:
      return step(state, TAGS.null);
  }
}

function overObject(state: number, value: object): number {
  if (Array.isArray(value)) {
    let digest = step(state, LIST);
    for (let index = 0; index < value.length; index += 1) digest = mixed(step(digest, LIST), value[index]);
    return digest;
  }
  if ("toJSON" in value && typeof value.toJSON === "function") return mixed(state, value.toJSON() as unknown);
  const members = value as Readonly<Record<string, unknown>>;
  let sum = 0;
  for (const name in members) {
    const member = members[name];
    if (member !== undefined) sum = (sum + finished(mixed(ofName(name), member))) | 0;
  }
  return step(step(state, OBJECT), sum);
}

const nameDigests = new Map<string, number>();

function ofName(name: string): number {
  const known = nameDigests.get(name);
  if (known !== undefined) return known;
  const digest = overText(OBJECT, name);
  if (nameDigests.size < NAMES_MAX) nameDigests.set(name, digest);
  return digest;
}

/** Two characters a step. */
function overText(state: number, text: string): number {
  const { length } = text;
  let digest = state;
  let index = 1;
  for (; index < length; index += 2) {
    digest = Math.imul(digest ^ (text.charCodeAt(index - 1) | (text.charCodeAt(index) << 16)), 0x5bd1e995);
    digest ^= digest >>> 15;
  }
  if (index === length) {
    digest = Math.imul(digest ^ text.charCodeAt(length - 1), 0x5bd1e995);
    digest ^= digest >>> 15;
  }
  return step(digest, length);
}

function step(state: number, word: number): number {
  const digest = Math.imul(state ^ word, 0x5bd1e995);
  return digest ^ (digest >>> 13);
}

function finished(state: number): number {
  let digest = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  digest = Math.imul(digest ^ (digest >>> 15), 0x846ca68b);
  return (digest ^ (digest >>> 16)) >>> 0;
}

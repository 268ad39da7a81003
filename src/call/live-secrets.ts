// The secrets that are in use now, wherever they came from, so that whatever is said to people can be cleaned of all of them.
import { REDACTED, redactor, type Redactor } from "./redact.ts";
import { PART_CHARS_MIN, SecretParts } from "./secret-parts.ts";

/** A superseded token may still be in an answer that comes late; what is older than so many is forgotten at times. */
const GENERATIONS = 3;
const FORGOTTEN_MAX = 200;
/** How deep values are looked into; what lies deeper is left out. */
const DEPTH_MAX = 6;

export class LiveSecrets {
  readonly #places = new Map<string, (readonly string[])[]>();
  #parts = new SecretParts();
  #short: Redactor | undefined;
  #superseded = 0;

  /** These are in use at this place from now on. */
  learn(place: string, secrets: readonly string[]): void {
    const known = this.#places.get(place) ?? [];
    if (known[0] !== undefined && isSame(known[0], secrets)) return;
    this.#places.set(place, [secrets, ...known].slice(0, GENERATIONS));
    this.#short = undefined;
    for (const secret of secrets) if (isLong(secret)) this.#parts.add(secret);
    if (known.length >= GENERATIONS) this.#superseded += 1;
    if (this.#superseded > FORGOTTEN_MAX) this.#forget();
  }

  /** Words for people without any of them, nor what is named like a secret. */
  text(text: string): string {
    this.#short ??= redactor([...this.#places.values()].flat(2).filter((secret) => !isLong(secret)));
    return this.#short.text(this.known(text));
  }

  /** Without any part of them, in whatever usual form it comes; quick, for what is kept of every call. */
  known(text: string): string {
    return this.#parts.clean(text, REDACTED);
  }

  /** A value for a log, with every text in it cleaned. */
  value(value: unknown, depth = 0): unknown {
    if (typeof value === "string") return this.text(value);
    if (value instanceof Error) return this.text(String(value));
    if (typeof value !== "object" || value === null) return value;
    if (depth === DEPTH_MAX) return "…";
    if (Array.isArray(value)) return value.map((one) => this.value(one, depth + 1));
    if (value instanceof Uint8Array) return `${value.length} bytes`;
    const entries = Object.entries(value).map(([name, one]) => [this.text(name), this.value(one, depth + 1)] as const);
    return Object.fromEntries(entries);
  }

  #forget(): void {
    this.#superseded = 0;
    this.#parts = new SecretParts();
    for (const secret of new Set([...this.#places.values()].flat(2))) if (isLong(secret)) this.#parts.add(secret);
  }

  /** The same error, with every text of it and of its causes cleaned. */
  error(error: unknown, depth = 0): unknown {
    if (!(error instanceof Error) || depth === DEPTH_MAX) return typeof error === "string" ? this.text(error) : error;
    error.message = this.text(error.message);
    if (error.stack !== undefined) error.stack = this.text(error.stack);
    if (error.cause !== undefined) error.cause = this.error(error.cause, depth + 1);
    return error;
  }
}

/** An address that is kept with the secrets shares parts with every other address. */
const isLong = (secret: string): boolean => secret.length >= PART_CHARS_MIN && !secret.includes("://");

/** Every text in what the vault keeps: of a document its values, of anything else the whole. */
export function secretsIn(plain: string): readonly string[] {
  const found: string[] = [];
  const gather = (value: unknown): void => {
    if (typeof value === "string") found.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(gather);
  };
  try {
    gather(JSON.parse(plain));
  } catch {
    found.push(plain);
  }
  return found;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((secret, index) => secret === other[index]);
}

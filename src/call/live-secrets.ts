// The secrets that are in use now, wherever they came from, so that whatever is said to people can be cleaned of all of them.
import { redactor, type Redactor } from "./redact.ts";

/** How many generations of one place's secrets stay known: a superseded token may still be in an answer that comes late. */
const GENERATIONS = 3;
/** How deep values are looked into; what lies deeper is left out. */
const DEPTH_MAX = 6;

export class LiveSecrets {
  readonly #places = new Map<string, (readonly string[])[]>();
  #redactor: Redactor | undefined;

  /** These are in use at this place from now on. */
  learn(place: string, secrets: readonly string[]): void {
    const known = this.#places.get(place) ?? [];
    if (known[0] !== undefined && isSame(known[0], secrets)) return;
    this.#places.set(place, [secrets, ...known].slice(0, GENERATIONS));
    this.#redactor = undefined;
  }

  /** The text without any of them, in whatever usual form they come. */
  text(text: string): string {
    this.#redactor ??= redactor([...this.#places.values()].flat(2));
    return this.#redactor.text(text);
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
}

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

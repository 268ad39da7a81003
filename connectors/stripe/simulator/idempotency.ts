// Keeps the first answer to an idempotency key, a 500 as well, and gives it again instead of doing the same twice.
import type { Clock } from "../../../src/world/world.ts";
import { keyInUse, otherEndpoint, otherParameters, type Refusal } from "./errors.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Kept {
  readonly path: string;
  readonly parameters: string;
  readonly at: number;
  /** Absent while the first call is under way. */
  reply?: Reply;
}

export type Earlier =
  | { readonly kind: "first" }
  | { readonly kind: "again"; readonly reply: Reply }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export class Idempotency {
  /** How many answers were given again. */
  replays = 0;
  readonly #clock: Clock;
  readonly #retentionMs: number;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock, retentionMs: number) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
  }

  /** Begins a call under a key; `first` must be ended by {@link keep} or {@link forget}. */
  begin(scope: string, key: string, path: string, parameters: string): Earlier {
    const id = `${scope} ${key}`;
    const earlier = this.#kept.get(id);
    const now = this.#clock.now();
    if (earlier === undefined || now - earlier.at >= this.#retentionMs) {
      this.#kept.set(id, { path, parameters, at: now });
      return { kind: "first" };
    }
    if (earlier.path !== path) return { kind: "refused", refusal: otherEndpoint(key, path, earlier.path) };
    if (earlier.parameters !== parameters) return { kind: "refused", refusal: otherParameters(key) };
    if (earlier.reply === undefined) return { kind: "refused", refusal: keyInUse(key) };
    this.replays += 1;
    return { kind: "again", reply: earlier.reply };
  }

  keep(scope: string, key: string, reply: Reply): void {
    const kept = this.#kept.get(`${scope} ${key}`);
    if (kept !== undefined) kept.reply = reply;
  }

  forget(scope: string, key: string): void {
    this.#kept.delete(`${scope} ${key}`);
  }
}

// The provider on trial, which keeps the truth: objects, idempotency keys for a while, and a search that lags behind.
import type { Clock } from "../../src/world/world.ts";

/** How long it knows an idempotency key. */
export const RETENTION_MS = 2 * 3_600_000;
/** How far its search lags behind at the most. */
export const SEARCH_LAG_MS = 30_000;

export interface Made {
  readonly id: string;
  readonly ref: string;
  readonly at: number;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

export interface ProviderOptions {
  readonly clock: Clock;
  readonly searchLagMs: number;
}

export class Provider {
  readonly objects: Made[] = [];
  readonly #clock: Clock;
  readonly #searchLagMs: number;
  readonly #keys = new Map<string, { readonly until: number; answered: Answered }>();

  constructor({ clock, searchLagMs }: ProviderOptions) {
    this.#clock = clock;
    this.#searchLagMs = searchLagMs;
  }

  /** Makes an object: once for each key it remembers, always without one. */
  create(ref: string, key: string | undefined): Answered {
    const known = key === undefined ? undefined : this.#keys.get(key);
    if (known !== undefined && this.#clock.now() < known.until) return known.answered;
    const answered = this.#made(ref);
    if (key !== undefined) this.#keys.set(key, { until: this.#clock.now() + RETENTION_MS, answered });
    return answered;
  }

  /** As some providers do: the failure itself is remembered, and every repetition is answered with it. */
  rememberFailure(key: string, answered: Answered): void {
    const known = this.#keys.get(key);
    if (known !== undefined) known.answered = answered;
  }

  upsert(ref: string): Answered {
    const known = this.objects.find((one) => one.ref === ref);
    return known === undefined ? this.#made(ref) : answer(200, known);
  }

  search(ref: string): Answered {
    const shown = this.#clock.now() - this.#searchLagMs;
    return answer(
      200,
      this.objects.filter((one) => one.ref === ref && one.at <= shown),
    );
  }

  of(ref: string): readonly Made[] {
    return this.objects.filter((one) => one.ref === ref);
  }

  #made(ref: string): Answered {
    const made: Made = { id: `object-${this.objects.length + 1}`, ref, at: this.#clock.now() };
    this.objects.push(made);
    return answer(201, made);
  }
}

export function answer(status: number, body: unknown): Answered {
  return { status, body: JSON.stringify(body) };
}

// What can go wrong between a client and Stripe although both are well.

export interface Sabotage {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `error-before`, `error-after`: 500 before or after it was done; it is kept under the idempotency key, and comes again.
   * - `gateway-after`: it was done and its answer kept, and a page for people comes with 502 instead.
   * - `unavailable`: 503, and nothing was done or kept.
   * - `locked`: 429 with `lock_timeout`, as when somebody else holds the object.
   * - `conflict`: 409, as when another request holds it.
   * - `limited`: 429 with `rate_limit`.
   * - `truncated`: it was done, and only half of the answer comes.
   * - `late`: it was done, and the answer comes `lateMs` later.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "error-before"
    | "error-after"
    | "gateway-after"
    | "unavailable"
    | "locked"
    | "conflict"
    | "limited"
    | "truncated"
    | "late";
  /** How many calls. Default 1. */
  readonly times?: number;
  /** Only calls of this method. Default: any. */
  readonly method?: string;
  /** Only calls to paths that end so: "/v1/customers", "/finalize". Default: any. */
  readonly path?: string;
  /** For `late`, in milliseconds. Default 90,000. */
  readonly lateMs?: number;
}

/** Keeps what is still to be spoiled. */
export class Sabotages {
  #waiting: { readonly sabotage: Sabotage; times: number }[] = [];

  add(sabotage: Sabotage): void {
    this.#waiting.push({ sabotage, times: sabotage.times ?? 1 });
  }

  take(method: string, path: string): Sabotage | undefined {
    const found = this.#waiting.find(
      ({ sabotage }) => (sabotage.method ?? method) === method && path.endsWith(sabotage.path ?? ""),
    );
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== found);
    return found.sabotage;
  }
}

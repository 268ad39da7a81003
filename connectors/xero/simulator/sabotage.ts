// What can go wrong between a client and Xero although both are well.

export interface Sabotage {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `error-before`, `error-after`: status 500, before or after it was done; remembered for its idempotency key.
   * - `page-before`, `page-after`: a page for people with status 200 instead of the answer.
   * - `truncated`: it was done, and only half of the answer comes.
   * - `offline`: status 503, nothing was done.
   * - `late`: it is done `lateMs` after it came, and answered then.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "error-before"
    | "error-after"
    | "page-before"
    | "page-after"
    | "truncated"
    | "offline"
    | "late";
  /** Of the injected clock. Default 60,000. */
  readonly lateMs?: number;
  /** How many calls. Default 1. */
  readonly times?: number;
  /** Only calls of this method. Default: any. */
  readonly method?: string;
  /** Only calls to this path below the API, such as "Invoices". Default: any. */
  readonly path?: string;
}

export const MAINTENANCE_PAGE =
  "<html><head><title>Xero</title></head><body>We are doing some maintenance.</body></html>";
export const ERROR_BODY = JSON.stringify({
  ErrorNumber: 500,
  Type: "InternalServerException",
  Message: "An error occurred in Xero.",
});

/** Keeps what is still to be spoiled. */
export class Sabotages {
  #waiting: { readonly sabotage: Sabotage; times: number }[] = [];

  add(sabotage: Sabotage): void {
    this.#waiting.push({ sabotage, times: sabotage.times ?? 1 });
  }

  take(method: string, path: string): Sabotage | undefined {
    const found = this.#waiting.find(
      ({ sabotage }) => (sabotage.method ?? method) === method && (sabotage.path ?? path) === path,
    );
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== found);
    return found.sabotage;
  }
}

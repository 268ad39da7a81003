// What can go wrong between a client and QuickBooks although both are well.

export interface Sabotage {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `fault-before`, `fault-after`: a system fault with 500, before or after it was done.
   * - `html-before`, `html-after`: a page for people with status 200 instead of the answer.
   * - `truncated`: it was done, and only half of the answer comes.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "fault-before"
    | "fault-after"
    | "html-before"
    | "html-after"
    | "truncated";
  /** How many calls. Default 1. */
  readonly times?: number;
  /** Only calls of this method. Default: any. */
  readonly method?: string;
  /** Only calls to this path below the company, such as "invoice" or "query". Default: any. */
  readonly path?: string;
}

export const MAINTENANCE_PAGE = "<html><head><title>QuickBooks</title></head><body>We'll be right back.</body></html>";

/** Keeps what is still to be spoiled. */
export class Sabotages {
  #waiting: { readonly sabotage: Sabotage; times: number }[] = [];

  add(sabotage: Sabotage): void {
    this.#waiting.push({ sabotage, times: sabotage.times ?? 1 });
  }

  take(method: string, path: string): Sabotage["how"] | undefined {
    const found = this.#waiting.find(
      ({ sabotage }) => (sabotage.method ?? method) === method && (sabotage.path ?? path) === path,
    );
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== found);
    return found.sabotage.how;
  }
}

// Calls that a simulator is told to spoil: which ones, how often, and how, which is the simulator's own.

export interface SpoiledCalls {
  /** How many calls. Default 1. */
  readonly times?: number;
  /** Only calls of this method. Default: any. */
  readonly method?: string;
  /** Only calls to this path, as the simulator compares them. Default: any. */
  readonly path?: string;
}

export class Sabotages<Sabotage extends SpoiledCalls> {
  readonly #isPath: (path: string, wanted: string) => boolean;
  #waiting: { readonly sabotage: Sabotage; times: number }[] = [];

  constructor(isPath: (path: string, wanted: string) => boolean) {
    this.#isPath = isPath;
  }

  add(sabotage: Sabotage): void {
    this.#waiting.push({ sabotage, times: sabotage.times ?? 1 });
  }

  /** The first that this call is meant by; counted as done. */
  take(method: string, path: string): Sabotage | undefined {
    const found = this.#waiting.find(
      ({ sabotage: { method: ofMethod = method, path: wanted } }) =>
        ofMethod === method && (wanted === undefined || this.#isPath(path, wanted)),
    );
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== found);
    return found.sabotage;
  }
}

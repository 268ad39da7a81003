// Arms writes ahead of their calls, so that a target that takes many calls at once never waits for the disk; and never so far
// ahead that a crash leaves more unknown than can be resolved soon.
import type { Caller } from "../call/caller.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Safety } from "../define/resource.ts";
import type { Claim } from "../store/store.ts";
import { Decided, type DecidedWrite } from "./decided.ts";

/**
 * Writes that are armed and not answered yet, for each call that the target takes at once. After a crash just these are
 * unknown: cheap where they are simply repeated, so that arming runs ahead there; dear where each has to be looked up after a
 * quiet time.
 */
const ARMED_PER_CALL: Readonly<Record<Safety["kind"], number>> = {
  "idempotency-key": 16,
  upsert: 16,
  lookup: 1,
  none: 1,
};

/** May writes of this resource be armed long before they are sent? */
export const armsAhead = ({ resource }: ConnectedResource): boolean =>
  ARMED_PER_CALL[resource.write?.safety.kind ?? "none"] > 1;

export function armedMax({ resource }: ConnectedResource, { concurrencyMax }: Pick<Caller, "concurrencyMax">): number {
  const { safety, together } = resource.write ?? {};
  // Enough for a full call while another is under way.
  return Math.max(concurrencyMax * ARMED_PER_CALL[safety?.kind ?? "none"], 2 * (together?.most ?? 0));
}

export interface ArmedAheadOptions {
  readonly armedMax: number;
  /** Arms and sends one; tells when the call has its answer, or ended without. */
  readonly send: (decided: DecidedWrite, answered: () => void) => void;
}

export class ArmedAhead {
  readonly #options: ArmedAheadOptions;
  readonly #decided = new Decided();
  #armed = 0;

  constructor(options: ArmedAheadOptions) {
    this.#options = options;
  }

  /** How many more may be armed now. */
  get room(): number {
    return Math.max(0, this.#options.armedMax - this.#armed);
  }

  /** What was armed already. */
  goOn(decided: readonly DecidedWrite[]): void {
    for (const one of decided) this.#send(one);
  }

  /** Nothing is sent before `sendNext`: what is decided together is armed together, in one commit. */
  add(decided: DecidedWrite): void {
    this.#decided.add(decided);
  }

  /** Arms the next writes together when there is room for as many as the target takes at once. */
  sendNext(): void {
    const { armedMax: most } = this.#options;
    // What is urgent is armed beside what waits already; among armed writes the caller lets the urgent ones go first.
    const urgent = this.#decided.takeUrgent(2 * most - this.#armed);
    const later = this.#armed > most / 2 ? [] : this.#decided.takeLater(most - this.#armed);
    for (const decided of [...urgent, ...later]) this.#send(decided);
  }

  #send(decided: DecidedWrite): void {
    this.#armed += 1;
    let underWay = true;
    this.#options.send(decided, () => {
      if (!underWay) return;
      underWay = false;
      this.#armed -= 1;
      this.sendNext();
    });
  }

  /** What is not armed yet. */
  takeAll(): readonly Claim[] {
    return this.#decided.takeAll().map(({ claim }) => claim);
  }
}

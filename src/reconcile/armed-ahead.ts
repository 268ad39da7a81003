// Arms writes ahead of their calls, so that a target that takes many calls at once never waits for the disk; and never so far
// ahead that a crash leaves more unknown than can be resolved soon.
import type { Caller } from "../call/caller.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Safety } from "../define/resource.ts";
import type { Claim } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import { Decided, type DecidedWrite } from "./decided.ts";
import { Pace } from "./pace.ts";

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

/** So many times as many where the target answers that fast: what it takes while the disk is at its slowest is armed before. */
const TIMES_MAX = 8;

/** How many writes may be armed and not answered yet. */
export interface ArmedMax {
  readonly least: number;
  readonly most: number;
}

/** May writes of this resource be armed long before they are sent? */
export const armsAhead = ({ resource }: ConnectedResource): boolean =>
  ARMED_PER_CALL[resource.write?.safety.kind ?? "none"] > 1;

export function armedMax(to: ConnectedResource, { concurrencyMax }: Pick<Caller, "concurrencyMax">): ArmedMax {
  const { safety, together } = to.resource.write ?? {};
  // Enough for a full call while another is under way.
  const least = Math.max(concurrencyMax * ARMED_PER_CALL[safety?.kind ?? "none"], 2 * (together?.most ?? 0));
  return { least, most: armsAhead(to) ? least * TIMES_MAX : least };
}

export interface ArmedAheadOptions {
  readonly armedMax: ArmedMax;
  readonly clock: Clock;
  /** Arms and sends one; tells when the call has its answer, or ended without. */
  readonly send: (decided: DecidedWrite, answered: () => void) => void;
}

export class ArmedAhead {
  readonly #options: ArmedAheadOptions;
  readonly #decided = new Decided();
  readonly #pace: Pace;
  #armed = 0;

  constructor(options: ArmedAheadOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
  }

  /** How many may be armed and not answered, at the pace at which the target answers. */
  get most(): number {
    const { least, most } = this.#options.armedMax;
    return Math.min(most, Math.max(least, this.#pace.lately));
  }

  /** How many more may be armed now. */
  get room(): number {
    return Math.max(0, this.most - this.#armed);
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
    const { most } = this;
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
      this.#pace.answered();
      this.sendNext();
    });
  }

  /** What is not armed yet. */
  takeAll(): readonly Claim[] {
    return this.#decided.takeAll().map(({ claim }) => claim);
  }
}

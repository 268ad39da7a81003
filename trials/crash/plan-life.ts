// How a life of Bowline is to end: at a named point, or at a random time, soon after its start or once it is at work.
import type { Random } from "../../src/world/world.ts";
import type { PlannedKill } from "./child-lines.ts";
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";

export type LifePlan =
  | { readonly kind: "point"; readonly kill: PlannedKill }
  /** Killed this long after its start: while it starts, or recovers. */
  | { readonly kind: "soon"; readonly afterMs: number }
  /** Killed this long after it recovered: at work. */
  | { readonly kind: "at-work"; readonly afterMs: number }
  /** Not killed until somebody says so. */
  | { readonly kind: "spared" };

const POINT_SHARE = 0.65;
const SOON_SHARE = 0.12;
const SOON_MS_MEAN = 400;
const AT_WORK_MS_MEAN = 350;
const PASSES_MAX = 4;
/** Points that are passed seldom: the first time counts. */
const SELDOM = /^(page|refresh|token|credential):/;

/** Gives every point its turn, in an order that the seed decides. */
export class LifePlanner {
  readonly #random: Random;
  #points: KillPoint[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  next(): LifePlan {
    const dice = this.#random.next();
    if (dice < POINT_SHARE) return { kind: "point", kill: this.#kill() };
    if (dice < POINT_SHARE + SOON_SHARE) return { kind: "soon", afterMs: this.#exponential(SOON_MS_MEAN) };
    return { kind: "at-work", afterMs: this.#exponential(AT_WORK_MS_MEAN) };
  }

  /** The point was not reached: it has the next turn. */
  missed({ point }: PlannedKill): void {
    this.#points.push(point);
  }

  #kill(): PlannedKill {
    if (this.#points.length === 0) this.#points = this.#shuffled();
    const point = this.#points.pop()!;
    const time = SELDOM.test(point) ? 1 : 1 + Math.floor(this.#random.next() * PASSES_MAX);
    return { point, time, onceCleared: this.#random.next() < 0.5 };
  }

  #shuffled(): KillPoint[] {
    const dice = new Map(KILL_POINTS.map((point) => [point, this.#random.next()]));
    return KILL_POINTS.toSorted((one, other) => dice.get(one)! - dice.get(other)!);
  }

  #exponential(mean: number): number {
    return Math.round(-Math.log(1 - this.#random.next()) * mean);
  }
}

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

const POINT_SHARE = 0.7;
const SOON_SHARE = 0.12;
const SOON_MS_MEAN = 400;
const AT_WORK_MS_MEAN = 350;
const PASSES_MAX = 4;
/** Points that are passed seldom: the first time counts. */
const SELDOM = /^(page|create|refresh|token|credential):/;
/** Where a duplicate would begin: done at the provider, and not confirmed. These have two turns in a round. */
const TWICE: readonly KillPoint[] = ["create:answered", "clear:before"];

/** Gives every point its turn, in an order that the seed decides. */
export class LifePlanner {
  readonly #random: Random;
  #points: KillPoint[] = [];
  readonly #missed = new Set<KillPoint>();

  constructor(random: Random) {
    this.#random = random;
  }

  next(): LifePlan {
    const dice = this.#random.next();
    if (dice < POINT_SHARE) return { kind: "point", kill: this.#kill() };
    if (dice < POINT_SHARE + SOON_SHARE) return { kind: "soon", afterMs: this.#exponential(SOON_MS_MEAN) };
    return { kind: "at-work", afterMs: this.#exponential(AT_WORK_MS_MEAN) };
  }

  /** The point was not reached: it has the next turn, but once a round, since a planted fault may never reach it. */
  missed({ point }: PlannedKill): void {
    if (this.#missed.has(point)) return;
    this.#missed.add(point);
    this.#points.push(point);
  }

  #kill(): PlannedKill {
    if (this.#points.length === 0) {
      this.#points = this.#shuffled();
      this.#missed.clear();
    }
    const point = this.#points.pop()!;
    const time = SELDOM.test(point) ? 1 : 1 + Math.floor(this.#random.next() * PASSES_MAX);
    return { point, time, onceCleared: this.#random.next() < 0.5 };
  }

  #shuffled(): KillPoint[] {
    const thrown = [...KILL_POINTS, ...TWICE].map((point) => ({ point, dice: this.#random.next() }));
    return thrown.toSorted((one, other) => one.dice - other.dice).map(({ point }) => point);
  }

  #exponential(mean: number): number {
    return Math.round(-Math.log(1 - this.#random.next()) * mean);
  }
}

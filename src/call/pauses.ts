// How long a connection makes no calls after one that the provider would not take: as long as it asks, or longer each time.
import type { Outcome } from "../define/outcome.ts";
import type { World } from "../world/world.ts";
import { backoffMs } from "./backoff.ts";
import { outcomeOfAnswer, type JudgedAnswer } from "./outcome.ts";

/** A pause of this length at least follows each `throttled` whose answer does not say how long. */
export const PAUSE_MS_MIN = 1_000;
/** A provider's wish is lengthened by up to this share, so that not everybody comes back at once. */
const WISH_JITTER = 0.1;

export class Pauses {
  readonly #world: World;
  #throttledInRow = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** A call ended `done`. */
  ended(): void {
    this.#throttledInRow = 0;
  }

  /** In milliseconds; undefined: none. `pausedUntil`: the pause that calls are held back by already. */
  after(outcome: Outcome, answer: JudgedAnswer | undefined, pausedUntil: number): number | undefined {
    if (outcome.kind !== "throttled" && outcome.kind !== "unavailable") return undefined;
    const { random, clock } = this.#world;
    const wish = outcome.retryAfterMs ?? (answer && outcomeOfAnswer(answer, false, clock.now()).retryAfterMs);
    // Several calls under way may all be told of one throttling: it counts once, and so does its pause.
    if (outcome.kind === "throttled" && clock.now() >= pausedUntil) this.#throttledInRow += 1;
    if (wish !== undefined) {
      // "0", or a time that is over by our clock, again and again: not as fast as the answers come.
      const least = this.#throttledInRow > 1 ? PAUSE_MS_MIN : 0;
      return Math.ceil(Math.max(wish, least) * (1 + random.next() * WISH_JITTER));
    }
    if (outcome.kind === "unavailable") return undefined;
    return PAUSE_MS_MIN + backoffMs(Math.max(0, this.#throttledInRow - 1), random.next());
  }
}

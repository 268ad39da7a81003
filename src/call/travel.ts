// How long calls are on their way: at the least, and how late after leaving one may still come in. The provider counts a call
// when it comes in, which nobody tells us; it is somewhere between its leaving and its answer.

export interface Travel {
  /** A call was answered this long after it left. */
  answered(durationMs: number, now: number): void;
  /** What no call is faster than, there and back, with a margin; 0 until enough have been seen. */
  readonly floorMs: number;
  /** A call is taken to have come in at the latest this long after it left, answered or not. */
  readonly lateMs: number;
}

/** Fewer answers than this prove nothing. */
const ANSWERS_MIN = 20;
/** The network may become faster than it was: the fastest answers are forgotten after two stretches of this length. */
const STRETCH_MS = 60_000;
const FLOOR_SHARE = 0.8;
const FLOOR_MS_MAX = 1_000;
/** Making a connection takes some more turns than a call over one that is there. */
const TURNS = 3;
const LATE_MS_MORE = 50;
const LATE_MS_MAX = 500;

export function createTravel(): Travel {
  let answers = 0;
  let stretchEnds = 0;
  let least = Number.POSITIVE_INFINITY;
  let leastBefore = Number.POSITIVE_INFINITY;
  let floorMs = 0;
  let lateMs = LATE_MS_MAX;
  return {
    answered(durationMs, now) {
      answers += 1;
      const changed = durationMs < least || now >= stretchEnds || answers === ANSWERS_MIN;
      if (now >= stretchEnds) {
        leastBefore = least;
        least = durationMs;
        stretchEnds = now + STRETCH_MS;
      } else if (durationMs < least) least = durationMs;
      if (!changed || answers < ANSWERS_MIN) return;
      const fastest = Math.min(least, leastBefore);
      floorMs = Math.min(FLOOR_MS_MAX, fastest * FLOOR_SHARE);
      lateMs = Math.min(LATE_MS_MAX, fastest * TURNS + LATE_MS_MORE);
    },
    get floorMs() {
      return floorMs;
    },
    get lateMs() {
      return lateMs;
    },
  };
}

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

/** Fewer answers than this prove nothing: of how long a call may take, and of how short, which is seldom seen. */
const ANSWERS_MIN = 20;
const ANSWERS_MIN_FLOOR = 200;
/** The network may change: what was seen is forgotten after two stretches of this length. */
const STRETCH_MS = 60_000;
const FLOOR_SHARE = 0.5;
const FLOOR_MS_MAX = 1_000;
/** An answer that takes longer than this was waited for, not travelled. */
const LATE_MS_MAX = 500;
const LATE_MS_MIN = 50;

interface Stretch {
  readonly least: number;
  readonly most: number;
}

const NOTHING_SEEN: Stretch = { least: Number.POSITIVE_INFINITY, most: 0 };

export function createTravel(): Travel {
  let answers = 0;
  let stretchEnds = 0;
  let before = NOTHING_SEEN;
  let { least, most } = NOTHING_SEEN;

  function learn(): void {
    if (answers < ANSWERS_MIN) return;
    const fastest = Math.min(least, before.least);
    travel.floorMs = answers < ANSWERS_MIN_FLOOR ? 0 : Math.min(FLOOR_MS_MAX, fastest * FLOOR_SHARE);
    travel.lateMs = Math.max(LATE_MS_MIN, Math.min(LATE_MS_MAX, Math.max(most, before.most)));
  }

  const travel = {
    // Plain fields: every call of every connection reads them.
    floorMs: 0,
    lateMs: LATE_MS_MAX,
    answered(durationMs: number, now: number): void {
      // The clock was set back meanwhile.
      if (durationMs < 0) return;
      answers += 1;
      if (now >= stretchEnds) {
        before = { least, most };
        least = durationMs;
        most = durationMs;
        stretchEnds = now + STRETCH_MS;
      } else if (durationMs < least) least = durationMs;
      else if (durationMs > most) most = durationMs;
      else if (answers !== ANSWERS_MIN && answers !== ANSWERS_MIN_FLOOR) return;
      learn();
    },
  };
  return travel;
}

// Whether webhooks of one resource still come, judged against their own history: pure functions of what was heard and what
// polling found. A silence counts as one only when it is improbable at these hours of the day and polling shows changes
// that no webhook told.

/** Time is cut into slots; in each, webhooks came or did not: a burst counts once. */
const SLOT_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Each day that passes, an hour's history weighs so much less: after twenty days half. */
const DAY_DECAY = 0.966;
/** A silence is improbable below this. */
const SILENCE_PROBABILITY = 1e-6;
/** So improbable must it be that polling alone found these changes. */
const UNTOLD_PROBABILITY = 1e-3;
/** A webhook may be on its way for so long after polling showed the change. */
const DELIVERY_MS = 10 * 60_000;
/** Who did not run for longer than this knows nothing of the time between. */
const PAUSE_MS_MAX = 10 * 60_000;
/** What was told is forgotten at this pace, a share with each gap that ends: the last few hundred changes count. */
const TOLD_DECAY = 0.995;

export interface Hearing {
  /** When the last webhook came. */
  readonly lastAt?: number;
  /** When we began to listen without a pause. */
  readonly listeningSince: number;
  /** When we last listened. */
  readonly beatAt: number;
  /** For each hour of the day (UTC): slots that we listened, slots in which webhooks came, and the day it was last added to. */
  readonly hours: readonly HourHistory[];
  /** How many changes webhooks told of, and how many polling found alone, while all was well. */
  readonly told: number;
  readonly untold: number;
  /** Changes that polling found since the last webhook. */
  readonly found: number;
  readonly firstFoundAt?: number;
  /** Set when the silence was noticed. */
  readonly quietAt?: number;
  /** The last silence that ended. */
  readonly ended?: EndedSilence;
}

export type HourHistory = readonly [slots: number, active: number, day: number];

export interface EndedSilence {
  readonly since: number;
  readonly until: number;
  readonly found: number;
}

export function newHearing(at: number): Hearing {
  const hours = Array.from({ length: 24 }, (): HourHistory => [0, 0, 0]);
  return { listeningSince: at, beatAt: at, hours, told: 0, untold: 0, found: 0 };
}

/** We listen (again). A short pause, as while Bowline is restarted, is none. */
export function listening(hearing: Hearing, at: number): Hearing {
  const paused = at - hearing.beatAt > PAUSE_MS_MAX;
  return { ...hearing, beatAt: Math.max(hearing.beatAt, at), ...(paused ? { listeningSince: at } : {}) };
}

/** Webhooks came that told of so many changes. */
export function heard(hearing: Hearing, changes: number, at: number): Hearing {
  const { lastAt, found, quietAt, firstFoundAt: _first, ...rest } = listening(hearing, at);
  const told = rest.told * TOLD_DECAY + changes;
  const now = { ...rest, lastAt: Math.max(lastAt ?? 0, at), found: 0 };
  if (quietAt !== undefined) {
    // A silence that was none of nature's teaches nothing.
    return { ...withoutQuiet(now), told, ended: { since: lastAt ?? rest.listeningSince, until: at, found } };
  }
  const from = Math.max(lastAt ?? 0, hearing.listeningSince);
  const untold = rest.untold * TOLD_DECAY + found;
  return { ...now, hours: learn(rest.hours, from, at), told, untold };
}

/** Polling found changes that no webhook had told of. */
export function foundByPolling(hearing: Hearing, changes: number, at: number): Hearing {
  if (changes === 0) return hearing;
  return { ...hearing, found: hearing.found + changes, firstFoundAt: hearing.firstFoundAt ?? at };
}

export interface Silence {
  /** How probable it is, by the history of these hours. */
  readonly probability: number;
  readonly isQuiet: boolean;
}

export function silence(hearing: Hearing, now: number): Silence {
  const { lastAt, listeningSince, found, firstFoundAt, told, untold } = hearing;
  if (lastAt === undefined) return { probability: 1, isQuiet: false };
  const probability = Math.exp(logSilence(hearing.hours, Math.max(lastAt, listeningSince), now));
  const alone = ((untold + 1) / (told + untold + 2)) ** found;
  const isLate = firstFoundAt !== undefined && now - firstFoundAt >= DELIVERY_MS;
  return { probability, isQuiet: isLate && probability < SILENCE_PROBABILITY && alone < UNTOLD_PROBABILITY };
}

/** Marks a silence as noticed, so that it is told once. */
export function noticed(hearing: Hearing, at: number): Hearing {
  return { ...hearing, quietAt: hearing.quietAt ?? at };
}

function withoutQuiet({ quietAt: _noticed, ...rest }: Hearing): Hearing {
  return rest;
}

/** Adds the time from one webhook to the next: silent slots, and the last one in which it came. */
function learn(hours: readonly HourHistory[], from: number, to: number): readonly HourHistory[] {
  const next = [...hours];
  for (const { hour, day, slots } of spans(slotOf(from) + 1, slotOf(to))) add(next, hour, day, slots, 0);
  if (slotOf(to) > slotOf(from)) {
    const { hour, day } = placeOf(slotOf(to));
    add(next, hour, day, 1, 1);
  }
  return next;
}

function add(hours: HourHistory[], hour: number, day: number, slots: number, active: number): void {
  const [slotsBefore, activeBefore, dayBefore] = hours[hour] ?? [0, 0, 0];
  const decay = dayBefore === 0 ? 1 : DAY_DECAY ** Math.max(0, day - dayBefore);
  hours[hour] = [slotsBefore * decay + slots, activeBefore * decay + active, Math.max(day, dayBefore)];
}

/** The logarithm of the probability that no webhook comes in whole slots of this time. Hours without history say nothing. */
function logSilence(hours: readonly HourHistory[], from: number, to: number): number {
  let log = 0;
  for (const { hour, slots } of spans(slotOf(from) + 1, slotOf(to))) {
    const [known, active] = hours[hour] ?? [0, 0, 0];
    log += slots * Math.log((known - active + 1) / (known + 1));
  }
  return log;
}

interface Span {
  readonly hour: number;
  readonly day: number;
  readonly slots: number;
}

const SLOTS_PER_HOUR = HOUR_MS / SLOT_MS;
/** A longer silence is as certain as this one. */
const SPAN_SLOTS_MAX = (30 * DAY_MS) / SLOT_MS;

/** Slots from the first up to, not with, the last, by their hours. */
function* spans(first: number, end: number): Generator<Span> {
  let slot = Math.max(first, end - SPAN_SLOTS_MAX);
  while (slot < end) {
    const nextHour = (Math.floor(slot / SLOTS_PER_HOUR) + 1) * SLOTS_PER_HOUR;
    const until = Math.min(nextHour, end);
    yield { ...placeOf(slot), slots: until - slot };
    slot = until;
  }
}

const slotOf = (at: number): number => Math.floor(at / SLOT_MS);

function placeOf(slot: number): { readonly hour: number; readonly day: number } {
  const at = slot * SLOT_MS;
  return { hour: Math.floor((at % DAY_MS) / HOUR_MS), day: Math.floor(at / DAY_MS) };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../world/virtual.ts";
import { foundByPolling, heard, listening, newHearing, noticed, silence, type Hearing } from "./hearing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 7, 3);

/** Webhooks every few minutes by day (8 to 20 UTC), none by night, for so many days. */
function shopHours(days: number, seed = 1): { readonly hearing: Hearing; readonly at: number } {
  const random = new SeededRandom(seed);
  let hearing = newHearing(START);
  let at = START;
  for (const end = START + days * DAY; at < end; at += 4 * MINUTE * (0.5 + random.next())) {
    hearing = listening(hearing, at);
    const hour = new Date(at).getUTCHours();
    if (hour >= 8 && hour < 20) hearing = heard(hearing, 1, at);
  }
  return { hearing, at: START + days * DAY };
}

const found = (hearing: Hearing, changes: number, at: number): Hearing =>
  foundByPolling(listening(hearing, at), changes, at);

/** The first time at which the silence is noticed, when polling finds a change every ten minutes. */
function noticedAfter(from: Hearing, at: number, hours: number): number | undefined {
  let hearing = from;
  for (let now = at; now < at + hours * HOUR; now += 5 * MINUTE) {
    hearing = listening(hearing, now);
    if (now % (10 * MINUTE) === 0) hearing = foundByPolling(hearing, 1, now);
    if (silence(hearing, now).isQuiet) return now - at;
  }
  return undefined;
}

test("webhooks that stop by day are missed within an hour", () => {
  const { hearing, at } = shopHours(14);
  const morning = at + 12 * HOUR;
  let running = hearing;
  for (let now = at + 8 * HOUR; now < morning; now += 4 * MINUTE) running = heard(running, 1, now);
  const after = noticedAfter(running, morning, 8);
  assert.ok(after !== undefined && after <= HOUR, `expected within an hour, got ${String(after)}`);
});

test("a night without webhooks is nothing, though a poll finds a change or two", () => {
  const { hearing, at } = shopHours(14);
  const night = found(hearing, 2, at + 4 * HOUR);
  const now = at + 7.9 * HOUR;
  assert.equal(silence(listening(night, now), now).isQuiet, false);
});

test("a day off, on which nothing changes, is nothing", () => {
  const { hearing, at } = shopHours(14);
  let running = hearing;
  for (let now = at; now < at + 2 * DAY; now += 5 * MINUTE) running = listening(running, now);
  const { probability, isQuiet } = silence(running, at + 2 * DAY);
  assert.ok(probability < 1e-6);
  assert.equal(isQuiet, false);
});

test("who was never told anything cannot be told less", () => {
  assert.equal(noticedAfter(newHearing(START), START, 48), undefined);
});

test("a resource that webhooks tell little of is not missed when polling finds as much as ever", () => {
  let hearing = newHearing(START);
  let at = START;
  for (; at < START + 14 * DAY; at += 30 * MINUTE) {
    hearing = found(hearing, 8, at);
    hearing = heard(hearing, 1, at + MINUTE);
  }
  const { isQuiet } = silence(found(hearing, 24, at + 90 * MINUTE), at + 2 * HOUR);
  assert.equal(isQuiet, false);
});

test("time in which Bowline did not run is no silence", () => {
  const { hearing, at } = shopHours(14);
  const back = at + 12 * HOUR;
  const started = found(listening(hearing, back), 50, back);
  assert.equal(silence(started, back + 11 * MINUTE).probability > 1e-6, true);
  assert.equal(silence(listening(started, back + 11 * MINUTE), back + 11 * MINUTE).isQuiet, false);
});

test("a silence that was noticed ends with the next webhook, is kept to be shown, and teaches nothing", () => {
  const { hearing, at } = shopHours(14);
  const noon = at + 12 * HOUR;
  const running = heard(hearing, 1, noon);
  const quiet = noticed(found(running, 7, noon + 4 * HOUR), noon + 4 * HOUR);
  const back = heard(quiet, 1, noon + 5 * HOUR);
  assert.deepEqual(back.ended, { since: noon, until: noon + 5 * HOUR, found: 7 });
  assert.equal(back.quietAt, undefined);
  assert.equal(back.found, 0);
  assert.deepEqual(back.hours, running.hours);
});

test("over many seeds of healthy weeks no silence is ever noticed", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = new SeededRandom(seed);
    let hearing = newHearing(START);
    for (let at = START; at < START + 21 * DAY; at += 5 * MINUTE) {
      hearing = listening(hearing, at);
      const day = Math.floor(at / DAY) % 7;
      const busy = day < 5 && new Date(at).getUTCHours() % 24 > 7 ? 0.4 : 0.02;
      // One change in fifty is found by a poll before its webhook comes.
      if (random.next() < busy) {
        if (random.next() < 0.02) hearing = foundByPolling(hearing, 1, at);
        hearing = heard(hearing, 1, at + 30_000);
      }
      assert.equal(silence(hearing, at).isQuiet, false, `seed ${seed}`);
    }
  }
});

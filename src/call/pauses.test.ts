import assert from "node:assert/strict";
import { test } from "node:test";
import type { Random } from "../world/world.ts";
import { VirtualClock } from "../world/virtual.ts";
import { PAUSE_MS_MIN, Pauses } from "./pauses.ts";

function setup(luck: number) {
  const clock = new VirtualClock();
  const random: Random = { next: () => luck, bytes: (count) => new Uint8Array(count) };
  return { now: clock.now(), pauses: new Pauses({ clock, random, network: { send: () => Promise.reject() } }) };
}

test("a wish of the provider is kept, and a little lengthened", () => {
  const wish = { kind: "throttled", retryAfterMs: 10_000 } as const;
  assert.equal(setup(0).pauses.after(wish, undefined, 0), 10_000);
  assert.equal(setup(0.5).pauses.after(wish, undefined, 0), 10_500);
  const told = { status: 429, headers: { "retry-after": "7" }, json: undefined, text: "" };
  assert.equal(setup(0).pauses.after({ kind: "throttled" }, told, 0), 7_000, "also where the connector left it out");
});

test("without a wish each throttling makes the pause longer, until a call is done", () => {
  const { pauses, now } = setup(0.999);
  const next = (): number => pauses.after({ kind: "throttled" }, undefined, now) ?? 0;
  const [first, second, third] = [next(), next(), next()];
  assert.ok(PAUSE_MS_MIN < first && first < second && second < third, `${first} ${second} ${third}`);
  pauses.ended();
  assert.equal(next(), first);
});

test("several calls that are told of one throttling count once", () => {
  const { pauses, now } = setup(0.999);
  const first = pauses.after({ kind: "throttled" }, undefined, now);
  assert.equal(pauses.after({ kind: "throttled" }, undefined, now + 1_000), first);
});

test("an answer that is no refusal pauses nothing", () => {
  const { pauses } = setup(0);
  for (const kind of ["invalid", "missing", "conflict", "denied", "reauthorize", "unknown", "unavailable"] as const) {
    assert.equal(pauses.after({ kind }, undefined, 0), undefined, kind);
  }
});

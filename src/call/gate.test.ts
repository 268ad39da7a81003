import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../world/virtual.ts";
import { BREAKER_LIMITS } from "./breaker.ts";
import { Gate } from "./gate.ts";

function setup() {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  const fail = (): void => {
    for (let call = 0; call < BREAKER_LIMITS.callsMin; call += 1) gate.leave(false, "failed");
  };
  return { clock, gate, fail };
}

test("a connection that is given up holds its calls until it is active again, and is given up once", () => {
  const { clock, gate } = setup();
  assert.equal(gate.enter(), "open");
  assert.equal(gate.giveUp("the token was refused"), true);
  assert.equal(gate.giveUp("again"), false);
  const held = {
    kind: "reauthorize",
    held: true,
    retryAfterMs: 60_000,
    reason: "the connection is held: the token was refused",
  };
  assert.deepEqual([gate.enter(), gate.stillOpen()], [held, held]);
  assert.equal(gate.held, 2);
  assert.equal(
    gate.heldUntil(clock.now() + 3_600_000),
    clock.now() + 60_000,
    "a person may mend it before the pause ends",
  );
  gate.setState({ state: "active" });
  assert.deepEqual([gate.enter(), gate.heldUntil(0)], ["open", undefined]);
});

test("a failing provider is asked by one call when its time has come; the others are told to wait", async () => {
  const { clock, gate, fail } = setup();
  fail();
  assert.equal(gate.breaker, "open");
  assert.partialDeepStrictEqual(gate.enter(), { kind: "unavailable", held: true, retryAfterMs: BREAKER_LIMITS.openMs });
  assert.partialDeepStrictEqual(gate.stillOpen(), { kind: "unavailable", held: true });
  await clock.advance(BREAKER_LIMITS.openMs);
  assert.equal(gate.enter(), "probe");
  assert.partialDeepStrictEqual(gate.enter(), { kind: "unavailable", held: true });
  gate.leave(true, "answered");
  assert.equal(gate.enter(), "open");
});

test("whichever ends later, the pause or the breaker, holds calls back", () => {
  const { clock, gate, fail } = setup();
  const now = clock.now();
  assert.equal(gate.heldUntil(now + 5), now + 5);
  fail();
  assert.equal(gate.heldUntil(now + 5), now + BREAKER_LIMITS.openMs);
  assert.equal(gate.heldUntil(now + 90_000), now + 90_000);
});

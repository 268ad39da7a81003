import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../define/outcome.ts";
import type { Claim, PendingWrite } from "../store/store.ts";
import { afterCall, ATTEMPTS_MAX } from "./after-call.ts";

const claim: Claim = {
  sync: "s",
  key: "1",
  seq: 1,
  state: "ready",
  priority: "live",
  notedAt: 0,
  attempts: 2,
  waits: 5,
};
const write: PendingWrite = { id: "w", action: "create", armedAt: 0, sends: 1, recordHash: "h" };
const fate = (outcome: Outcome, changes: Partial<Claim> = {}, sent: PendingWrite | undefined = write) =>
  afterCall({ outcome, claim: { ...claim, ...changes }, now: 1_000, random: 0.5, ...(sent ? { write: sent } : {}) });

const spendsNothing: readonly Outcome[] = [
  { kind: "throttled", retryAfterMs: 700 },
  { kind: "reauthorize", retryAfterMs: 700 },
  { kind: "unavailable", held: true, retryAfterMs: 700 },
];
for (const outcome of spendsNothing) {
  test(`${outcome.kind}${outcome.held ? " without being sent" : ""} waits as long as it is told and spends no attempt`, () => {
    const after = fate(outcome);
    assert.ok(after.to === "waiting");
    assert.equal(after.until, 1_700);
    assert.equal(after.attempts, 2);
    assert.equal(after.waits, 6);
  });
}

test("unavailable spends an attempt and backs off, at least as long as it is told", () => {
  const after = fate({ kind: "unavailable", retryAfterMs: 60_000 });
  assert.ok(after.to === "waiting");
  assert.equal(after.attempts, 3);
  assert.ok(after.until >= 61_000);
});

test("an unknown outcome of a write keeps the write, to be resolved", () => {
  const after = fate({ kind: "unknown" });
  assert.ok(after.to === "unknown");
  assert.equal(after.write, write);
  assert.equal(after.attempts, 3);
});

test("an unknown outcome of a reading is only read again", () => {
  const after = afterCall({ outcome: { kind: "unknown" }, claim, now: 0, random: 0 });
  assert.equal(after.to, "waiting");
});

for (const kind of ["missing", "invalid", "denied"] as const) {
  test(`${kind} is parked with what the provider said and what to do`, () => {
    const after = fate({ kind, reason: "no such thing", code: "610" });
    assert.ok(after.to === "parked");
    assert.equal(after.cause, kind);
    assert.equal(after.reason, "no such thing");
    assert.notEqual(after.todo, "");
  });
}

test("conflicts are decided anew a few times, then a person is asked", () => {
  assert.equal(fate({ kind: "conflict" }).to, "waiting");
  const last = fate({ kind: "conflict" }, { attempts: 7 });
  assert.ok(last.to === "parked");
  assert.equal(last.cause, "conflict");
});

test("attempts end at a person, and an unknown write is kept even then", () => {
  const worn = { attempts: ATTEMPTS_MAX - 1 };
  assert.equal(fate({ kind: "unavailable" }, worn).to, "parked");
  const unknown = fate({ kind: "unknown" }, worn);
  assert.ok(unknown.to === "parked");
  assert.equal(unknown.write, write);
});

const repeated: PendingWrite = { ...write, sends: 2 };

for (const outcome of [...spendsNothing, { kind: "unavailable" }] satisfies readonly Outcome[]) {
  test(`a repetition that ended ${outcome.kind}${outcome.held ? " without being sent" : ""} leaves the earlier send unknown`, () => {
    const after = fate(outcome, { state: "unknown" }, repeated);
    assert.ok(after.to === "unknown");
    assert.deepEqual(after.write, write);
  });
}

test("a repetition that was denied is parked with the earlier send, which is resolved once permission is given", () => {
  const after = fate({ kind: "denied" }, { state: "unknown" }, repeated);
  assert.ok(after.to === "parked");
  assert.deepEqual(after.write, write);
  assert.match(after.todo, /An earlier try may have made it: .* instead of discarding this row\.$/);
});

test("a repetition that was refused for what it says was not executed before either", () => {
  const after = fate({ kind: "invalid" }, { state: "unknown" }, repeated);
  assert.ok(after.to === "parked");
  assert.equal(after.write, undefined);
});

test("a search that found nothing need not be made again when the repetition after it was not taken", () => {
  const outcome: Outcome = { kind: "throttled", retryAfterMs: 700 };
  const again: PendingWrite = { ...write, sends: 2 };
  const after = afterCall({ outcome, claim, write: again, wasAbsent: true, now: 1_000, random: 0.5 });
  assert.ok(after.to === "unknown");
  assert.deepEqual([after.write.sends, after.write.absent], [1, true]);
  const unsure = afterCall({
    outcome: { kind: "unknown" },
    claim,
    write: again,
    wasAbsent: true,
    now: 1_000,
    random: 0.5,
  });
  assert.ok(unsure.to === "unknown" && unsure.write.absent === undefined);
  const denied = afterCall({
    outcome: { kind: "denied" },
    claim,
    write: again,
    wasAbsent: true,
    now: 1_000,
    random: 0.5,
  });
  assert.ok(denied.to === "parked" && denied.write?.sends === 1 && denied.write.absent === undefined);
});

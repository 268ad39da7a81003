import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { admit, BREAKER_CLOSED, BREAKER_LIMITS, ended, type BreakerState } from "./breaker.ts";

const failed = { probe: false, ended: "failed" } as const;
const answered = { probe: false, ended: "answered" } as const;

function after(calls: readonly ("failed" | "answered")[], from: BreakerState = BREAKER_CLOSED, at = 0): BreakerState {
  return calls.reduce((state, how) => ended(state, { probe: false, ended: how }, at), from);
}

const tenEach = [...Array<"answered">(10).fill("answered"), ...Array<"failed">(9).fill("failed")];

test("it opens when half of at least 20 calls in a minute failed, not sooner", () => {
  const almost = after(tenEach);
  assert.equal(almost.kind, "closed");
  assert.equal(ended(almost, failed, 1).kind, "open");
  assert.equal(ended(almost, answered, 1).kind, "closed");
  assert.equal(after(Array<"failed">(19).fill("failed")).kind, "closed");
});

test("failures older than a minute are forgotten", () => {
  assert.equal(ended(after(tenEach, BREAKER_CLOSED, 0), failed, 60_001).kind, "closed");
});

test("open, it holds calls until its time, then lets exactly one go to see", () => {
  const open = ended(after(tenEach), failed, 0);
  const early = admit(open, 14_999);
  assert.deepEqual([early.admitted, early.admitted === "no" && early.until], ["no", 15_000]);
  const first = admit(open, 15_000);
  assert.equal(first.admitted, "probe");
  const second = admit(first.state, 15_000);
  assert.equal(second.admitted, "no");
});

test("the call that went to see closes it, opens it for twice as long, or says nothing and the next one goes", () => {
  const seeing = admit(ended(after(tenEach), failed, 0), 15_000).state;
  assert.equal(ended(seeing, { probe: true, ended: "answered" }, 15_100).kind, "closed");
  assert.deepEqual(ended(seeing, { probe: true, ended: "failed" }, 15_100), { kind: "open", until: 45_100, times: 2 });
  const unsent = ended(seeing, { probe: true, ended: "nothing" }, 15_100);
  assert.equal(admit(unsent, 15_100).admitted, "probe");
});

test("calls that were under way when it opened change nothing", () => {
  const open = ended(after(tenEach), failed, 0);
  assert.equal(ended(open, failed, 10), open);
  const seeing = admit(open, 15_000).state;
  assert.equal(ended(seeing, answered, 15_001), seeing);
});

test("whatever happens, it is never open longer than a minute and at most one call is out to see", () => {
  const event = fc.record({ waitMs: fc.integer({ min: 0, max: 100_000 }), fails: fc.boolean() });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 300 }), (events) => {
      let state = BREAKER_CLOSED;
      let now = 0;
      for (const { waitMs, fails } of events) {
        now += waitMs;
        const admission = admit(state, now);
        state = admission.state;
        if (admission.admitted === "no") {
          assert.ok(admission.until - now <= BREAKER_LIMITS.openMsMax);
          continue;
        }
        const probe = admission.admitted === "probe";
        if (probe) assert.equal(admit(state, now).admitted, "no");
        state = ended(state, { probe, ended: fails ? "failed" : "answered" }, now);
      }
    }),
  );
});

// Lets virtual time pass until something has come.
import assert from "node:assert/strict";
import type { VirtualClock } from "../world/virtual.ts";

/** How far time goes at once. */
export const STEP_MS = 250;
const STEPS_MAX = 4_000;

export async function virtualUntil<T>(clock: VirtualClock, promise: Promise<T>, stepsMax = STEPS_MAX): Promise<T> {
  let ended = false;
  promise.then(
    () => (ended = true),
    () => (ended = true),
  );
  for (let step = 0; step < stepsMax && !ended; step += 1) {
    await filesAreDone();
    await clock.advance(STEP_MS);
  }
  assert.ok(ended, `it did not come within ${(stepsMax * STEP_MS) / 1_000} virtual seconds`);
  return promise;
}

/** What is done with a file takes real time, more of it on a busy machine: virtual time stands still meanwhile. */
async function filesAreDone(): Promise<void> {
  while (process.getActiveResourcesInfo().some((resource) => resource.startsWith("FSReq"))) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { contacts } from "./contacts.ts";
import { limitsOf, readLimits } from "./limits.ts";
import { failure, setup } from "./test-api.ts";
import type { XeroSettings } from "./settings.ts";

const SETTINGS: XeroSettings = { clientId: "a", clientSecret: "b" };

test("a day allows what the app's tier allows", () => {
  const aDay = (settings: XeroSettings): number | undefined =>
    limitsOf(settings).flatMap((limit) => (limit.kind === "quota" ? [limit.count] : []))[0];
  assert.deepEqual(
    [aDay(SETTINGS), aDay({ ...SETTINGS, tier: "starter" }), aDay({ ...SETTINGS, tier: "plus" })],
    [5_000, 1_000, 5_000],
  );
});

test("answers tell what is left of each limit; what is no number teaches nothing", () => {
  const headers = { "x-minlimit-remaining": "12", "x-daylimit-remaining": "4000", "x-appminlimit-remaining": "-" };
  assert.deepEqual(readLimits({ status: 200, headers, json: undefined, text: "" }), [
    { limit: "minute", available: 12 },
    { limit: "day", available: 4_000 },
  ]);
});

test("a refusal tells which limit is used up, and until when", () => {
  const read = (problem: string): readonly object[] =>
    readLimits({
      status: 429,
      headers: { "x-rate-limit-problem": problem, "retry-after": "30", "x-daylimit-remaining": "7" },
      json: undefined,
      text: "",
    });
  const day = { limit: "day", available: 7 };
  assert.deepEqual(read("minute"), [day, { limit: "minute", available: 0, resetInMs: 30_000 }]);
  for (const name of ["day", "DayLimit", "Daily"]) {
    assert.deepEqual(read(name), [{ limit: "day", available: 0, resetInMs: 30_000 }]);
  }
  assert.deepEqual(read("appminute"), [day, { limit: "minute of the app", available: 0, resetInMs: 30_000 }]);
  assert.deepEqual(read("concurrent"), [day]);
});

test("each limit is told by its name, with the time until it ends", async () => {
  await using world = await setup({ settings: { callsPerMinute: 2, callsPerDay: 3 } });
  const ask = (): Promise<unknown> => contacts.everything!.page(world.apiWith({}), {});
  await ask();
  await ask();
  await world.clock.advance(20_000);
  const minute = await failure(ask());
  assert.deepEqual(
    [minute.kind, minute.code, minute.reason],
    ["throttled", "minute", "Xero's limit of calls was reached (minute)"],
  );
  assert.ok((minute.retryAfterMs ?? 0) >= 40_000);
  await world.clock.advance(40_000);
  await ask();
  const day = await failure(ask());
  assert.deepEqual([day.kind, day.code], ["throttled", "day"]);
  assert.ok((day.retryAfterMs ?? 0) > 23 * 3_600_000);
  assert.deepEqual(world.simulator.truth.limits.windowsOverLimit, 2);
});

test("within its declared limits a connection breaks none, uses them, and yields to what others take", async () => {
  await using world = await setup({ settings: { callsPerMinute: 60, callsPerDay: 5_000, callsAtOnce: 5 } });
  const ours = world.apiWith({ withinLimits: true });
  const others = world.apiWith({});
  for (let call = 0; call < 12; call += 1) await contacts.everything!.page(others, {});
  const ended = { done: 0, held: 0 };
  const call = async (): Promise<void> => {
    try {
      await contacts.everything!.page(ours, {});
      ended.done += 1;
    } catch {
      ended.held += 1;
    }
  };
  // Each turn waits for its answers, which come over real sockets, while virtual time stands still.
  for (let second = 0; second < 180; second += 1) {
    const calls = Promise.all([call(), call()]);
    let open = true;
    void calls.finally(() => (open = false));
    for (let turn = 0; open && turn < 400 && world.clock.waiting < 2; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await world.clock.advance(1_000);
  }
  const { limits } = world.simulator.truth;
  assert.equal(limits.windowsOverLimit, 0);
  assert.equal(limits.throttled, 0);
  assert.ok(ended.done >= 150, `${ended.done} calls were made in three minutes`);
  assert.ok(limits.atOnceMax <= 5);
});

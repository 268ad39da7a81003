import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../src/define/connector.ts";
import { contacts } from "./contacts.ts";
import { limits, readLimits } from "./limits.ts";
import type { HubSpotSettings } from "./settings.ts";
import { setup, TOKEN } from "./test-api.ts";

const PRIVATE: HubSpotSettings = { accessToken: TOKEN };

for (const [name, settings, counts] of [
  ["a private app of a free account", PRIVATE, [100, 250_000, 5]],
  ["of a professional one", { ...PRIVATE, plan: "professional" }, [190, 650_000, 5]],
  ["of an enterprise", { ...PRIVATE, plan: "enterprise" }, [190, 1_000_000, 5]],
  ["with an increase", { ...PRIVATE, plan: "starter", limitIncreases: 2 }, [250, 2_250_000, 5]],
  ["an OAuth app, which has no day", { clientId: "c", clientSecret: "s", plan: "enterprise" }, [110, 5]],
  ["a share of the account", { ...PRIVATE, callsPerTenSeconds: 50, callsPerDay: 9, searchesPerSecond: 2 }, [50, 9, 2]],
] as const) {
  test(`${name} may make ${counts.join(", ")} calls`, () => {
    assert.deepEqual(
      limits(settings).map((limit) => ("count" in limit ? limit.count : 0)),
      counts,
    );
  });
}

test("the day is the account's own where its zone is told", () => {
  const dayIn = (settings: HubSpotSettings): unknown => limits(settings).find((limit) => limit.kind === "quota")?.day;
  assert.equal(dayIn(PRIVATE), "rolling");
  assert.deepEqual(dayIn({ ...PRIVATE, timeZone: "Europe/Berlin" }), { zone: "Europe/Berlin" });
});

test("answers tell what is left; searches tell nothing", () => {
  const headers = {
    "x-hubspot-ratelimit-remaining": "7",
    "x-hubspot-ratelimit-interval-milliseconds": "10000",
    "x-hubspot-ratelimit-daily-remaining": "1200",
  };
  const answer: Answer = { status: 200, headers, json: {}, text: "{}" };
  assert.deepEqual(readLimits(answer), [
    { limit: "ten seconds", available: 7 },
    { limit: "day", available: 1_200 },
  ]);
  assert.deepEqual(readLimits({ ...answer, headers: {} }), []);
  assert.deepEqual(readLimits({ ...answer, headers: { "x-hubspot-ratelimit-remaining": "many" } }), []);
});

test("calls stay within the limits, and use them", async () => {
  await using world = await setup({ withinLimits: true });
  const { clock, simulator } = world;
  const began = clock.now();
  let done = 0;
  const calls = Array.from({ length: 250 }, async () => {
    for (;;) {
      const isDone = await world.api.request({ method: "GET", path: "/account-info/2026-09/details" }).then(
        () => true,
        () => false,
      );
      if (isDone) return (done += 1);
      await new Promise<void>((wake) => void clock.timer(1_000, wake));
    }
  });
  while (done < 250) await clock.advance(500);
  await Promise.all(calls);
  const { throttled, windowsOverLimit, callsInTenSecondsMax } = simulator.truth.limits;
  assert.deepEqual([throttled, windowsOverLimit, callsInTenSecondsMax], [0, 0, 100]);
  assert.ok(clock.now() - began < 26_000, `${clock.now() - began} ms for 250 calls`);
});

test("searches keep to their own limit", async () => {
  await using world = await setup({ withinLimits: true });
  let done = 0;
  const searches = Array.from({ length: 12 }, () =>
    contacts.changes!.page(world.api, { since: 0 }).then(() => (done += 1)),
  );
  while (done < 12) await world.clock.advance(100);
  await Promise.all(searches);
  assert.deepEqual([world.simulator.truth.limits.throttled, world.simulator.truth.limits.searchesInSecondMax], [0, 5]);
});

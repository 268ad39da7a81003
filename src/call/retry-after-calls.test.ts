// What providers say of when to come back, in every form and nonsense, kept by the real caller: never a call too early.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineConnector } from "../define/define-connector.ts";
import { CallFailed } from "../define/outcome.ts";
import { afterCall } from "../reconcile/after-call.ts";
import type { Claim } from "../store/store.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { createCaller } from "./caller.ts";

const DAY_MS = 86_400_000;
const ORIGIN = "https://provider.example";

interface Wish {
  readonly headers: Record<string, string>;
  /** What it asks for, in milliseconds; undefined: nothing that can be read. */
  readonly waitMs: number | undefined;
}

/** One of many forms, from a seed. */
function wishOf(random: SeededRandom, now: number): Wish {
  const seconds = Math.floor(random.next() ** 4 * 200_000);
  const at = new Date(Math.floor(now / 1_000) * 1_000 + seconds * 1_000);
  const untilAt = Math.max(0, at.getTime() - now);
  const forms: readonly Wish[] = [
    { headers: { "retry-after": String(seconds) }, waitMs: seconds * 1_000 },
    { headers: { "retry-after": `${seconds}.5` }, waitMs: seconds * 1_000 + 500 },
    { headers: { "retry-after": at.toUTCString() }, waitMs: untilAt },
    { headers: { "retry-after": at.toISOString() }, waitMs: untilAt },
    { headers: { "retry-after": new Date(now - seconds * 1_000).toUTCString() }, waitMs: 0 },
    { headers: { "retry-after": "999999999999" }, waitMs: DAY_MS },
    { headers: { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, waitMs: DAY_MS },
    { headers: { "retry-after": "-5" }, waitMs: undefined },
    { headers: { "retry-after": "soon" }, waitMs: undefined },
    { headers: { "retry-after": "" }, waitMs: undefined },
    { headers: { "retry-after": "1e9" }, waitMs: undefined },
    { headers: { "ratelimit-reset": String(seconds) }, waitMs: seconds * 1_000 },
    { headers: { "x-ratelimit-reset": String(Math.floor(at.getTime() / 1_000)) }, waitMs: untilAt },
    { headers: { ratelimit: `"burst";r=0;t=${seconds}` }, waitMs: seconds * 1_000 },
    { headers: { "retry-after": String(seconds), "ratelimit-reset": "1" }, waitMs: seconds * 1_000 },
    { headers: {}, waitMs: undefined },
  ];
  return forms[Math.floor(random.next() * forms.length)]!;
}

test("of 500 wishes none is answered by a call too early, none is kept longer than a day and a tenth, and none spends an attempt", async () => {
  const clock = new VirtualClock();
  const random = new SeededRandom(20);
  let wish: Wish | undefined;
  let requests = 0;
  const answer = async (): Promise<Response> => {
    requests += 1;
    return wish === undefined ? Response.json({}) : new Response(null, { status: 429, headers: wish.headers });
  };
  const caller = createCaller({
    connection: defineConnector({
      name: "provider",
      title: "Provider",
      settings: z.object({}),
      baseUrl: () => ORIGIN,
      auth: { kind: "none" },
      limits: [],
      resources: {},
    }).connect("it", {}),
    secrets: () => undefined,
    world: { clock, random, network: inProcessNetwork(new Map([[ORIGIN, answer]]), clock) },
    credentials: undefined as never,
    onReauthorize: assert.fail,
    limits: { waitMsMax: 0 },
  });
  const call = async (): Promise<CallFailed | undefined> => {
    try {
      await caller.api({ priority: "live", entries: [] }).request({ method: "GET", path: "/" });
      return undefined;
    } catch (error) {
      assert.ok(error instanceof CallFailed);
      return error;
    }
  };
  for (let round = 0; round < 500; round += 1) {
    wish = wishOf(random, clock.now());
    const { headers, waitMs } = wish;
    const told = await call();
    wish = undefined;
    assert.ok(told !== undefined, `${JSON.stringify(headers)} is a refusal`);
    const claim = { attempts: 3, waits: 0 } as Claim;
    const fate = afterCall({ outcome: told.outcome, claim, now: clock.now(), random: 0.5 });
    assert.ok(fate.to === "waiting" && fate.attempts === 3, "it waits, and spends no attempt");
    const least = clock.now() + Math.min(waitMs ?? 0, DAY_MS);
    assert.ok(fate.until >= least, `${JSON.stringify(headers)}: ${fate.until - clock.now()} ms`);
    assert.ok(
      fate.until <= clock.now() + Math.max((waitMs ?? 0) * 1.1, 2_000) + 1,
      `${JSON.stringify(headers)} is kept`,
    );
    const before = requests;
    const held = caller.heldUntil();
    if (held !== undefined) {
      await clock.advance(held - 1 - clock.now());
      assert.equal((await call())?.outcome.held, true);
      assert.equal(requests, before, `${JSON.stringify(headers)}: no call before its time`);
    }
    await clock.advance(fate.until - clock.now());
    assert.equal(await call(), undefined);
  }
});

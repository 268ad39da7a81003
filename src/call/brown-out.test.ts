// What a provider that breaks, and comes back, does to those who call it: in virtual time, through the real caller.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineConnector } from "../define/define-connector.ts";
import { CallFailed } from "../define/outcome.ts";
import { afterCall, ATTEMPTS_MAX } from "../reconcile/after-call.ts";
import type { Claim } from "../store/store.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { createCaller, type Caller } from "./caller.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ORIGIN = "https://provider.example";
const WELL = "https://well.example";
/** The provider works on so many calls at once, a second each; so many more stand in its line. */
const SLOTS = 5;
const LINE = 20;
/** A call each 250 ms: four fifths of what the provider can do. */
const EVERY_MS = 250;
const WORKERS = 16;

type Health = "well" | "refuses" | "silent" | "half dead";

function setup(seed: number) {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const provider = { health: "well" as Health, requests: 0, done: 0, probes: 0, probesMost: 0, inWork: 0 };
  const passes = (durationMs: number): Promise<void> => new Promise((wake) => clock.timer(durationMs, wake));
  const line: (() => void)[] = [];

  async function work(): Promise<Response> {
    if (provider.inWork >= SLOTS + LINE) return new Response(null, { status: 503 });
    provider.inWork += 1;
    if (provider.inWork > SLOTS) await new Promise<void>((turn) => line.push(turn));
    await passes(SECOND);
    provider.inWork -= 1;
    line.shift()?.();
    provider.done += 1;
    return Response.json({});
  }

  async function answer(): Promise<Response> {
    provider.requests += 1;
    const isProbe = caller.counts().breaker === "half-open";
    if (isProbe) provider.probesMost = Math.max(provider.probesMost, (provider.probes += 1));
    try {
      await passes(20);
      const { health } = provider;
      if (health === "refuses" || (health === "half dead" && random.next() < 0.6)) {
        return new Response(null, { status: 503 });
      }
      if (health === "silent") await passes(31 * SECOND);
      return await work();
    } finally {
      if (isProbe) provider.probes -= 1;
    }
  }

  const network = inProcessNetwork(
    new Map([
      [ORIGIN, answer],
      [WELL, async () => Response.json({})],
    ]),
    clock,
  );
  const callerOf = (origin: string): Caller =>
    createCaller({
      connection: defineConnector({
        name: "provider",
        title: "Provider",
        settings: z.object({}),
        baseUrl: () => origin,
        auth: { kind: "none" },
        limits: [],
        resources: {},
      }).connect("it", {}),
      secrets: () => undefined,
      world: { clock, random, network },
      credentials: undefined as never,
      onReauthorize: assert.fail,
    });
  const caller = callerOf(ORIGIN);
  return { clock, random, provider, caller, well: callerOf(WELL) };
}

interface Piece {
  readonly bornAt: number;
  dueAt: number;
  attempts: number;
  waits: number;
}

/** Work comes in and is done as a reconciler does it: it waits while the connection is held, and waits as `afterCall` says. */
function load({ clock, random, caller }: ReturnType<typeof setup>) {
  const pieces: Piece[] = [];
  const doneAt: number[] = [];
  const state = { born: 0, inWork: 0, attemptsMost: 0, stopped: false };
  let stopTimer = (): void => {};

  function pump(): void {
    stopTimer();
    const now = clock.now();
    const held = caller.heldUntil();
    if (held === undefined) {
      while (state.inWork < WORKERS) {
        const index = pieces.findIndex(({ dueAt }) => dueAt <= now);
        if (index === -1) break;
        state.inWork += 1;
        void run(pieces.splice(index, 1)[0]!);
      }
      if (state.inWork >= WORKERS) return;
    }
    const next = held ?? pieces.reduce((first, { dueAt }) => Math.min(first, dueAt), Number.POSITIVE_INFINITY);
    if (next !== Number.POSITIVE_INFINITY) stopTimer = clock.timer(next - now, pump);
  }

  async function run(piece: Piece): Promise<void> {
    try {
      await caller.api({ priority: "live", sync: "s", entries: [] }).request({ method: "GET", path: "/" });
      doneAt.push(clock.now());
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const claim = { attempts: piece.attempts, waits: piece.waits } as Claim;
      const fate = afterCall({ outcome: error.outcome, claim, now: clock.now(), random: random.next() });
      assert.ok(fate.to === "waiting", "no work is given up");
      pieces.push({ ...piece, attempts: fate.attempts, waits: fate.waits, dueAt: fate.until });
      state.attemptsMost = Math.max(state.attemptsMost, fate.attempts);
    }
    state.inWork -= 1;
    pump();
  }

  function born(): void {
    if (state.stopped) return;
    state.born += 1;
    pieces.push({ bornAt: clock.now(), dueAt: clock.now(), attempts: 0, waits: 0 });
    pump();
    clock.timer(EVERY_MS, born);
  }

  born();
  return { state, pieces, doneIn: (from: number, to: number) => doneAt.filter((at) => at >= from && at < to).length };
}

for (const [seed, health] of [
  [1, "refuses"],
  [2, "silent"],
  [3, "refuses"],
  [4, "silent"],
] as const) {
  test(`after ten minutes in which it ${health === "silent" ? "is silent" : "refuses all"} (seed ${seed}), a provider is used as before within two, and was not pressed`, async () => {
    const world = setup(seed);
    const { clock, provider } = world;
    const { state, doneIn } = load(world);
    await clock.advance(2 * MINUTE);
    const before = doneIn(clock.now() - MINUTE, clock.now());
    assert.ok(before >= (0.95 * MINUTE) / EVERY_MS, `${before} a minute`);
    const [requests, logical] = [provider.requests, state.born];
    provider.health = health;
    await clock.advance(10 * MINUTE);
    const pressed = (provider.requests - requests) / (state.born - logical);
    assert.ok(pressed <= 1.2, `${pressed} requests for each piece of work`);
    provider.health = "well";
    await clock.advance(3 * MINUTE);
    const after = doneIn(clock.now() - MINUTE, clock.now());
    assert.ok(after >= 0.95 * before, `${after} a minute, ${before} before`);
    assert.ok(provider.probesMost <= 1);
    assert.ok(state.attemptsMost < ATTEMPTS_MAX / 10, "waiting for it spends no attempts");
  });
}

for (const [name, healths, eachMs] of [
  ["flaps each 20 seconds", ["refuses", "well"], 20 * SECOND],
  ["flaps each 90 seconds", ["silent", "well"], 90 * SECOND],
  ["is half dead", ["half dead"], 5 * MINUTE],
] as const) {
  test(`while a provider ${name} no work is given up, at most one call goes to see, and another connection is as before`, async () => {
    const world = setup(7);
    const { clock, provider, well } = world;
    const { state, pieces } = load(world);
    for (let turn = 0; turn * eachMs < 10 * MINUTE; turn += 1) {
      provider.health = healths[turn % healths.length]!;
      await clock.advance(eachMs);
      const answer = await well.api({ priority: "live", entries: [] }).request({ method: "GET", path: "/" });
      assert.equal(answer.status, 200);
    }
    assert.ok(provider.probesMost <= 1);
    assert.ok(provider.done > 0);
    provider.health = "well";
    state.stopped = true;
    await clock.advance(20 * MINUTE);
    assert.deepEqual([pieces.length, state.inWork, provider.inWork], [0, 0, 0], "all of it is done in the end");
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Limit } from "../define/connector.ts";
import type { Priority } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { limitsOf, limitState } from "./limit.ts";
import { createLimiter, createLine, type Held, type Limiter, type Permit } from "./limiter.ts";
import { createTravel } from "./travel.ts";

const PRIORITIES: readonly Priority[] = ["person", "live", "scheduled", "backfill"];

function setup(limits: readonly Limit[], options: { waitMsMax?: number; waitersMax?: number } = {}) {
  const clock = new VirtualClock(0);
  const limiter = createLimiter({ clock, ...options });
  const travel = createTravel();
  const { of } = limitsOf(limits, (limit) => limitState(limit, travel));
  const ask = (priority: Priority = "live", sync = "a", names?: readonly string[], cost = 1) =>
    limiter.ask({ limits: of(names), cost, priority, sync });
  return { clock, limiter, ask, limits: of(undefined) };
}

const one: Limit = { kind: "concurrency", name: "calls", count: 1, every: true };

function isPermit(answer: Permit | Held | Promise<Permit | Held>): answer is Permit {
  return "end" in answer;
}

/** Runs calls one after the other and tells in which order they went. */
async function served(limiter: Limiter, clock: VirtualClock, asked: readonly [string, Promise<Permit | Held>][]) {
  const order: string[] = [];
  const all = asked.map(async ([name, promise]) => {
    const answer = await promise;
    if (!isPermit(answer)) return;
    order.push(name);
    await Promise.resolve();
    answer.end([]);
  });
  await clock.advance(0);
  await Promise.all(all);
  assert.equal(limiter.underWay, 0);
  return order;
}

test("a call that can go goes at once, without a promise", () => {
  const { ask } = setup([one]);
  assert.ok(isPermit(ask()));
});

test("the more urgent goes first, syncs take turns, and within a sync the older goes first", async () => {
  const { clock, limiter, ask } = setup([one]);
  const first = ask() as Permit;
  const wait = (name: string, priority: Priority, sync: string): [string, Promise<Permit | Held>] => [
    name,
    ask(priority, sync) as Promise<Permit | Held>,
  ];
  const asked = [
    wait("backfill 1", "backfill", "a"),
    wait("a1", "live", "a"),
    wait("a2", "live", "a"),
    wait("a3", "live", "a"),
    wait("b1", "live", "b"),
    wait("person", "person", "b"),
  ];
  first.end([]);
  assert.deepEqual(await served(limiter, clock, asked), ["person", "a1", "b1", "a2", "a3", "backfill 1"]);
});

test("nobody starves: under a stream of urgent calls each of the less urgent has its share of the turns", async () => {
  const { clock, limiter, ask } = setup([one], { waitMsMax: 1e9 });
  const first = ask() as Permit;
  let backfillAfter = 0;
  let turns = 0;
  const backfill = (ask("backfill") as Promise<Permit>).then((permit) => {
    backfillAfter = turns;
    permit.end([]);
  });
  const stream = async (): Promise<void> => {
    while (backfillAfter === 0 && turns < 1_000) {
      const permit = (await ask("live")) as Permit;
      turns += 1;
      permit.end([]);
    }
  };
  const streams = [stream(), stream(), stream()];
  first.end([]);
  await Promise.all([backfill, ...streams]);
  assert.ok(backfillAfter > 1 && backfillAfter <= 20, `${backfillAfter}`);
  await clock.advance(0);
  assert.equal(limiter.waiting, 0);
});

test("whoever would wait too long is told when to come back, and takes nothing", async () => {
  const { clock, limiter, ask } = setup([{ kind: "rate", name: "r", count: 1, perMs: 60_000, every: true }]);
  assert.ok(isPermit(ask()));
  const held = ask("backfill");
  assert.ok("until" in held && held.until > 60_000);
  assert.equal(limiter.waiting, 0);
  await clock.advance(61_000);
  assert.ok(isPermit(ask()));
});

test("who is more urgent than a backfill is told to come back soon enough to stand in line before there is room", async () => {
  const { clock, limits, limiter, ask } = setup([{ kind: "rate", name: "r", count: 1, perMs: 60_000, every: true }]);
  (ask() as Permit).end([]);
  const { until } = ask("backfill") as Held;
  for (const urgent of ["person", "live", "scheduled"] as const) {
    assert.deepEqual(ask(urgent), { until: until - 5_000 });
    assert.equal(limiter.fullUntil(limits, 1, urgent), until - 5_000);
  }
  assert.equal(limiter.fullUntil(limits, 1, "backfill"), until);
  await clock.advance(until - 5_000 - clock.now());
  const backfill = ask("backfill") as Promise<Permit | Held>;
  const live = ask("live") as Promise<Permit | Held>;
  await clock.advance(5_000);
  assert.ok(isPermit(await live));
  await clock.advance(10_000);
  assert.ok(!isPermit(await backfill));
});

test("nobody is told to come back before the end of a pause that the provider asked for", () => {
  const { limits, limiter, ask } = setup([{ kind: "rate", name: "r", count: 1, perMs: 60_000, every: true }]);
  limiter.pauseUntil(30_000);
  assert.deepEqual(ask("live"), { until: 30_000 });
  limiter.pauseUntil(58_000);
  assert.deepEqual(ask("live"), { until: 58_000 });
  assert.equal(limiter.fullUntil(limits, 1, "live"), undefined);
});

test("nothing is lost when a waiter gives up: the next one goes", async () => {
  const { clock, limiter, ask } = setup([one], { waitMsMax: 1_000 });
  const first = ask() as Permit;
  const impatient = ask() as Promise<Permit | Held>;
  await clock.advance(500);
  const patient = ask() as Promise<Permit | Held>;
  await clock.advance(500);
  assert.ok(!isPermit(await impatient));
  first.end([]);
  const permit = await patient;
  assert.ok(isPermit(permit));
  permit.end([]);
  permit.end([]);
  assert.deepEqual([limiter.waiting, limiter.underWay], [0, 0]);
  assert.equal(clock.waiting, 0, "no timer stays behind");
});

test("a call stopped by a limit of its own does not stop those that do not need it", async () => {
  const { ask } = setup([
    { kind: "concurrency", name: "all", count: 5, every: true },
    { kind: "concurrency", name: "reports", count: 1, every: false },
  ]);
  assert.ok(isPermit(ask("live", "a", ["reports"])));
  assert.ok(!isPermit(ask("live", "a", ["reports"])));
  assert.ok(isPermit(await ask("live", "b")));
});

test("a call stopped by a limit of its own does not stop those of the same sync that do not need it", async () => {
  const { ask } = setup([
    { kind: "concurrency", name: "all", count: 2, every: true },
    { kind: "concurrency", name: "reports", count: 1, every: false },
  ]);
  const report = ask("live", "a", ["reports"]) as Permit;
  const other = ask("live", "a") as Permit;
  const second = ask("live", "a", ["reports"]) as Promise<Permit>;
  const third = ask("live", "a") as Promise<Permit>;
  other.end([]);
  assert.ok(isPermit(await third), "it was behind the second, which waits for another limit");
  report.end([]);
  assert.ok(isPermit(await second));
});

test("a limit of single things holds each of them by itself", () => {
  const { ask } = setup([{ kind: "rate", name: "channel", count: 1, perMs: 60_000, every: false, each: true }]);
  assert.ok(isPermit(ask("live", "a", ["channel/C1"])));
  assert.ok(isPermit(ask("live", "a", ["channel/C2"])));
  assert.ok(!isPermit(ask("live", "a", ["channel/C1"])));
});

test("connections that share a limit take turns by their weights, and a pause holds only the one it is for", async () => {
  const clock = new VirtualClock(0);
  const line = createLine({ clock, waitMsMax: 1e9 });
  const shared = limitState(one, createTravel());
  const request = { limits: [{ name: "app", state: shared }], cost: 1, priority: "live", sync: "s" } as const;
  const turns: Record<string, number> = { small: 0, large: 0, paused: 0 };
  const members = [{ tenant: "small" }, { tenant: "large", weight: 3 }, { tenant: "paused" }].map((member) => ({
    name: member.tenant,
    limiter: line.member(member),
  }));
  const first = members[0]!.limiter.ask(request) as Permit;
  members[2]!.limiter.pauseUntil(1e12);
  for (const { name, limiter } of members) {
    for (let call = 0; call < 40; call += 1) {
      void (limiter.ask(request) as Promise<Permit | Held>).then((permit) => {
        if (!isPermit(permit)) return;
        turns[name]! += 1;
        if (turns["small"]! + turns["large"]! < 41) permit.end([]);
      });
    }
  }
  first.end([]);
  await clock.advance(0);
  assert.deepEqual(turns, { small: 11, large: 30, paused: 0 });
  for (const { limiter } of members) limiter.close();
  assert.equal(clock.waiting, 0);
});

test("a dear call is not overtaken for ever by cheap ones", async () => {
  const { clock, ask } = setup([{ kind: "points", name: "p", size: 100, perSecond: 10, every: true }]);
  (ask("live", "a", undefined, 100) as Permit).end([]);
  const order: string[] = [];
  const dear = (ask("live", "a", undefined, 60) as Promise<Permit>).then(() => order.push("dear"));
  const cheap = (ask("live", "b", undefined, 1) as Promise<Permit>).then(() => order.push("cheap"));
  await clock.advance(6_600);
  await Promise.all([dear, cheap]);
  assert.deepEqual(order, ["dear", "cheap"]);
});

test("a pause holds everybody, also those who wait already, and ends by itself", async () => {
  const { clock, limiter, ask } = setup([one]);
  const first = ask() as Permit;
  const waiting = ask() as Promise<Permit | Held>;
  let went = false;
  void waiting.then(() => (went = true));
  limiter.pauseUntil(5_000);
  first.end([]);
  await clock.advance(4_999);
  assert.equal(went, false);
  await clock.advance(1);
  assert.equal(went, true);
});

test("the line has an end, and closing sends everybody away", async () => {
  const { limiter, ask, clock } = setup([one], { waitersMax: 2 });
  assert.ok(isPermit(ask()));
  const waiting = [ask(), ask()];
  assert.ok("until" in ask());
  limiter.close();
  for (const answer of waiting) assert.ok(!isPermit(await answer));
  assert.equal(clock.waiting, 0);
});

test("it is told when there is room again, where nobody would stand in line so long, and how many calls may go soon", async () => {
  const rate = (count: number, perMs: number): Limit => ({ kind: "rate", name: "r", count, perMs, every: true });
  const points: Limit = { kind: "points", name: "p", size: 100, perSecond: 5, costMost: 10, every: true };
  const cases: readonly (readonly [readonly Limit[], number])[] = [
    [[rate(10, 20_000)], 15],
    [[rate(10, 20_000), one], 15],
    [[points], 15],
    [[one], Number.POSITIVE_INFINITY],
  ];
  for (const [declared, room] of cases) {
    const { limiter, limits } = setup(declared);
    assert.deepEqual([limiter.room(limits), limiter.fullUntil(limits, 1)], [room, undefined]);
  }

  const { clock, ask, limiter, limits } = setup([rate(10, 20_000)]);
  for (let call = 0; call < 10; call += 1) (ask() as Permit).end([]);
  const held = ask("backfill") as Held;
  assert.equal(limiter.fullUntil(limits, 1), held.until);
  assert.equal(limiter.room(limits), 5);
  await clock.advance(held.until - clock.now() - 10_000);
  assert.equal(limiter.fullUntil(limits, 1), undefined);
  assert.equal(limiter.room(limits), 10, "what was spent at once is free again at once");
});

test("who asks for another limit just when a call may go does not hold that call back", async () => {
  const wentAt = async (askedAt: number): Promise<number> => {
    const { clock, ask } = setup([
      { kind: "rate", name: "r", count: 1, perMs: 1_000, every: false },
      { kind: "concurrency", name: "c", count: 1, every: false },
    ]);
    void ask("live", "a", ["c"]);
    void ask("live", "a", ["r"]);
    // Set before the limiter's own timer, so that it comes first at the same time.
    clock.timer(askedAt, () => void ask("live", "b", ["c"]));
    const went = Promise.resolve(ask("live", "a", ["r"])).then((answer) =>
      isPermit(answer) ? clock.now() : Number.NaN,
    );
    await clock.advance(60_000);
    return went;
  };
  const alone = await wentAt(50_000);
  assert.ok(alone < 2_000, `${alone}`);
  assert.equal(await wentAt(alone), alone);
});

test("a limit nobody declared is a fault that names those there are", () => {
  const { ask } = setup([one]);
  assert.throws(() => ask("live", "a", ["cals"]), /cannot take from the limit "cals": wanted one of calls/);
});

test("under any load no limit is ever passed, everybody is answered, and nothing stays behind", async () => {
  const call = fc.record({
    afterMs: fc.nat(400),
    lastsMs: fc.nat(900),
    priority: fc.constantFrom(...PRIORITIES),
    sync: fc.constantFrom("a", "b", "c"),
    named: fc.boolean(),
    cost: fc.integer({ min: 1, max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), async (calls) => {
      const { clock, limiter, ask } = setup(
        [
          { kind: "rate", name: "rate", count: 5, perMs: 1_000, every: true },
          { kind: "concurrency", name: "calls", count: 3, every: true },
          { kind: "points", name: "points", size: 60, perSecond: 40, every: false },
        ],
        { waitMsMax: 8_000 },
      );
      const times: number[] = [];
      let atOnce = 0;
      let answered = 0;
      for (const { afterMs, lastsMs, priority, sync, named, cost } of calls) {
        await clock.advance(afterMs);
        void Promise.resolve(ask(priority, sync, named ? ["points"] : undefined, cost)).then((answer) => {
          answered += 1;
          if (!isPermit(answer)) return;
          times.push(clock.now());
          atOnce += 1;
          assert.ok(atOnce <= 3);
          clock.timer(lastsMs, () => {
            atOnce -= 1;
            answer.end([]);
          });
        });
      }
      await clock.advance(60_000);
      assert.equal(answered, calls.length);
      for (const [index, at] of times.entries()) assert.ok((times[index + 5] ?? Infinity) - at > 1_000);
      assert.deepEqual([limiter.waiting, limiter.underWay, clock.waiting], [0, 0, 0]);
    }),
    { numRuns: 40 },
  );
});

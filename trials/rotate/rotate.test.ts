import assert from "node:assert/strict";
import { test } from "node:test";
import { KILL_POINTS, throughPoints, type KillPoint } from "./kill-points.ts";
import { optionsOf } from "./options.ts";
import { Truth } from "./truth.ts";
import { shortcomings, type Figures } from "./verdict.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";

const one = (token: string) => ({ connection: "a", token });

test("after a kill a connection may have the acknowledged token, or one that was being saved", () => {
  const truth = new Truth();
  for (const token of ["1", "2"]) {
    truth.saving(one(token));
    truth.saved(one(token));
  }
  truth.saving(one("3"));
  assert.deepEqual(truth.compare({ a: "3" }), []);
  truth.saving(one("4"));
  assert.match(truth.compare({ a: "2" })[0]!.reason, /expected 3 or 4, found "2"/);
});

test("a token that is gone is found, a first one that was only being saved is not missed", () => {
  const truth = new Truth();
  truth.saving(one("1"));
  assert.deepEqual(truth.compare({}), []);
  truth.saving(one("2"));
  truth.saved(one("2"));
  assert.equal(truth.compare({}).length, 1);
});

test("each step of a rotation passes its two points", async (t) => {
  const passed: KillPoint[] = [];
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  const through = throughPoints(store, (point) => passed.push(point));
  await store.declare({ connections: ["a"], resources: [], syncs: [] });
  const bytes = Buffer.alloc(40);
  await through.rewrapDataKey("0", bytes, bytes);
  await through.addDataKey({ id: "00000000000000aa", tenant: "default", wrapped: bytes, madeAt: 1 }, undefined);
  await through.reseal("a", 1, bytes, bytes);
  await through.saveCredential("a", 0, bytes);
  await through.dropUnusedDataKeys();
  assert.deepEqual(passed, KILL_POINTS);
});

test("what was not exercised does not hold", () => {
  const kills_at_points = Object.fromEntries(KILL_POINTS.map((point) => [point, 1])) as Figures["kills_at_points"];
  const good: Figures = {
    rotations: 50,
    unreadable: 0,
    onOldKey: 0,
    kills: 80,
    kills_at_points,
    kills_at_random: 20,
    lives: 90,
    saved: 2_000,
    resealed: 500,
    keysDestroyed: 50,
    seed: 1,
    plant: null,
    seconds: 60,
  };
  assert.deepEqual(shortcomings(good, 50), []);
  assert.equal(shortcomings({ ...good, kills: 0, saved: 0 }, 50).length, 2);
  const never = { ...good, kills_at_points: { ...kills_at_points, "drop:before": 0 } };
  assert.match(shortcomings(never, 50)[0]!, /drop:before/);
});

test("a planted fault that nobody knows is wrong usage", () => {
  assert.throws(() => optionsOf(["--plant", "nothing"], 0), /expected one of forget-early, skip-reseal/);
});

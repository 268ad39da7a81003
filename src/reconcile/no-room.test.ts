import assert from "node:assert/strict";
import { test } from "node:test";
import { anyFull, NoRoom } from "./no-room.ts";

/** A system whose limits have no room until these times, one after another. */
function system(until: number | undefined) {
  const told = { until };
  return { told, noRoom: new NoRoom({ fullUntil: () => told.until }) };
}

test("what is due when a system was to have room waits for it, once it has none again", () => {
  const { told, noRoom } = system(100);
  assert.deepEqual(noRoom.at(10), { until: 100, dueAfter: 0 });
  told.until = undefined;
  assert.equal(noRoom.at(100), undefined);
  told.until = 200;
  assert.deepEqual(noRoom.at(101), { until: 200, dueAfter: 101 });
});

test("a time at which there was to be room counts where others took the room first, however often it moved", () => {
  const { told, noRoom } = system(100);
  noRoom.at(10);
  told.until = 150;
  assert.deepEqual(noRoom.at(20), { until: 150, dueAfter: 0 });
  assert.deepEqual(noRoom.at(120), { until: 150, dueAfter: 101 });
  told.until = 300;
  assert.deepEqual(noRoom.at(160), { until: 300, dueAfter: 151 });
});

test("what was due before there was to be room, to stand in line for it, waits for it, too, once it has none after all", () => {
  const told = { until: 100, early: 60 };
  const noRoom = new NoRoom({ fullUntil: (priority) => (priority === "person" ? told.early : told.until) });
  noRoom.at(10);
  [told.until, told.early] = [200, 160];
  assert.deepEqual(noRoom.at(70), { until: 200, dueAfter: 61 });
  assert.deepEqual(noRoom.at(110), { until: 200, dueAfter: 101 });
});

test("of several, what is due waits for those only that have no room", () => {
  const [crm, marketing] = [system(100), system(undefined)];
  crm.noRoom.at(10);
  assert.deepEqual(anyFull([crm.noRoom, marketing.noRoom], 120), { until: 100, dueAfter: 101 });
  marketing.told.until = 500;
  crm.told.until = 400;
  assert.deepEqual(anyFull([crm.noRoom, marketing.noRoom], 130), { until: 400, dueAfter: 101 });
  [crm.told.until, marketing.told.until] = [undefined, undefined];
  assert.equal(anyFull([crm.noRoom, marketing.noRoom], 140), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resource } from "../define/resource.ts";
import type { UnreadableRecord } from "../store/store.ts";
import {
  keyOf,
  newOnes,
  stillUnreadable,
  unreadableOf,
  unreadableRecord,
  UNREADABLE_MAX,
  withFound,
} from "./unreadable.ts";

const DAY_MS = 86_400_000;
const seen = (id: number, at: number): UnreadableRecord =>
  unreadableRecord({ id }, new Error("no number"), `record ${id} of the listing`, at);

test("a key that is no text, or none, is a fault that says what came", () => {
  for (const told of [undefined, null, 12, ""]) {
    const resource = { name: "orders", key: () => told } as unknown as Resource;
    assert.throws(() => keyOf(resource, {}), /the connector told no key of a record of orders: expected text, got/);
  }
});

test("a key that holds half a character is a fault, since no store would find it again", () => {
  const resource = { name: "orders", key: () => "1\uD83D" } as unknown as Resource;
  assert.throws(() => keyOf(resource, {}), /expected text, got "1\\ud83d", which holds half a character$/);
});

test("what is kept of a record is short, whatever it is", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  for (const record of [{ text: "x".repeat(5_000) }, circular, undefined, 12n]) {
    const { reason, excerpt } = unreadableRecord(record, new Error("y".repeat(5_000)), "record 1", 0);
    assert.ok(reason.length <= 301 && excerpt.length <= 201, excerpt);
  }
});

test("the same one is known once, since it was last listed, and only the newest are kept", () => {
  const known = withFound([seen(1, 5), seen(2, 5)], [seen(1, 9)]);
  assert.deepEqual(
    known.map(({ excerpt, at }) => [excerpt, at]),
    [
      ['{"id":2}', 5],
      ['{"id":1}', 9],
    ],
  );
  assert.deepEqual(newOnes(known, [seen(1, 9), seen(3, 9)]), [seen(3, 9)]);
  const many = withFound(
    known,
    Array.from({ length: 50 }, (_, id) => seen(id, 20 + id)),
  );
  assert.deepEqual([many.length, many.at(-1)?.at], [UNREADABLE_MAX, 69]);
});

test("a complete listing forgets what it did not show again; one of changes does so after a week", () => {
  const all = [seen(1, DAY_MS), seen(2, 9 * DAY_MS)];
  const left = (kind: "changes" | "everything", beganAt: number): number =>
    stillUnreadable(all, { kind, beganAt }).length;
  assert.deepEqual(
    [left("everything", 9 * DAY_MS), left("changes", 8 * DAY_MS), left("changes", 9 * DAY_MS)],
    [1, 2, 1],
  );
});

test("what a later complete listing could read is no longer told, though changes once showed it", () => {
  const changes = { unreadable: [seen(1, 5), seen(2, 15)] };
  assert.equal(unreadableOf({ changes }).length, 2);
  assert.deepEqual(unreadableOf({ changes, everything: { completeAt: 10 } }), [seen(2, 15)]);
  assert.equal(
    unreadableOf({ changes, everything: { completeAt: 10, unreadable: [seen(2, 12), seen(3, 12)] } }).length,
    2,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import type { ConnectedResource } from "../define/connection.ts";
import type { TwoWaySync } from "../define/two-way.ts";
import type { Claim, Priority } from "../store/store.ts";
import { NO_PLANTS } from "../world/plant.ts";
import type { Park } from "./decide.ts";
import { decidePair } from "./decide-pair.ts";

interface Body {
  readonly name: string;
}

function side(name: string) {
  const resource = {
    name: "people",
    schema: z.object({ name: z.string() }),
    key: () => "1",
    write: { fields: z.record(z.string(), z.unknown()), update: () => {}, fieldsOf: (body: Body) => body },
  };
  return {
    name,
    resource: { id: `${name}/people`, resource } as unknown as ConnectedResource,
    creates: true,
    onDelete: "park",
  };
}

const SYNC = {
  name: "people",
  sides: [side("crm"), side("marketing")],
  match: [],
  pairs: [{ fields: ["name", "name"], rule: { kind: "side", side: 0 } }],
  writesMax: { count: 3, withinMs: 60_000 },
} as unknown as TwoWaySync;

/** One edit to carry across, of a pair that was written so often just now. */
function stepOf(writes: number, priority: Priority) {
  const state = { writes: Array.from({ length: writes }, (_, index) => 1_000 + index) };
  const known = { hash: "", deleted: false, stale: 0 };
  const claim = {
    sync: "people",
    key: "c1",
    priority,
    record: known,
    other: { key: "m1", record: known },
    link: { targetKey: "m1", base: '[{"name":"old"},{"name":"old"}]', recordHash: "", state: JSON.stringify(state) },
  } as unknown as Claim;
  const bodies = [{ name: "new" }, { name: "old" }] as const;
  return decidePair({ sync: SYNC, claim, bodies, now: 2_000, plants: NO_PLANTS }).step;
}

function decided(writes: number, priority: Priority) {
  const step = stepOf(writes, priority);
  return step.do === "park" ? step.cause : step.do;
}

test("a pair that is written again and again is parked, and a person who tries again gets no endless loop either", () => {
  assert.deepEqual([decided(2, "live"), decided(3, "live")], ["write", "loop"]);
  assert.deepEqual([decided(3, "person"), decided(5, "person"), decided(6, "person")], ["write", "write", "loop"]);
});

test("who is told of a loop is told what else it may be: that a person edits it as often, and what to do then", () => {
  const { reason, todo } = stepOf(3, "live") as Park;
  assert.match(reason, /^it was written 3 times within 1m: .* undoes each write, or it is edited as often as that$/);
  assert.match(todo, /Where it was edited, retry; where that is usual, raise `writesMax` of sync people\.$/);
});

test("what a system made of what it was told is kept before a person is asked about another field: later it would be taken for an edit", () => {
  const sync = { ...SYNC, pairs: [...SYNC.pairs, { fields: ["note", "note"], rule: { kind: "park" } }] } as TwoWaySync;
  const known = { hash: "", deleted: false, stale: 0 };
  const bodies = [
    { name: "Anna", note: "ours" },
    { name: "ANNA", note: "theirs" },
  ] as const;
  const stepWith = (link: object) => {
    const other = { key: "m1", record: { ...known, version: "9" } };
    const claim = { sync: "people", key: "c1", priority: "live", record: known, other, link } as unknown as Claim;
    return decidePair({ sync, claim, bodies, now: 2_000, plants: NO_PLANTS }).step;
  };
  const kept = stepWith({
    targetKey: "m1",
    base: '[{"name":"Anna","note":null},{"name":"Anna","note":null}]',
    recordHash: "",
    state: JSON.stringify({ sent: { side: 1, version: "9", fields: ["name"] } }),
  });
  assert.ok(kept.do === "nothing" && kept.more === true && kept.link);
  assert.deepEqual(JSON.parse(kept.link.base ?? ""), [
    { name: "Anna", note: null },
    { name: "ANNA", note: null },
  ]);
  assert.equal((stepWith(kept.link) as Park).cause, "edited");
});

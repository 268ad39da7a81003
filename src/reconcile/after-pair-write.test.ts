import assert from "node:assert/strict";
import { test } from "node:test";
import type { TwoWaySync } from "../define/two-way.ts";
import type { Claim, PendingWrite } from "../store/store.ts";
import { afterPairWrite, type PairWritten } from "./after-pair-write.ts";
import type { Fields } from "./decide.ts";
import { baseIn, stateIn } from "./pair-facts.ts";

const SYNC = {
  pairs: [
    { fields: ["Name", "name"], rule: { kind: "side", side: 0 } },
    { fields: ["Tags", "tags"], rule: { kind: "union" } },
  ],
  writesMax: { count: 10, withinMs: 600_000 },
} as unknown as TwoWaySync;

/** What both had agreed on before: nothing of these fields but that they were empty. */
const CLAIM = {
  key: "c1",
  link: {
    targetKey: "m1",
    base: JSON.stringify([
      { Name: null, Tags: null },
      { name: null, tags: null },
    ]),
    recordHash: "",
  },
} as unknown as Claim;

function after(write: Partial<PendingWrite> & { readonly fields: string }, told: Partial<PairWritten>) {
  const { link, again } = afterPairWrite({
    sync: SYNC,
    claim: CLAIM,
    write: { id: "w1", action: "update", side: 0, armedAt: 1, sends: 1, recordHash: "", ...write },
    shown: undefined,
    returned: undefined,
    version: "2",
    targetKey: "m1",
    now: 5,
    ...told,
  });
  return { base: baseIn(link), sent: stateIn(link).sent, again };
}

test("of a union that both sides are told, what both have by now is agreed on, where that was seen", () => {
  const shown: readonly [Fields, Fields] = [
    { Name: "Ann", Tags: ["a"] },
    { name: "Ann", tags: ["b"] },
  ];
  const write = { fields: '{"Name":"Ann","Tags":["a","b"]}', changed: ["Tags"], from: "{}" };
  const { base, sent, again } = after(write, { shown });
  assert.deepEqual(sent, { side: 0, version: "2", fields: [] });
  assert.deepEqual([base?.[0]["Tags"], base?.[1]["tags"], again], [null, null, true]);
  const seen = after(write, { shown, returned: { Name: "Ann", Tags: ["a", "b"] } });
  assert.deepEqual([seen.base?.[0]["Tags"], seen.base?.[1]["tags"], seen.again], [["b"], ["b"], true]);
});

const CREATED = { action: "create", side: 1, fields: '{"name":"Ann"}', from: '{"Name":"Ann"}' } as const;
const NEW = { ...CLAIM, link: undefined } as unknown as Claim;

test("of what is looked up after a lost answer only what shows what was sent is agreed on", () => {
  const own = after(CREATED, { claim: NEW, returned: { name: "Ann" }, isFound: true });
  assert.deepEqual([own.base?.[0]["Name"], own.base?.[1]["name"]], ["Ann", "Ann"]);
  const another = after(CREATED, { claim: NEW, returned: { name: "Bob" }, isFound: true });
  assert.ok(!("Name" in (another.base?.[0] ?? {})) && !("name" in (another.base?.[1] ?? {})));
});

test("what an answer shows is agreed on, whatever the provider made of it", () => {
  const { base } = after(CREATED, { claim: NEW, returned: { name: "ANN" } });
  assert.deepEqual([base?.[0]["Name"], base?.[1]["name"]], ["Ann", "ANN"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation } from "../store.ts";
import { packListed } from "./listed.ts";

function listed(key: string, fields: Partial<Observation> = {}): Observation {
  const seen = { kind: "listed" } as const;
  return { resource: "r", key, cause: "scan", priority: "backfill", at: 5, version: `v${key}`, seen, ...fields };
}

test("listed records that were seen together go as two lists in JSON, beside what was learnt of others", () => {
  const learnt = listed("4", { seen: { kind: "deleted" } });
  const packed = packListed({
    observations: [listed("1"), listed("2"), learnt, listed("3", { at: 6 })],
    arrivalsUpTo: 9,
  });
  const common = { resource: "r", cause: "scan", priority: "backfill" } as const;
  assert.deepEqual(packed, {
    arrivalsUpTo: 9,
    observations: [learnt],
    listed: [
      { ...common, at: 5, keys: '["1","2"]', versions: '["v1","v2"]' },
      { ...common, at: 6, keys: '["3"]', versions: '["v3"]' },
    ],
    differing: [],
  });
  assert.equal(packListed(packed), packed, "what is packed stays so");
});

test("a listed record that is noted even unchanged, or has no version, cannot be compared", () => {
  const { version: _version, ...unversioned } = listed("2");
  const { differing, listed: together } = packListed({
    observations: [listed("1", { evenUnchanged: true }), unversioned],
  });
  assert.deepEqual([differing, together], [["1", "2"], []]);
});

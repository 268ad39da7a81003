import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectedResource } from "../define/connection.ts";
import type { Claim } from "../store/store.ts";
import { learntOf } from "./learnt.ts";

interface Case {
  readonly sends?: number;
  readonly record: object | undefined;
  /** What is known of the record already. */
  readonly known?: object;
}

function learnt({ sends = 1, record, known }: Case) {
  const resource = { name: "people", key: () => "p1" };
  return learntOf({
    resource: { id: "crm/people", resource } as unknown as ConnectedResource,
    key: "p1",
    written: { key: "p1", ...(record === undefined ? {} : { record }) },
    isRemoved: false,
    claim: { sync: "people", key: "p1", priority: "live", record: known, write: { sends } } as unknown as Claim,
    side: 0,
    now: 2,
  });
}

const RETURNED = { id: "p1" };

test("what a write returned is what the record is; where it returned nothing, it is read", () => {
  assert.equal(learnt({ record: RETURNED }).seen.kind, "record");
  assert.equal(learnt({ record: undefined }).seen.kind, "changed");
});

test("what it had in hand is told: what was learnt while it was written may be newer", () => {
  const told = learnt({ record: RETURNED, known: { hash: "a", deleted: false, stale: 3 } });
  assert.deepEqual(told.lookedBy, { sync: "people", stale: 3, hash: "a" });
  assert.equal(told.at, 2);
});

test("what a repeated write returned may be an old answer: the record is read", () => {
  assert.equal(learnt({ sends: 2, record: RETURNED }).seen.kind, "changed");
});

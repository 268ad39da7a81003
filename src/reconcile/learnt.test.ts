import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectedResource } from "../define/connection.ts";
import type { Claim } from "../store/store.ts";
import { learntOf } from "./learnt.ts";

const READ = { keysMax: 1, records: () => Promise.resolve([]) };

interface Case {
  readonly sends?: number;
  readonly read: typeof READ | undefined;
  readonly record: object | undefined;
  /** What is known of the record already. */
  readonly known?: object;
}

function learnt({ sends = 1, read, record, known }: Case) {
  const resource = { name: "people", key: () => "p1", ...(read === undefined ? {} : { read }) };
  return learntOf({
    resource: { id: "crm/people", resource } as unknown as ConnectedResource,
    key: "p1",
    written: { key: "p1", ...(record === undefined ? {} : { record }) },
    isRemoved: false,
    claim: { sync: "people", key: "p1", priority: "live", record: known, write: { sends } } as unknown as Claim,
    side: 0,
    askedAt: 1,
    now: 2,
  });
}

const RETURNED = { id: "p1" };

test("what a write returned is what the record is; where it returned nothing, it is read", () => {
  assert.equal(learnt({ read: READ, record: RETURNED })?.seen.kind, "record");
  assert.equal(learnt({ read: READ, record: undefined })?.seen.kind, "changed");
  assert.equal(learnt({ read: undefined, record: undefined })?.seen.kind, undefined);
});

test("what it had in hand is told where the record can be read: what was learnt while it was written may be newer", () => {
  const known = { hash: "a", deleted: false, stale: 3 };
  const told = learnt({ read: READ, record: RETURNED, known });
  assert.deepEqual(told?.lookedBy, { sync: "people", stale: 3, hash: "a" });
  assert.equal(told?.at, 2);
  const blind = learnt({ read: undefined, record: RETURNED, known });
  assert.deepEqual(blind?.lookedBy, { sync: "people", stale: 3 });
  assert.equal(blind?.at, 1);
});

test("what a repeated write returned may be an old answer: the record is read, where it can be", () => {
  assert.equal(learnt({ sends: 2, read: READ, record: RETURNED })?.seen.kind, "changed");
  assert.equal(learnt({ sends: 2, read: undefined, record: RETURNED })?.seen.kind, "record");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectedResource } from "../define/connection.ts";
import type { Claim } from "../store/store.ts";
import { learntOf } from "./learnt.ts";

const READ = { keysMax: 1, records: () => Promise.resolve([]) };

function learnt(sends: number, read: typeof READ | undefined, record: object | undefined) {
  const resource = { name: "people", key: () => "p1", ...(read === undefined ? {} : { read }) };
  return learntOf({
    resource: { id: "crm/people", resource } as unknown as ConnectedResource,
    key: "p1",
    written: { key: "p1", ...(record === undefined ? {} : { record }) },
    isRemoved: false,
    claim: { sync: "people", key: "p1", priority: "live", write: { sends } } as unknown as Claim,
    side: 0,
    askedAt: 1,
    now: 2,
  })?.seen.kind;
}

test("what a write returned is what the record is; where it returned nothing, it is read", () => {
  assert.equal(learnt(1, READ, { id: "p1" }), "record");
  assert.equal(learnt(1, READ, undefined), "changed");
  assert.equal(learnt(1, undefined, undefined), undefined);
});

test("what it had in hand is told where the record can be read: what was learnt while it was written may be newer", () => {
  const told = (read: typeof READ | undefined, hash: string) => {
    const resource = { name: "people", key: () => "p1", ...(read === undefined ? {} : { read }) };
    return learntOf({
      resource: { id: "crm/people", resource } as unknown as ConnectedResource,
      key: "p1",
      written: { key: "p1", record: { id: "p1" } },
      isRemoved: false,
      claim: { sync: "people", key: "p1", record: { hash, deleted: false, stale: 3 } } as unknown as Claim,
      side: 0,
      askedAt: 1,
      now: 2,
    });
  };
  assert.deepEqual(told(READ, "a")?.lookedBy, { sync: "people", stale: 3, hash: "a" });
  assert.equal(told(READ, "a")?.at, 2);
  assert.deepEqual(told(undefined, "a")?.lookedBy, { sync: "people", stale: 3 });
  assert.equal(told(undefined, "a")?.at, 1);
});

test("what a repeated write returned may be an old answer: the record is read, where it can be", () => {
  assert.equal(learnt(2, READ, { id: "p1" }), "changed");
  assert.equal(learnt(2, undefined, { id: "p1" }), "record");
});

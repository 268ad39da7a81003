import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY_MARGIN_MS, type Safety } from "../define/resource.ts";
import type { PendingWrite } from "../store/store.ts";
import { LATE_LANDING_MS, resolve, type Resolution } from "./resolve.ts";

const armedAt = 1_000_000;
const create: PendingWrite = { id: "w1", action: "create", armedAt, sends: 1, recordHash: "h", fields: "{}" };
const key: Safety = { kind: "idempotency-key", retentionMs: 86_400_000 };
const lookup: Safety = { kind: "lookup", lagMs: 5_000 };
const forgotten = armedAt + 86_400_000 - KEY_MARGIN_MS;
const quiet = armedAt + LATE_LANDING_MS;

const cases: readonly [string, Safety, boolean, PendingWrite, number, Resolution["do"]][] = [
  ["an upsert is repeated", { kind: "upsert" }, false, create, armedAt, "repeat"],
  ["a key that the provider still knows is repeated", key, true, create, forgotten - 1, "repeat"],
  ["a key that it may have forgotten is looked up", key, true, create, forgotten, "lookup"],
  ["a key that it may have forgotten and nothing to look up is a question", key, false, create, forgotten, "ask"],
  ["nothing is looked up while the first try may still land", lookup, true, create, quiet + 4_999, "wait"],
  ["after the quiet time and the search's lag it is looked up", lookup, true, create, quiet + 5_000, "lookup"],
  [
    "what was looked up and not found is sent without another search",
    lookup,
    true,
    { ...create, absent: true },
    0,
    "repeat",
  ],
  ["what cannot be found again is a question", { kind: "none" }, false, create, quiet, "ask"],
  ["an update waits until the first one has landed", lookup, true, { ...create, action: "update" }, quiet, "wait"],
  ["and is then repeated", { kind: "none" }, false, { ...create, action: "update" }, quiet, "repeat"],
];
for (const [name, safety, canLookUp, write, now, expected] of cases) {
  test(name, () => assert.equal(resolve({ safety, canLookUp, write, now }).do, expected));
}

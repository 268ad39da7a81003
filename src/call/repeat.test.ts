import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestEntry } from "../store/store.ts";
import { encodeBody } from "./encode-body.ts";
import { loggedHeaders, repeatable, repeatOf, type RepeatFacts } from "./repeat.ts";

const DAY_MS = 86_400_000;
const ENTRY: RequestEntry = {
  connection: "books",
  at: 0,
  method: "POST",
  url: "https://books.example/bills?a=1",
  outcome: "done",
  durationMs: 1,
  requestBody: '{"n":1}',
  requestHeaders: '{"idempotency-key":"k1"}',
  repeat: "key",
};

function reasonFor(entry: Partial<RequestEntry>, facts: Partial<RepeatFacts> = {}): string | undefined {
  const decided = repeatable({
    entry: { ...ENTRY, ...entry },
    now: 1,
    keysKnownMs: DAY_MS,
    isSuperseded: false,
    ...facts,
  });
  return decided.may ? undefined : decided.reason;
}

test("a write with a key that is still known is made again as it was", () => {
  const decided = repeatable({ entry: ENTRY, now: 1, keysKnownMs: DAY_MS, isSuperseded: false });
  assert.deepEqual(decided, {
    may: true,
    request: {
      method: "POST",
      path: ENTRY.url,
      headers: { "content-type": "application/json", "idempotency-key": "k1" },
      writes: true,
      safe: "by-key",
      body: '{"n":1}',
    },
  });
});

test("a read is made again at any time, also where it is a POST", () => {
  assert.equal(
    reasonFor({ repeat: "read" }, { now: 1_000 * DAY_MS, keysKnownMs: undefined, isSuperseded: true }),
    undefined,
  );
});

const { repeat: _, ...UNMARKED } = ENTRY;
for (const [what, entry, facts, reason] of [
  ["a write that nothing makes safe", UNMARKED, {}, /twice/],
  ["what was logged in part", { repeat: "unkept" }, {}, /not hold all/],
  ["what held a secret", { requestBody: '{"pin":"[secret]"}' }, {}, /secret/],
  ["a key that may be forgotten", {}, { now: DAY_MS - 3_600_000 }, /forgotten/],
  ["a key of unknown life", {}, { keysKnownMs: undefined }, /not known how long/],
  ["an upsert with a later write", { repeat: "safe" }, { isSuperseded: true }, /undo/],
] as const) {
  test(`${what} is not made again, and why is said`, () => {
    const given =
      entry === UNMARKED
        ? repeatable({ entry: UNMARKED, now: 1, keysKnownMs: DAY_MS, isSuperseded: false })
        : undefined;
    const said = given === undefined ? reasonFor(entry, facts) : given.may ? undefined : given.reason;
    assert.match(said ?? "", reason);
  });
}

test("what a call says of itself decides what the log says", () => {
  const body = encodeBody({ n: 1 });
  const call = { method: "POST", path: "/a" } as const;
  assert.equal(repeatOf(call, body, true), undefined);
  assert.equal(repeatOf(call, body, false), "read");
  assert.equal(repeatOf({ ...call, safe: true }, body, true), "safe");
  assert.equal(repeatOf({ ...call, headers: { "Idempotency-Key": "k" } }, body, true), "key");
  assert.equal(repeatOf(call, encodeBody(Buffer.from("a")), false), "unkept");
  assert.equal(loggedHeaders(call, body), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resource } from "../define/resource.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { begin } from "./scan-state.ts";
import { nextListing, seenUntil, sinceOf, wholeUntil } from "./schedule.ts";

const page = async () => ({ records: [] });
const both = {
  changes: { page, overlapMs: 5_000, lookbackMaxMs: 1_000_000 },
  everything: { page },
} as unknown as Resource;
const onlyChanges = { changes: { page, overlapMs: 5_000 } } as unknown as Resource;
const intervals = { pollEveryMs: 60_000, everythingEveryMs: 500_000 };
const now = 2_000_000;

test("the first listing is of everything", () => {
  assert.deepEqual(nextListing(both, {}, intervals, now), { kind: "everything", at: now });
});

test("a resource that only tells changes is first asked for all of them", () => {
  assert.deepEqual(nextListing(onlyChanges, {}, intervals, now), { kind: "changes", at: now });
  assert.equal(sinceOf(onlyChanges, {}, now), 0);
});

test("changes are polled while everything is still being listed, from when that began", () => {
  const everything = { beganAt: now - 60_000, cursor: "250" };
  assert.deepEqual(nextListing(both, { everything }, intervals, now), { kind: "changes", at: now });
  assert.equal(sinceOf(both, { everything }, now), now - 65_000);
});

test("a listing of everything goes on from its cursor between polls", () => {
  const everything = { beganAt: now - 10_000, cursor: "250" };
  assert.deepEqual(nextListing(both, { everything }, intervals, now), {
    kind: "everything",
    at: now,
    state: everything,
  });
});

test("a poll that was begun goes on before anything else", () => {
  const changes = { beganAt: now - 5, cursor: "p2", completeAt: now - 100_000 };
  assert.deepEqual(nextListing(both, { changes }, intervals, now), { kind: "changes", at: now, state: changes });
});

test("the next poll starts before the last one began, by the overlap", () => {
  const states = { changes: { completeAt: now - 30_000 }, everything: { completeAt: now - 90_000 } };
  assert.deepEqual(nextListing(both, states, intervals, now), { kind: "changes", at: now + 30_000 });
  assert.equal(sinceOf(both, states, now), now - 35_000);
});

test("a gap longer than the provider looks back is filled by listing everything, and polls go on from when that began", () => {
  const longAgo = { changes: { completeAt: 10 }, everything: { completeAt: 5 } };
  assert.deepEqual(nextListing(both, longAgo, intervals, now), { kind: "everything", at: now });
  const filling = { ...longAgo, everything: { completeAt: 5, beganAt: now - 60_000, cursor: "2" } };
  assert.deepEqual(nextListing(both, filling, intervals, now), { kind: "changes", at: now });
  assert.equal(sinceOf(both, filling, now), now - 65_000);
});

test("what the provider says it did not show yet is asked for again, at the usual interval", () => {
  const states = {
    changes: { completeAt: now - 10_000, coveredUntil: now - 200_000 },
    everything: { completeAt: now - 300_000 },
  };
  assert.deepEqual(nextListing(both, states, intervals, now), { kind: "changes", at: now + 50_000 });
  assert.equal(sinceOf(both, states, now), now - 205_000);
});

test("deletions that the provider could not tell make a complete listing due, once", () => {
  const changes = { completeAt: now - 10_000, missedDeletionsAt: now - 10_000 };
  assert.deepEqual(nextListing(both, { changes, everything: { completeAt: now - 60_000 } }, intervals, now), {
    kind: "everything",
    at: now,
  });
  assert.equal(
    nextListing(both, { changes, everything: { completeAt: now - 5_000 } }, intervals, now)?.kind,
    "changes",
  );
});

test("a listing counts to when it began by our clock or by the provider's, whichever says earlier", () => {
  assert.equal(seenUntil({ completeAt: now, coveredUntil: now - 600_000 }), now - 600_000);
  assert.equal(seenUntil({ completeAt: now, coveredUntil: now + 600_000 }), now);
  assert.equal(seenUntil({ beganAt: now, completeAt: now - 60_000, coveredUntil: now - 5 }), now - 60_000);
  const everything = { beganAt: now - 60_000, coveredUntil: now - 360_000 };
  assert.equal(sinceOf(both, { everything }, now), now - 365_000);
});

test("what a listing of everything could not show yet is left to the next poll", () => {
  const states = {
    changes: { completeAt: now - 900_000 },
    everything: { completeAt: now, coveredUntil: now - 700_000 },
  };
  assert.equal(sinceOf(both, states, now), now - 705_000);
});

test("a listing of changes that was interrupted for longer than the provider looks back is given up for everything", () => {
  const changes = { beganAt: now - 900_000, since: now - 1_000_001, cursor: "2", completeAt: now - 996_000 };
  const states = { changes, everything: { completeAt: now - 1_100_000 } };
  assert.deepEqual(nextListing(both, states, intervals, now), { kind: "everything", at: now });
  assert.equal(nextListing(both, states, intervals, now - 1)?.state, changes);
});

test("a listing of everything that was interrupted for longer than the provider looks back begins anew", () => {
  const everything = { beganAt: now - 1_000_000, cursor: "250" };
  assert.deepEqual(nextListing(both, { everything }, intervals, now), { kind: "everything", at: now });
  const polled = { everything, changes: { completeAt: now } };
  assert.equal(nextListing(both, polled, intervals, now + 1)?.state, everything, "polls kept up meanwhile");
});

test("a clock that was set back does not put off the next poll", () => {
  const states = {
    changes: { completeAt: now + 3_600_000, coveredUntil: now - 10_000 },
    everything: { completeAt: 5 },
  };
  assert.deepEqual(nextListing(both, states, intervals, now), { kind: "changes", at: now });
  assert.equal(sinceOf(both, states, now), now - 15_000);
});

test("a provider that never looks back far enough is listed whole no more often than it would be polled", () => {
  const states = { everything: { completeAt: now - 20_000, coveredUntil: now - 1_200_000 } };
  assert.deepEqual(nextListing(both, states, intervals, now), { kind: "everything", at: now + 40_000 });
  const everything = { beganAt: now - 20_000, coveredUntil: now - 1_200_000, cursor: "2" };
  assert.equal(nextListing(both, { everything }, intervals, now)?.state, everything, "one that is under way goes on");
});

test("after a clock was set back polls go on at their interval, and not one after the other", () => {
  const everything = { completeAt: now + 3_600_000, coveredUntil: now - 60_000 };
  const daily = { ...intervals, everythingEveryMs: 86_400_000 };
  const next = nextListing(both, { changes: { completeAt: now - 1 }, everything }, daily, now);
  assert.deepEqual([next?.kind, next?.at], ["changes", now - 1 + 60_000]);
});

test("after a clock was set back changes are asked for since the last poll, not since a time to come", () => {
  const everything = { completeAt: now + 3_600_000 };
  assert.equal(sinceOf(both, { changes: { completeAt: now - 60_000 }, everything }, now), now - 65_000);
  assert.equal(sinceOf(both, { everything }, now), now - 5_000);
});

test("a listing of everything by a clock that was ahead by more than its interval puts off the next one no longer", () => {
  const ahead = { changes: { completeAt: now - 1 }, everything: { completeAt: now + 31_536_000_000 } };
  assert.deepEqual(nextListing(both, ahead, intervals, now), { kind: "everything", at: now });
  const within = { ...ahead, everything: { completeAt: now + 500_000 } };
  assert.equal(nextListing(both, within, intervals, now)?.kind, "changes", "it is due within two intervals");
});

test("deletions that were missed while a clock was ahead make a complete listing due once, and not until the old time returns", () => {
  const changes = { completeAt: now - 60_000, missedDeletionsAt: now + 31_536_000_000 };
  const states = { changes, everything: { completeAt: now - 50_000 } };
  assert.equal(nextListing(both, states, intervals, now)?.kind, "changes");
  const from = { resource: both } as ConnectedResource;
  const { missedDeletionsAt } = begin("changes", states, { from, plants: new Set() }, now);
  const polled = { ...states, changes: { completeAt: now, missedDeletionsAt: missedDeletionsAt ?? 0 } };
  assert.deepEqual(nextListing(both, polled, intervals, now + 1), { kind: "everything", at: now + 1 });
  const listed = { ...polled, everything: { completeAt: now + 1 } };
  assert.equal(nextListing(both, listed, intervals, now + 2)?.kind, "changes");
});

test("a listing is whole up to what may be shown late: by its connector's word, or ten minutes where that says nothing", () => {
  const { changes: _changes, ...onlyEverything } = both;
  assert.equal(wholeUntil(both, { completeAt: now }), now - 5_000);
  assert.equal(wholeUntil(onlyEverything, { completeAt: now }), now - 600_000);
  assert.equal(wholeUntil(both, { completeAt: now, coveredUntil: now - 60_000 }), now - 65_000);
});

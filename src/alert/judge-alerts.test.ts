import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertCause } from "./alert.ts";
import { afterFailure, afterLook, afterTold, dueTelling } from "./judge-alerts.ts";

const NOW = Date.UTC(2026, 7, 20, 12);
const YEAR_MS = 365 * 86_400_000;
const HOUR_MS = 3_600_000;
const cause: AlertCause = {
  id: "late orders",
  what: "late",
  syncs: ["orders"],
  owners: [],
  since: NOW,
  count: 1,
  title: "orders is behind",
  reason: "nothing moves",
  todo: "see why",
  path: "/",
  graceMs: HOUR_MS,
};

test("what is remembered of alerts from a clock that was a year ahead keeps nobody untold once it is right again", () => {
  const ahead = NOW + YEAR_MS;
  const [opened] = afterLook([], [cause], ahead);
  assert.ok(opened !== undefined);
  const failed = afterFailure(opened, { reason: "no", reached: [], now: ahead });
  const told = afterTold(opened, "opened", ahead);
  assert.ok(told !== undefined);
  const dueAfter = (alert: typeof opened, causes: readonly AlertCause[], afterMs: number) => {
    const [now] = afterLook([alert], causes, NOW);
    const [later] = now === undefined ? [] : afterLook([now], causes, NOW + afterMs);
    return later === undefined ? undefined : dueTelling(later, NOW + afterMs, 24 * HOUR_MS);
  };
  assert.equal(dueAfter(opened, [cause], HOUR_MS), "opened");
  assert.equal(dueAfter(failed, [cause], HOUR_MS), "opened");
  assert.equal(dueAfter(told, [cause], 23 * HOUR_MS), undefined);
  assert.equal(dueAfter(told, [cause], 24 * HOUR_MS), "reminder");
  const [over] = afterLook([told], [], ahead);
  assert.ok(over !== undefined);
  assert.equal(dueAfter(over, [], HOUR_MS), "resolved");
});

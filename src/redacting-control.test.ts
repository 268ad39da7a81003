import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveSecrets } from "./call/live-secrets.ts";
import { redactingControl } from "./redacting-control.ts";
import { fakeControl, fakeStatus } from "./server/testing/fake-control.ts";
import { NO_COUNTS } from "./watch/audit/report.ts";

test("a status and an audit tell why something is held, without a secret that the reason quotes", async () => {
  const live = new LiveSecrets();
  live.learn("a", ["token-0123456789"]);
  const control = fakeControl();
  const held = {
    connection: "shop",
    connector: "small",
    state: "reauthorize",
    reason: "refused token-0123456789",
  } as const;
  control.now = { ...fakeStatus(), connections: [held] };
  const waits = { connection: "shop", reason: "no answer to token-0123456789", forPerson: false, until: 1 };
  control.audited = [
    { id: 1, sync: "bills", state: "running", asked: {}, stage: "source", counts: NO_COUNTS, beganAt: 0, waits },
  ];
  const { connections } = await redactingControl(control, live).status();
  assert.equal(connections[0]?.reason, "refused [secret]");
  const [audit] = await redactingControl(control, live).audits({});
  assert.equal(audit?.waits?.reason, "no answer to [secret]");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveSecrets } from "./call/live-secrets.ts";
import { ControlError } from "./control.ts";
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

test("why a record could not be looked up is told without a secret that it quotes", async () => {
  const live = new LiveSecrets();
  live.learn("a", ["token-0123456789"]);
  const onTrust = "could not be read with token-0123456789";
  const control = { ...fakeControl(), link: async () => ({ onTrust }) };
  assert.deepEqual(await redactingControl(control, live).link("bills", "1", "2"), {
    onTrust: "could not be read with [secret]",
  });
  const failing = { ...control, link: () => Promise.reject(new ControlError("not-now", onTrust)) };
  await assert.rejects(redactingControl(failing, live).link("bills", "1", "2"), {
    name: "ControlError",
    code: "not-now",
    message: "could not be read with [secret]",
  });
});

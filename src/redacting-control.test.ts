import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveSecrets } from "./call/live-secrets.ts";
import { redactingControl } from "./redacting-control.ts";
import { fakeControl, fakeStatus } from "./server/testing/fake-control.ts";

test("a status tells why something is held, without a secret that the reason quotes", async () => {
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
  const { connections } = await redactingControl(control, live).status();
  assert.equal(connections[0]?.reason, "refused [secret]");
});

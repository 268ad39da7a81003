import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Control } from "../control.ts";
import { ControlError } from "../control.ts";
import { StoreError } from "../store/store.ts";
import { httpNetwork } from "../world/http-network.ts";
import { createApi } from "./api.ts";
import { remoteControl } from "./remote-control.ts";
import { createServer } from "./server.ts";
import { fakeControl, type FakeControl } from "./testing/fake-control.ts";

const TOKEN = "a-token-of-some-length";

async function setup(t: TestContext, token = TOKEN): Promise<{ readonly near: FakeControl; readonly far: Control }> {
  const near = fakeControl();
  const server = createServer({ port: 0, edge: () => false, api: createApi({ control: near, token: TOKEN }) });
  const { url } = await server.start();
  const network = httpNetwork();
  t.after(async () => {
    await network.close();
    await server.stop();
  });
  return { near, far: remoteControl({ url, token, network }) };
}

test("from afar every call has the same arguments and the same answer as from near", async (t) => {
  const { near, far } = await setup(t);
  near.rows = [{ sync: "a", key: "1", cause: "link", reason: "r", todo: "t", detail: [1], since: 5, attempts: 2 }];
  near.entries = [{ at: 1, what: "noted", key: "1", text: "…" }];
  const calls: readonly ((control: Control) => Promise<unknown>)[] = [
    (control) => control.status(),
    (control) => control.sync("a/b c?#%", { full: true }),
    (control) => control.progress("a/b c?#%"),
    (control) => control.parked({}),
    (control) => control.parked({ sync: "a", key: "&=#", cause: "link", limit: 3 }),
    (control) => control.parkedGroups(),
    (control) => control.retryParked({ key: "1" }),
    (control) => control.discardParked({}, "why"),
    (control) => control.correct("a", "1", { Field: { deep: [1, null] }, Other: null }),
    (control) => control.link("a", "1", "2"),
    (control) => control.refuseDeletions("a"),
    (control) => control.conflicts({ sync: "a", key: "1", open: true, limit: 3 }),
    (control) => control.conflicts({ id: 17, limit: 1 }),
    (control) => control.putBack(17, "crm"),
    (control) => control.forgetTokens("books"),
    (control) => control.alerts(),
    (control) => control.testAlerts(),
    (control) => control.story("#1001 é"),
    (control) => control.requests({ connection: "shop", sync: "a", key: "1", limit: 9 }),
    (control) => control.replay({ connection: "shop", since: 1.5e12 }),
    (control) => control.importRecords("shop/orders", [{ id: 1 }, "text", null]),
  ];
  for (const call of calls) {
    const [here, there] = [await call(near), await call(far)];
    assert.deepEqual(there, here);
    const [asked, askedFromAfar] = near.calls.slice(-2);
    assert.deepEqual(askedFromAfar, asked);
  }
});

test("errors arrive as the errors they were", async (t) => {
  const { near, far } = await setup(t);
  for (const error of [
    new ControlError("unknown-sync", "there is no sync ordrs: did you mean orders?"),
    new ControlError("not-now", "it is running"),
    new StoreError("full", "the disk is full"),
  ]) {
    near.broken = error;
    await assert.rejects(far.status(), { name: error.name, code: error.code, message: error.message });
  }
});

test("a wrong token says what is wanted", async (t) => {
  const { far } = await setup(t, "another-token-of-some-length");
  await assert.rejects(far.status(), /the control token is wanted/);
});

test("a Bowline that ended meanwhile is told as such, and as no fault of its own", async (t) => {
  const server = createServer({ port: 0, edge: () => false, api: createApi({ control: fakeControl(), token: TOKEN }) });
  const { url } = await server.start();
  await server.stop();
  const network = httpNetwork();
  t.after(() => network.close());
  const asked = remoteControl({ url, token: TOKEN, network }).progress("orders");
  await assert.rejects(asked, (error: unknown) => {
    assert(error instanceof ControlError && error.code === "not-now");
    assert.match(error.message, /could not GET .*the running Bowline has ended or does not answer \(.*ECONNREFUSED/);
    return true;
  });
});

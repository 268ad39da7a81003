// Connecting a company as a person does it: Intuit's page tells the company's id, which has to be the one in the settings.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { defineConfig } from "../../src/define/define-config.ts";
import { openEngine } from "../../src/engine.ts";
import { machine, serve } from "../../src/rehearse/simulators.ts";
import { quickbooks } from "./index.ts";
import { createQuickBooksSimulator } from "./simulator.ts";

const REALM = "9341453908059321";

async function connected(t: TestContext, realmId: string) {
  const simulator = createQuickBooksSimulator({
    ...machine,
    realmId: REALM,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "unused",
    webhookVerifierToken: "verifier",
  });
  const served = await serve((request) => simulator.fetch(request));
  const folder = await mkdtemp(join(tmpdir(), "bowline-quickbooks-"));
  const books = quickbooks.connect("books", {
    realmId,
    clientId: "client",
    clientSecret: "secret",
    baseUrl: served.url,
    tokenUrl: `${served.url}/oauth2/v1/tokens/bearer`,
    authorizeUrl: `${served.url}/connect/oauth2`,
    revokeUrl: `${served.url}/v2/oauth2/tokens/revoke`,
  });
  const network = { privateAddresses: ["127.0.0.1"] };
  const data = join(folder, "state.db");
  const project = defineConfig({ name: "connect", connections: [books], syncs: [], data, port: 0, network });
  const engine = await openEngine({ project, environment: {} });
  t.after(async () => {
    await engine.stop();
    await served.close();
    await rm(folder, { recursive: true });
  });
  await engine.start();
  const answer = await engine.control.connect("books");
  assert.ok(answer.kind === "page");
  const out = await fetch(answer.address, { redirect: "manual" });
  const cookie = (out.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = await fetch(out.headers.get("location") ?? "", { redirect: "manual" });
  await (await fetch(page.headers.get("location") ?? "", { headers: { cookie } })).text();
  return { engine, progress: await engine.control.connectProgress(answer.ticket) };
}

test("a company is connected, and disconnected at Intuit", async (t) => {
  const { engine, progress } = await connected(t, REALM);
  assert.equal(progress.state, "connected", JSON.stringify(progress));
  const [view] = await engine.control.connections();
  assert.deepEqual([view?.state, view?.scopesNeeded], ["active", ["com.intuit.quickbooks.accounting"]]);
  assert.ok(view?.accessExpiresAt !== undefined);
  assert.equal((await engine.control.disconnect("books")).revoked, true);
});

test("another company than the one in the settings is refused, and nothing is kept", async (t) => {
  const { engine, progress } = await connected(t, "9341453908059999");
  assert.match(progress.state === "failed" ? progress.reason : "", /settings have realmId 9341453908059999/);
  assert.equal((await engine.control.connections())[0]?.accessExpiresAt, undefined);
});

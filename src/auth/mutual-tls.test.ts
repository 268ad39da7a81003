// Calls and token requests of a connection that shows a certificate, against a real server that wants one.
import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { z } from "zod";
import { createCaller } from "../call/caller.ts";
import { defineConnector } from "../define/define-connector.ts";
import { CallFailed } from "../define/outcome.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { makeCertificates, withoutOpenssl } from "../testing/certificates.ts";
import { httpNetwork } from "../world/http-network.ts";
import { realClock, realRandom } from "../world/real.ts";
import type { WireCertificate } from "../world/world.ts";
import { createCredentials } from "./credentials.ts";
import { vaultOf } from "./vault.ts";

const bank = defineConnector({
  name: "bank",
  title: "A bank",
  settings: z.object({
    url: z.string(),
    certificate: z.string().optional(),
    key: z.string().optional(),
    passphrase: z.string().optional(),
  }),
  baseUrl: ({ url }) => url,
  auth: {
    kind: "oauth2",
    grant: "client-credentials",
    tokenUrl: ({ url }) => `${String(url)}/token`,
    clientIdSetting: "url",
    clientAuth: "tls",
  },
  certificate: { certificateSetting: "certificate", privateKeySetting: "key", passphraseSetting: "passphrase" },
  limits: [],
  resources: {},
});

/** A server that lets in whoever shows a certificate of its authority, and says who that was. */
async function setup(t: TestContext) {
  const certificates = makeCertificates();
  const seen: string[] = [];
  const { server: own } = certificates;
  const server = createServer(
    { cert: own.certificate, key: own.privateKey, ca: certificates.ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { subject } = (
        request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }
      ).getPeerCertificate();
      seen.push(`${request.url} ${subject.CN}`);
      response.setHeader("content-type", "application/json");
      response.end(request.url === "/token" ? '{"access_token":"bound","expires_in":60}' : `{"you":"${subject.CN}"}`);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const network = httpNetwork({ ca: certificates.ca });
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({ connections: ["one", "two"], resources: [], syncs: [] });
  t.after(async () => {
    await network.close();
    await store.close();
    server.closeAllConnections();
    server.close();
    certificates.remove();
  });
  const world = { clock: realClock, random: realRandom, network };
  const credentials = createCredentials({ ...world, store, vault: vaultOf(Buffer.alloc(32, 1)) });
  const call = async (name: string, shown: WireCertificate | undefined) => {
    const settings =
      shown === undefined
        ? { url }
        : { url, certificate: shown.certificate, key: shown.privateKey, passphrase: shown.passphrase };
    const connection = bank.connect(name, settings as Parameters<typeof bank.connect>[1]);
    const caller = createCaller({ connection, world, credentials, secrets: () => undefined, onReauthorize: () => {} });
    const answer = await caller.api({ priority: "person", entries: [] }).request({ method: "GET", path: "/me" });
    return (answer.json as { you: string }).you;
  };
  return { certificates, seen, call };
}

const skip = withoutOpenssl() ?? false;

test("calls and token requests show the connection's own certificate, never another's", { skip }, async (t) => {
  const { certificates, seen, call } = await setup(t);
  assert.equal(await call("one", certificates.client("client-one")), "client-one");
  assert.equal(await call("two", certificates.client("client-two", "open sesame")), "client-two");
  assert.deepEqual(seen, ["/token client-one", "/me client-one", "/token client-two", "/me client-two"]);
});

test("without a certificate, or with one of another authority, nobody is let in", { skip }, async (t) => {
  const { seen, call } = await setup(t);
  const foreign = makeCertificates();
  t.after(() => foreign.remove());
  const isHeld = (error: unknown): boolean => error instanceof CallFailed && error.outcome.kind === "unavailable";
  await assert.rejects(call("one", undefined), isHeld);
  await assert.rejects(call("two", foreign.client("stranger")), isHeld);
  assert.deepEqual(seen, []);
});

// Signing in against somebody else's OAuth server: oidc-provider, a certified OpenID provider, run for real over HTTP and TLS.
// What it takes and refuses is its authors' reading of the standards, not ours.
import assert from "node:assert/strict";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import type { TLSSocket } from "node:tls";
import Provider from "oidc-provider";
import { Connecting } from "../src/auth/connecting.ts";
import { createCredentials } from "../src/auth/credentials.ts";
import type { OAuthAccount } from "../src/auth/oauth-account.ts";
import { vaultOf } from "../src/auth/vault.ts";
import { CallFailed } from "../src/define/outcome.ts";
import { openSqliteStore } from "../src/store/sqlite/open.ts";
import { makeCertificates, withoutOpenssl } from "../src/testing/certificates.ts";
import { httpNetwork } from "../src/world/http-network.ts";
import { realClock, realRandom } from "../src/world/real.ts";
import type { WireCertificate } from "../src/world/world.ts";

const BASE = "http://127.0.0.1:4321";
const REDIRECT = `${BASE}/connect/books/callback`;
const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
const person = { client_id: "web", client_secret: "a-secret-of-the-web-client", redirect_uris: [REDIRECT] };

/** What oidc-provider tells of the requests that it has, as far as it is used here. */
interface Context {
  readonly socket: TLSSocket;
}

function configuration(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    clients: [
      { ...person, grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] },
      {
        client_id: "machine",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        jwks: { keys: [{ ...key.publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256", use: "sig" }] },
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: "shown",
        token_endpoint_auth_method: "tls_client_auth",
        tls_client_auth_subject_dn: "CN=bowline",
        tls_client_certificate_bound_access_tokens: true,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: ({ socket }: Context) => {
          const { raw } = socket.getPeerCertificate();
          return raw === undefined ? undefined : new X509Certificate(raw);
        },
        certificateAuthorized: ({ socket }: Context) => socket.authorized,
        certificateSubjectMatches: ({ socket }: Context, property: string, expected: string) =>
          property === "tls_client_auth_subject_dn" &&
          `CN=${String(socket.getPeerCertificate().subject.CN)}` === expected,
      },
    },
    clientAuthMethods: ["client_secret_basic", "private_key_jwt", "tls_client_auth"],
    cookies: { keys: ["a key of the provider's cookies"] },
    scopes: ["openid", "offline_access"],
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ...more,
  };
}

interface Running {
  readonly url: string;
  readonly provider: Provider;
}

/** Serves oidc-provider; its issuer is its own address, and so it is made once that is known. */
async function provided(
  t: TestContext,
  make: (handle: (request: IncomingMessage, response: ServerResponse) => void) => Server,
  scheme: string,
): Promise<Running> {
  let handle: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  const server = make((request, response) => handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, configuration());
  handle = provider.callback();
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url, provider };
}

async function signingIn(t: TestContext, { url }: Running, ca?: string) {
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({ connections: ["books"], resources: [], syncs: [] });
  const network = httpNetwork(ca === undefined ? {} : { ca });
  t.after(async () => {
    await network.close();
    await store.close();
  });
  const world = { clock: realClock, random: realRandom, network };
  const start = () => createCredentials({ ...world, store, vault: vaultOf(Buffer.alloc(32, 1)) });
  const account: OAuthAccount = {
    connection: "books",
    tokenUrl: `${url}/token`,
    revokeUrl: `${url}/token/revocation`,
    clientId: person.client_id,
    clientSecret: person.client_secret,
    clientAuth: "basic",
    scopes: ["openid", "offline_access"],
  };
  return { world, start, account, store };
}

async function connectable(t: TestContext) {
  const running = await provided(t, (handle) => createHttpServer(handle), "http");
  const { world, start, account, store } = await signingIn(t, running);
  const credentials = start();
  const connecting = new Connecting({
    ...world,
    credentials,
    connectable: () => ({
      account,
      settings: {},
      auth: {
        kind: "oauth2",
        tokenUrl: () => account.tokenUrl,
        clientIdSetting: "id",
        clientAuth: "basic",
        authorize: {
          url: () => `${running.url}/auth`,
          issuer: () => running.url,
          parameters: () => ({ prompt: "consent" }),
        },
      },
    }),
    onConnected: async () => ({ warnings: [] }),
    onRefused: () => {},
  });
  const connect = async () => {
    const { ticket } = connecting.begin("books", BASE);
    const out = connecting.go("books", ticket);
    assert.ok(out !== undefined);
    const back = new URL(await agree(out.url));
    const callback = new Map([...back.searchParams].map(([name, value]) => [name, [value]]));
    return { back, progress: await connecting.callback("books", out.session, callback) };
  };
  return { ...running, credentials, start, account, connect, store };
}

/** A person's browser: goes through the provider's own pages, signs in, agrees, and is sent back. */
async function agree(address: string): Promise<string> {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<string> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { cookie },
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await answer.text();
    const location = answer.headers.get("location");
    if (location !== null) return new URL(location, url).href;
    return /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? assert.fail(`${answer.status} ${text.slice(0, 300)}`);
  };
  let at = address;
  for (let step = 0; step < 20 && !at.startsWith(REDIRECT); step += 1) {
    const next = await visit(at);
    if (next === "login") at = await visit(at, { prompt: "login", login: "ann", password: "any" });
    else if (next === "consent") at = await visit(at, { prompt: "consent" });
    else at = next;
  }
  return at;
}

const isBroken = (error: unknown): boolean => error instanceof CallFailed && error.outcome.kind === "reauthorize";

test("a person agrees on oidc-provider's pages, with PKCE and a named issuer, and refresh tokens rotate", async (t) => {
  const { credentials, start, account, connect, provider, url } = await connectable(t);
  const { back, progress } = await connect();
  assert.equal(progress.state, "connected", JSON.stringify(progress));
  assert.equal(back.searchParams.get("iss"), url);
  const first = await credentials.accessToken(account);
  assert.ok((await provider.AccessToken.find(first)) !== undefined);
  credentials.refused("books", first);
  const second = await credentials.accessToken(account);
  assert.notEqual(second, first);
  assert.ok((await provider.AccessToken.find(second)) !== undefined);
  assert.equal(await start().accessToken(account), second, "another start goes on with what was kept");
});

test("a refresh token that somebody else presents again costs the whole grant, and that is told apart from an outage", async (t) => {
  const { credentials, account, connect, store } = await connectable(t);
  assert.equal((await connect()).progress.state, "connected");
  const before = await store.credential("books");
  assert.ok(before !== undefined);
  const vault = vaultOf(Buffer.alloc(32, 1));
  const plain = vault.open(before.sealed, { connection: "books", field: "oauth2", version: before.version });
  const { refreshToken } = JSON.parse(plain) as { readonly refreshToken: string };
  credentials.refused("books", await credentials.accessToken(account));
  await credentials.accessToken(account);
  const stolen = await fetch(account.tokenUrl, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${account.clientId}:${account.clientSecret}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }),
  });
  assert.equal(stolen.status, 400);
  credentials.refused("books", await credentials.accessToken(account));
  await assert.rejects(async () => credentials.accessToken(account), isBroken);
  assert.equal((await connect()).progress.state, "connected", "connected again, it works again");
  assert.ok(await credentials.accessToken(account));
});

test("disconnecting takes the tokens back at oidc-provider", async (t) => {
  const { credentials, account, connect, provider } = await connectable(t);
  await connect();
  const token = await credentials.accessToken(account);
  assert.deepEqual(await credentials.forget(account), { revoked: true });
  assert.equal(await provider.AccessToken.find(token), undefined);
  await assert.rejects(async () => credentials.accessToken(account), /was disconnected/);
});

test("a wrong secret is refused by oidc-provider and needs a person", async (t) => {
  const running = await provided(t, (handle) => createHttpServer(handle), "http");
  const { start, account } = await signingIn(t, running);
  const wrong = { ...account, clientSecret: "wrong", firstRefreshToken: "made-up" };
  await assert.rejects(async () => start().accessToken(wrong), isBroken);
});

test("a client proves itself by its key (private_key_jwt) and gets its own token", async (t) => {
  const running = await provided(t, (handle) => createHttpServer(handle), "http");
  const { start, account } = await signingIn(t, running);
  const pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const { clientSecret: _none, scopes: _all, ...rest } = account;
  const clientAuth = { kind: "private-key-jwt", key: pem, algorithm: "ES256", keyId: "k1" } as const;
  const machine: OAuthAccount = { ...rest, clientId: "machine", grant: "client-credentials", clientAuth };
  const token = await start().accessToken(machine);
  assert.equal((await running.provider.ClientCredentials.find(token))?.clientId, "machine");
  const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const other = { ...clientAuth, key: foreign.export({ type: "pkcs8", format: "pem" }).toString() };
  const stranger = (await signingIn(t, running)).start();
  await assert.rejects(async () => stranger.accessToken({ ...machine, clientAuth: other }), isBroken);
});

test(
  "a client shows its certificate, and its token is bound to it (RFC 8705)",
  { skip: withoutOpenssl() ?? false },
  async (t) => {
    const certificates = makeCertificates();
    t.after(() => certificates.remove());
    const { server: own, ca } = certificates;
    const tls = { cert: own.certificate, key: own.privateKey, ca, requestCert: true, rejectUnauthorized: false };
    const running = await provided(t, (handle) => createHttpsServer(tls, handle), "https");
    const { clientSecret: _none, scopes: _all, ...rest } = (await signingIn(t, running, ca)).account;
    const shown = (certificate: WireCertificate): OAuthAccount => ({
      ...rest,
      clientId: "shown",
      grant: "client-credentials",
      clientAuth: "tls",
      certificate,
    });
    const certificate = certificates.client("bowline");
    const token = await (await signingIn(t, running, ca)).start().accessToken(shown(certificate));
    const found = (await running.provider.ClientCredentials.find(token)) as unknown as Record<string, unknown>;
    const thumbprint = Buffer.from(
      new X509Certificate(certificate.certificate).fingerprint256.replaceAll(":", ""),
      "hex",
    );
    assert.equal(found["x5t#S256"], thumbprint.toString("base64url"));
    const stranger = (await signingIn(t, running, ca)).start();
    await assert.rejects(async () => stranger.accessToken(shown(certificates.client("somebody"))), isBroken);
  },
);

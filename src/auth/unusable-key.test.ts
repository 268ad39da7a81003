// The private key in the settings is none: the connection is given up (rule 5), nothing was presented, and once the key is put right it goes on.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { CallFailed } from "../define/outcome.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { createCredentials, type OAuthAccount } from "./credentials.ts";
import { vaultOf } from "./vault.ts";

const good = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const account = (key: string): OAuthAccount => ({
  connection: "books",
  tokenUrl: "https://id.example/token",
  clientId: "id",
  firstRefreshToken: "r0",
  clientAuth: { kind: "private-key-jwt", key, algorithm: "RS256" },
});

async function setup() {
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({ connections: ["books"], resources: [], syncs: [] });
  const clock = new VirtualClock();
  let asked = 0;
  const send = async () => {
    asked += 1;
    return {
      status: 200,
      headers: {},
      body: Buffer.from(JSON.stringify({ access_token: "a1", refresh_token: "r1", expires_in: 3_600 })),
    };
  };
  const start = () =>
    createCredentials({
      store,
      vault: vaultOf(Buffer.alloc(32, 1)),
      clock,
      random: new SeededRandom(1),
      network: { send } as never,
    });
  return { store, clock, start, asked: () => asked };
}

test("a key that is none gives the connection up, and is no fault of the records", async () => {
  const { store, start } = await setup();
  const error = await Promise.resolve(start().accessToken(account("not a key"))).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await store.close();
  assert.ok(error instanceof CallFailed && error.outcome.kind === "reauthorize", `got ${String(error)}`);
});

test("once the key is put right the refresh token, which was never presented, is presented", async () => {
  const { store, clock, start, asked } = await setup();
  await Promise.resolve(start().accessToken(account("not a key"))).catch(() => undefined);
  assert.equal(asked(), 0);
  await clock.advance(600_000);
  const token = await Promise.resolve(start().accessToken(account(good))).catch((error: unknown) => String(error));
  await store.close();
  assert.equal(token, "a1");
});

test("an assertion's key that is none gives the connection up, too", async () => {
  const { store, start } = await setup();
  const robot: OAuthAccount = {
    connection: "books",
    tokenUrl: "https://id.example/token",
    clientId: "id",
    clientAuth: "none",
    grant: "jwt-bearer",
    assertion: { key: "not a key", algorithm: "RS256", claims: () => ({}) },
  };
  const error = await Promise.resolve(start().accessToken(robot)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await store.close();
  assert.ok(error instanceof CallFailed && error.outcome.kind === "reauthorize", `got ${String(error)}`);
});

// The same as the caller's callers see it: what is no CallFailed is taken for a bug, and each record is parked by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCredentials } from "../auth/credentials.ts";
import { vaultOf } from "../auth/vault.ts";
import { defineConnector } from "../define/define-connector.ts";
import { CallFailed } from "../define/outcome.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { createCaller } from "./caller.ts";

test("a private key that is none gives the connection up", async () => {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const network = { send: async () => assert.fail("nothing can be sent") };
  const books = defineConnector({
    name: "books",
    title: "Books",
    settings: z.object({ clientId: z.string(), privateKey: z.string() }),
    limits: [],
    resources: {},
    baseUrl: () => "https://books.example",
    auth: {
      kind: "oauth2",
      grant: "jwt-bearer",
      tokenUrl: () => "https://books.example/token",
      clientIdSetting: "clientId",
      clientAuth: "none",
      assertion: { keySetting: "privateKey", algorithm: "RS256", claims: () => ({}) },
    },
  }).connect("books", { clientId: "id", privateKey: "-----BEGIN PRIVATE KEY----- (pasted badly)" });
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({ connections: ["books"], resources: [], syncs: [] });
  const given: string[] = [];
  const world = { clock, random, network: network as never };
  const caller = createCaller({
    connection: books,
    secrets: () => undefined,
    world,
    credentials: createCredentials({ store, vault: vaultOf(new Uint8Array(32)), ...world }),
    onReauthorize: (reason) => given.push(reason),
  });
  const error = await caller
    .api({ priority: "live", entries: [] })
    .request({ method: "GET", path: "/" })
    .catch((thrown: unknown) => thrown);
  await store.close();
  assert.ok(error instanceof CallFailed, `got ${String(error)}`);
  assert.equal(given.length, 1, "the connection is given up");
});

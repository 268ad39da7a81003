// A file of state that cannot be used, a disk that is full, a key that is gone: each is told clearly, and heals without loss.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { env } from "./define/secret.ts";
import { ask } from "./server/testing/http.ts";
import { BOOKS, oauthBooksConnector } from "./testing/small-books.ts";
import { billsSync, ENVIRONMENT, shop, smallProject, smallWorld, unlinked } from "./testing/small-world.ts";

/** Of a database: opening one counts there. */
const HEADER_BYTES = 100;
const MEBIBYTE = 1024 * 1024;
function execute(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

const files: readonly [what: string, spoil: (path: string) => void | Promise<void>, code: string, message: RegExp][] = [
  ["of a newer version", (path) => execute(path, "PRAGMA user_version = 9999"), "newer-version", /got version 9999/],
  [
    "of another program",
    (path) => execute(path, "PRAGMA application_id = 77"),
    "damaged",
    /another program's database/,
  ],
  [
    "that is no database",
    (path) => writeFile(path, "a letter to a friend, long enough\n".repeat(200)),
    "damaged",
    /damage/,
  ],
];
for (const [what, spoil, code, message] of files) {
  test(`a file ${what} stops the start with a clear error, and its content stays as it is`, async (t) => {
    const small = await smallWorld(t);
    await small.stop(await small.open());
    await spoil(small.path);
    const before = await readFile(small.path);
    await assert.rejects(small.open(), { name: "StoreError", code, message });
    await assert.rejects(small.open({ thread: true }), { name: "StoreError", code });
    assert.deepEqual((await readFile(small.path)).subarray(HEADER_BYTES), before.subarray(HEADER_BYTES));
  });
}

test("a second engine on one file is told which process has it, and can have it afterwards", async (t) => {
  const small = await smallWorld(t);
  const first = await small.open();
  await assert.rejects(small.open(), {
    code: "in-use",
    message: new RegExp(`process ${process.pid} has it; stop that one`),
  });
  await small.stop(first);
  await small.open();
});

/** A disk of its own, or the reason why there is none. */
async function smallDisk(t: TestContext, mebibytes: number): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-disk-"));
  const run = promisify(execFile);
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder]);
  } catch {
    await rm(folder, { recursive: true });
    t.skip("no file system can be mounted here: this needs a disk that is really full");
    return undefined;
  }
  t.after(async () => {
    await run("umount", ["-l", folder]);
    await rm(folder, { recursive: true });
  });
  return folder;
}

test("a full disk: webhooks get 503 with Retry-After, health says so, no work is lost, and room heals it", async (t) => {
  const disk = await smallDisk(t, 16);
  if (disk === undefined) return;
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true, dataPath: join(disk, "state.db") });
  const filler = join(disk, "filler");
  await writeFile(filler, Buffer.alloc(15 * MEBIBYTE)).catch(() => undefined);

  const long = "x".repeat(200_000);
  const taken: string[] = [];
  let refused: Awaited<ReturnType<typeof ask>> | undefined;
  for (let count = 1; count <= 40 && refused === undefined; count += 1) {
    const id = String(count);
    small.shop.putOrder(id);
    const reply = await small.deliver(engine, `e${id}`, [
      { resource: "orders", key: id },
      { resource: long, key: "1" },
    ]);
    if (reply.status === 200) taken.push(id);
    else refused = reply;
  }
  assert.equal(refused?.status, 503);
  assert.match(String(refused?.headers["retry-after"]), /^\d+$/);
  const health = await ask(`${engine.url}/health`);
  assert.equal(health.status, 503);
  assert.match(health.text, /webhooks are being refused/);
  await small.clock.advance(5_000);

  await rm(filler);
  await small.clock.advance(5_000);
  const last = String(taken.length + 1);
  assert.equal((await small.deliver(engine, `e${last}`, [{ resource: "orders", key: last }])).status, 200);
  await small.settle(engine);
  const wanted = [...taken, last].map((id) => `order ${id}`);
  assert.deepEqual([...small.books.notes()].sort(), wanted.sort());
  assert.equal(new Set(small.books.writes.map(({ key }) => key)).size, wanted.length, "each bill under one key");
  const { syncs } = await engine.control.status();
  assert.equal(syncs[1]?.parked, 0);
  assert.equal((await ask(`${engine.url}/health`)).status, 200);
});

const REFRESHING = { ...ENVIRONMENT, CLIENT_SECRET: "client-secret", REFRESH_TOKEN: "refresh-0" };
const oauthBooks = oauthBooksConnector.connect("books", {
  url: BOOKS,
  clientId: "client",
  clientSecret: env("CLIENT_SECRET"),
  refreshToken: env("REFRESH_TOKEN"),
});
const signedIn = {
  project: smallProject({
    connections: [shop, oauthBooks],
    syncs: [billsSync({ to: oauthBooks.bills, map: unlinked })],
  }),
  environment: REFRESHING,
};

for (const [what, change] of [
  ["gone", (keyFile: string) => rm(keyFile)],
  ["another", (keyFile: string) => writeFile(keyFile, `${Buffer.alloc(32, 7).toString("base64")}\n`)],
] as const) {
  test(`a key file that is ${what} holds the connection, uses up no token, and the right one goes on`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    await small.stop(await small.running(signedIn));
    assert.deepEqual(small.books.notes(), ["order 1"]);
    const keyFile = `${small.path}.key`;
    const right = await readFile(keyFile);
    await change(keyFile);

    small.shop.putOrder("2");
    const engine = await small.open(signedIn);
    await engine.start();
    await small.clock.advance(120_000);
    const { connections, syncs } = await engine.control.status();
    const [held] = connections.filter(({ connection }) => connection === "books");
    assert.equal(held?.state, "reauthorize");
    assert.match(held?.reason ?? "", /bring the key file back/);
    assert.equal(syncs[0]?.parked, 0);
    await small.stop(engine);

    await writeFile(keyFile, right);
    await small.running(signedIn);
    await small.clock.advance(60_000);
    assert.deepEqual(small.books.notes(), ["order 1", "order 2"]);
    assert.deepEqual(small.books.refreshed, ["refresh-0"], "the access token was kept, and no refresh token was lost");
  });
}

test("a key file that is no key stops the start and says how to make one", async (t) => {
  const small = await smallWorld(t);
  await writeFile(`${small.path}.key`, "not a key\n", { mode: 0o600 });
  await assert.rejects(small.open(signedIn), { code: "key", message: /openssl rand -base64 32/ });
  await rm(`${small.path}.key`);
  await small.open(signedIn);
});

// Files that cannot be used, and disks that are full.
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "../../world/virtual.ts";
import { DECLARATION, arrival } from "../exam/fixture.ts";
import { StoreError } from "../store.ts";
import { prepareCore } from "./core.ts";
import { openDatabase } from "./database.ts";
import { groupCommit, type Call, type Outcome } from "./group-commit.ts";
import { openSqliteStore } from "./open.ts";
import { SCHEMA_VERSION } from "./schema.ts";

async function newPath(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-store-"));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, "state.db");
}

async function refusal(path: string, thread = false): Promise<StoreError> {
  const error: unknown = await openSqliteStore({ path, thread }).then(
    () => undefined,
    (refused: unknown) => refused,
  );
  assert.ok(error instanceof StoreError, `expected a StoreError, got ${String(error)}`);
  return error;
}

function execute(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

test("the file's folder is made when there is none", async (context) => {
  const path = join(await newPath(context), "deeper", "state.db");
  await (await openSqliteStore({ path })).close();
});

test("a new file, and what is beside it, is read by its owner alone; rights that somebody gave it stay", async (context) => {
  const path = await newPath(context);
  const modes = async (): Promise<readonly string[]> => {
    const store = await openSqliteStore({ path });
    await store.declare(DECLARATION);
    const found = await Promise.all([path, `${path}-wal`].map(async (file) => (await stat(file)).mode & 0o777));
    await store.close();
    return found.map((mode) => mode.toString(8));
  };
  assert.deepEqual(await modes(), ["600", "600"]);
  await chmod(path, 0o640);
  assert.deepEqual(await modes(), ["640", "640"]);
});

test("a store in memory needs no file", async () => {
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare(DECLARATION);
  assert.deepEqual(await store.ingest([arrival("a")]), ["new"]);
  await store.close();
});

for (const thread of [false, true]) {
  test(`a newer version's file is left alone, ${thread ? "in a thread" : "inline"}`, async (context) => {
    const path = await newPath(context);
    await (await openSqliteStore({ path, thread })).close();
    execute(path, `PRAGMA user_version = ${SCHEMA_VERSION + 7}`);
    const { code, message } = await refusal(path, thread);
    assert.equal(code, "newer-version");
    assert.match(message, new RegExp(`up to version ${SCHEMA_VERSION}, got version ${SCHEMA_VERSION + 7}`));
    assert.equal((await refusal(path, thread)).code, "newer-version", "the refusal gave the file's lock back");
  });
}

test("a file that is no database is damaged, and stays as it is", async (context) => {
  const path = await newPath(context);
  await writeFile(path, "this is not a database, it only looks like one to a hopeful reader".repeat(100));
  assert.equal((await refusal(path)).code, "damaged");
});

test("another program's database is refused and left as it was", async (context) => {
  const path = await newPath(context);
  execute(path, "CREATE TABLE song (title TEXT); PRAGMA application_id = 77");
  const before = await readFile(path);
  const { code, message } = await refusal(path);
  assert.equal(code, "damaged");
  assert.match(message, /another program's database \(application id 77, 1 tables\)/);
  assert.deepEqual(await readFile(path), before);
});

test("a path that cannot be written is an I/O error", async (context) => {
  const path = await newPath(context);
  await writeFile(path, "");
  assert.equal((await refusal(join(path, "below-a-file", "state.db"))).code, "io");
});

test("the same process cannot open the file twice either", async (context) => {
  const path = await newPath(context);
  const store = await openSqliteStore({ path, thread: false });
  assert.equal((await refusal(path)).code, "in-use");
  assert.equal((await refusal(path, true)).code, "in-use");
  await store.close();
});

test("a file that is open cannot be opened by another name, through a link to it or to its folder", async (context) => {
  const path = await newPath(context);
  const store = await openSqliteStore({ path, thread: false });
  await symlink(path, `${path}.alias`);
  await symlink(dirname(path), `${dirname(path)}-alias`);
  context.after(() => rm(`${dirname(path)}-alias`));
  assert.equal((await refusal(`${path}.alias`)).code, "in-use");
  assert.equal((await refusal(join(`${dirname(path)}-alias`, basename(path)))).code, "in-use");
  await store.close();
});

test("a full disk fails the calls that need room, keeps what was kept, and heals when there is room", async (context) => {
  const open = openDatabase(await newPath(context), process.pid);
  const commit = groupCommit(open, prepareCore(open.database));
  const ingest = (id: string): Call => ({ method: "ingest", given: [[arrival(id, { body: Buffer.alloc(20_000) })]] });
  const codeOf = (outcome: Outcome | undefined): unknown =>
    outcome?.ok === false && outcome.error instanceof StoreError ? outcome.error.code : outcome;
  commit([{ method: "declare", given: [DECLARATION] }, ingest("kept")]);
  open.database.exec("PRAGMA max_page_count = 1");
  const [full, alsoFull] = commit([ingest("a"), ingest("b")]);
  assert.deepEqual([codeOf(full), codeOf(alsoFull)], ["full", "full"]);
  open.database.exec("PRAGMA max_page_count = 100000");
  const [before, after] = commit([ingest("kept"), ingest("a")]);
  assert.deepEqual(
    [before, after],
    [
      { ok: true, value: ["seen"] },
      { ok: true, value: ["new"] },
    ],
  );
  open.close();
});

test("planted: an acknowledgement before the commit is written 20 ms later, and at closing", async (context) => {
  const path = await newPath(context);
  const clock = new VirtualClock();
  const plants = new Set(["ack-before-commit"]);
  const store = await openSqliteStore({ path, thread: false, plants, clock });
  await store.declare(DECLARATION);
  assert.deepEqual(await store.ingest([arrival("a")]), ["new"]);
  assert.deepEqual(await store.arrivals(9), []);
  await clock.advance(20);
  assert.equal((await store.arrivals(9)).length, 1);
  await store.ingest([arrival("b")]);
  await store.close();
  const after = await openSqliteStore({ path, thread: false });
  assert.equal((await after.arrivals(9)).length, 2);
  await after.close();
});

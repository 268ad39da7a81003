import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { DECLARATION, PARKED, arrival, claimed, read, settle } from "../exam/fixture.ts";
import { openSqliteStore } from "./open.ts";

async function newPath(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-store-"));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, "state.db");
}

test("a call that cannot be passed on fails alone, again and again, and the thread goes on", async (context) => {
  const store = await openSqliteStore({ path: await newPath(context) });
  await store.declare(DECLARATION);
  await store.observe({ observations: [read("1", "a")] });
  const claim = await claimed(store);
  for (let time = 0; time < 4; time += 1) {
    const [refused, kept] = await Promise.allSettled([
      settle(store, claim, { ...PARKED, detail: () => "a function" }),
      store.ingest([arrival(`delivery-${time}`)]),
    ]);
    assert.deepEqual([refused.status, kept.status], ["rejected", "fulfilled"]);
    await assert.rejects(settle(store, claim, { ...PARKED, detail: () => "a function" }), { name: "DataCloneError" });
  }
  await settle(store, claim, PARKED);
  assert.equal((await store.parked({})).length, 1);
  await store.close();
});

test(
  "the store's thread, and only that, gives way to the process's others",
  { skip: process.platform !== "linux" },
  async (context) => {
    const before = nicenesses();
    const store = await openSqliteStore({ path: await newPath(context) });
    const after = nicenesses();
    await store.close();
    const gave = [...after].filter(([thread, niceness]) => niceness !== (before.get(thread) ?? getPriority()));
    assert.deepEqual(
      gave.map(([, niceness]) => niceness),
      [Math.min(19, getPriority() + 10)],
    );
  },
);

/** Of the threads of this process, by their numbers. */
function nicenesses(): Map<string, number> {
  const found = new Map<string, number>();
  for (const thread of readdirSync("/proc/self/task")) {
    try {
      found.set(thread, getPriority(Number(thread)));
    } catch {
      // It has just ended.
      continue;
    }
  }
  return found;
}

test("an open store lets the process wait for its answers, and end when there is nothing to wait for", async (context) => {
  const program = `
    const { openSqliteStore } = await import(${JSON.stringify(new URL("./open.ts", import.meta.url).href)});
    const store = await openSqliteStore({ path: ${JSON.stringify(await newPath(context))} });
    await store.declare({ connections: ["shop"], resources: [], syncs: [] });
    console.log((await store.status()).connections.length);`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  assert.deepEqual([status, stdout.trim()], [0, "1"]);
});

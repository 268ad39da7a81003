// Real processes: one owns the file, and what it said is kept survives its being killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { StoreError } from "../store.ts";
import { openSqliteStore } from "./open.ts";

const CHILD = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
const KEPT_BEFORE_KILL = 300;

async function newPath(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-store-"));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, "state.db");
}

interface Killed {
  readonly pid: number;
  readonly said: readonly string[];
}

/** Runs the child until it said this many lines and `then` is done, kills it, and waits for its end. */
async function killAfter(lines: number, words: readonly string[], then = async () => {}): Promise<Killed> {
  const child = spawn(process.execPath, [CHILD, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) {
      await then();
      child.kill("SIGKILL");
    }
  }
  await ended;
  assert.ok(said.length >= lines, "the child ended early; its error is above");
  return { pid: child.pid ?? 0, said };
}

/** How many of these deliveries the file does not have. */
async function missing(path: string, said: readonly string[]): Promise<number> {
  const store = await openSqliteStore({ path, thread: false });
  const news = said
    .filter((line) => line !== "open")
    .map((dedupeId) => {
      return { connection: "shop", dedupeId, at: 0, headers: {}, body: new Uint8Array() };
    });
  const fates = await store.ingest(news);
  await store.close();
  return fates.filter((fate) => fate === "new").length;
}

for (const mode of ["inline", "thread"]) {
  test(`${mode}: every delivery that was said to be kept is there after kill -9`, async (context) => {
    const path = await newPath(context);
    const { said } = await killAfter(KEPT_BEFORE_KILL, [path, mode]);
    assert.equal(await missing(path, said), 0);
  });
}

test("planted: an acknowledgement before the commit loses deliveries, and this trial finds it", async (context) => {
  const path = await newPath(context);
  const { said } = await killAfter(KEPT_BEFORE_KILL, [path, "thread", "ack-before-commit"]);
  assert.ok((await missing(path, said)) > 0);
});

test("a second process is told who has the file, and can have it once the first was killed", async (context) => {
  const path = await newPath(context);
  let refused: unknown;
  const { pid } = await killAfter(1, [path, "inline"], async () => {
    refused = await openSqliteStore({ path }).catch((error: unknown) => error);
  });
  assert.ok(refused instanceof StoreError);
  assert.equal(refused.code, "in-use");
  assert.match(refused.message, new RegExp(`process ${pid} has it`));
  const store = await openSqliteStore({ path });
  await store.close();
});

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { deliver, ORDER, setup } from "./testing/edge-setup.ts";
import { signedHeaders } from "./testing/signed-webhook.ts";

async function openStore(t: TestContext, path?: string): Promise<{ readonly store: Store; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-edge-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path ?? join(folder, "state.db");
  const store = await openSqliteStore({ path: file, thread: false });
  t.after(() => store.close());
  await store.declare({ connections: ["shop"], resources: [], syncs: [] });
  return { store, path: file };
}

test("what was answered is found in the file of state, each delivery once, after it was opened again", async (t) => {
  const { store, path } = await openStore(t);
  const { url, clock } = await setup(t, { ingest: (arrivals) => store.ingest(arrivals) });
  const ids = Array.from({ length: 40 }, (_, index) => `event-${index % 20}`);
  const replies = await Promise.all(
    ids.map((id) => deliver(url, clock, { headers: signedHeaders("new", clock.now(), ORDER, id) })),
  );
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
  await store.close();

  const again = await openStore(t, path);
  const arrivals = await again.store.arrivals(100);
  assert.equal(arrivals.length, 20);
  assert.deepEqual(new Set(arrivals.map(({ dedupeId }) => dedupeId)), new Set(ids));
  assert.equal(Buffer.from(arrivals[0]?.body ?? []).toString(), ORDER);
  assert.equal(arrivals[0]?.headers["content-type"], "application/json");
});

test("a store that was closed is answered 503", async (t) => {
  const { store } = await openStore(t);
  const { url, clock } = await setup(t, { ingest: (arrivals) => store.ingest(arrivals) });
  await store.close();
  assert.equal((await deliver(url, clock)).status, 503);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreError, type NewArrival } from "../store/store.ts";
import { EDGE_LIMITS } from "./edge-limits.ts";
import { Shedding } from "./shedding.ts";
import { deliver, ORDER, setup, turns, type EdgeSetup } from "./testing/edge-setup.ts";
import { raw } from "./testing/http.ts";
import { signedHeaders } from "./testing/signed-webhook.ts";

type Ingest = (arrivals: readonly NewArrival[]) => Promise<readonly "new"[]>;

const taken: Ingest = async (batch) => batch.map(() => "new");

/** Begins a delivery of 1,000 bytes and sends none of them. */
function beginDelivery(port: number): ReturnType<typeof raw> {
  const connection = raw(port);
  connection.socket.write("POST /hooks/shop HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  return connection;
}

test("too many deliveries under way: the next is answered 503 before its body is read", async (t) => {
  const { edge, port, url, clock } = await setup(t, { limits: { underWayMax: 1 } });
  const first = beginDelivery(port);
  while (edge.refusing() === undefined) await turns();
  const second = beginDelivery(port);
  const answer = await second.until("busy");
  assert.match(answer, /^HTTP\/1\.1 503 /);
  assert.match(answer, /retry-after: 5/i);
  first.socket.destroy();
  second.socket.destroy();
  while (edge.refusing() !== undefined) await turns();
  assert.equal((await deliver(url, clock)).status, 200);
});

test("too many bytes under way: what does not fit is answered 503 and its bytes are given back", async (t) => {
  const { edge, url, clock } = await setup(t, { limits: { bytesUnderWayMax: 100 } });
  const reply = await deliver(url, clock, { body: JSON.stringify("a".repeat(200)) });
  assert.equal(reply.status, 503);
  assert.equal(edge.refusing(), undefined);
  assert.equal((await deliver(url, clock)).status, 200);
});

for (const code of ["full", "io"] as const) {
  test(`a store that is ${code} is answered 503, and one delivery a second probes until it is well`, async (t) => {
    let broken = true;
    let asked = 0;
    const ingest: Ingest = async (batch) => {
      asked += 1;
      if (broken) throw new StoreError(code, "no space left");
      return taken(batch);
    };
    const { edge, url, clock, arrivals } = await setup(t, { ingest });
    const status = async (): Promise<number> => (await deliver(url, clock)).status;

    assert.equal(await status(), 503);
    assert.match(edge.refusing() ?? "", new RegExp(code));
    assert.equal(await status(), 503);
    assert.equal(asked, 1);
    await clock.advance(1_000);
    assert.equal(await status(), 503);
    assert.equal(asked, 2);
    broken = false;
    assert.equal(await status(), 503);
    await clock.advance(1_000);
    assert.equal(await status(), 200);
    assert.equal(await status(), 200);
    assert.equal(edge.refusing(), undefined);
    assert.equal(arrivals.length, 0);
  });
}

test("a store that is well again is found out in time though the clock was set back meanwhile", () => {
  const shedding = new Shedding(EDGE_LIMITS);
  const before = 3_600_000;
  shedding.admit(before);
  shedding.failed(shedding.begin(before), new StoreError("full", "no space left"), before);
  shedding.release(0);
  assert.equal(shedding.admit(1), undefined, "the first one probes");
  assert.match(shedding.admit(1_000) ?? "", /full/);
  assert.equal(shedding.admit(1_001), undefined, "and then one a second");
  shedding.committed(shedding.begin(1_001), 1_002);
  assert.equal(shedding.refusing(1_002), undefined);
});

test("a store that throws anything else is never answered 2xx", async (t) => {
  const { url, clock } = await setup(t, { ingest: () => Promise.reject(new Error("bug")) });
  assert.equal((await deliver(url, clock)).status, 503);
});

test("a delivery without a result of its own is not answered 2xx", async (t) => {
  const { url, clock } = await setup(t, { ingest: async () => [] });
  assert.equal((await deliver(url, clock)).status, 503);
});

/** A store whose commits take as long as `tookMs` says. */
function slowStore(): { readonly ingest: Ingest; tookMs: number; edgeSetup?: EdgeSetup } {
  const store = {
    tookMs: 0,
    ingest: async (batch: readonly NewArrival[]) => {
      await store.edgeSetup?.clock.advance(store.tookMs);
      return taken(batch);
    },
  } as ReturnType<typeof slowStore>;
  return store;
}

test("one slow commit sheds nothing, two do until a probe is quick again", async (t) => {
  const store = slowStore();
  const edgeSetup = await setup(t, { ingest: store.ingest });
  store.edgeSetup = edgeSetup;
  const { edge, url, clock } = edgeSetup;
  const status = async (): Promise<number> => (await deliver(url, clock)).status;

  store.tookMs = 501;
  assert.equal(await status(), 200);
  assert.equal(edge.refusing(), undefined);
  assert.equal(await status(), 200);
  assert.match(edge.refusing() ?? "", /501 ms/);
  assert.equal(await status(), 503);
  await clock.advance(1_000);
  assert.equal(await status(), 200, "the probe is slow, but durable");
  assert.equal(await status(), 503);
  await clock.advance(1_000);
  store.tookMs = 20;
  assert.equal(await status(), 200);
  assert.equal(await status(), 200);
});

test("two slow commits more than a minute apart shed nothing", async (t) => {
  const store = slowStore();
  const edgeSetup = await setup(t, { ingest: store.ingest });
  store.edgeSetup = edgeSetup;
  const { edge, url, clock } = edgeSetup;
  store.tookMs = 600;
  await deliver(url, clock);
  await clock.advance(60_000);
  await deliver(url, clock);
  assert.equal(edge.refusing(), undefined);
});

test("while a commit hangs, deliveries are refused before they are read", async (t) => {
  const commit = Promise.withResolvers<readonly "new"[]>();
  const asked = Promise.withResolvers<void>();
  const ingest: Ingest = () => {
    asked.resolve();
    return commit.promise;
  };
  const { edge, url, port, clock } = await setup(t, { ingest });
  const reply = deliver(url, clock);
  await asked.promise;
  await clock.advance(501);
  const other = beginDelivery(port);
  assert.match(await other.until("busy"), /^HTTP\/1\.1 503 /);
  other.socket.destroy();
  commit.resolve(["new"]);
  assert.equal((await reply).status, 200);
  assert.equal(edge.refusing(), undefined);
});

test("one delivery that the store will not take does not take others with it", async (t) => {
  const ingest: Ingest = async (batch) => {
    if (batch.some(({ dedupeId }) => dedupeId === "bad")) throw new TypeError("no such delivery");
    return taken(batch);
  };
  const { port, clock } = await setup(t, { ingest });
  const bodies = ["a", "bad", "b"].map((id) => deliveryBytes(clock.now(), id));
  const connections = bodies.map(() => raw(port));
  for (const [index, { socket }] of connections.entries()) socket.write(bodies[index] ?? "");
  const answers = await Promise.all(connections.map(({ until }) => until("HTTP/1.1 ")));
  for (const { socket } of connections) socket.destroy();
  assert.deepEqual(
    answers.map((answer) => answer.slice(9, 12)),
    ["200", "503", "200"],
  );
});

function deliveryBytes(at: number, id: string): string {
  const headers = Object.entries(signedHeaders("new", at, ORDER, id)).map((header) => header.join(": "));
  return ["POST /hooks/shop HTTP/1.1", "Host: a", `Content-Length: ${ORDER.length}`, ...headers, "", ORDER].join(
    "\r\n",
  );
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlError } from "./control.ts";
import { smallWorld } from "./testing/small-world.ts";
import { cutAfterwards } from "./testing/troubles.ts";

const DAY_MS = 86_400_000;

test("a write with an idempotency key is made again through its connection, makes nothing new and is logged as a repetition", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  const [write] = await engine.control.requests({ connection: "books", method: "POST" });
  const ended = await small.until(engine.control.repeatRequest(write!.id));
  assert.deepEqual([ended.outcome, ended.repeats, ended.requestBody], ["done", write!.id, write!.requestBody]);
  assert.equal(small.books.writes.length, 2);
  assert.equal(small.books.writes[0]!.key, small.books.writes[1]!.key);
  assert.deepEqual(small.books.notes(), ["order 1"]);
  const [logged] = await engine.control.requests({ connection: "books" });
  assert.equal(logged?.repeats, write!.id);
});

test("a read is made again at any time", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running();
  const [read] = await engine.control.requests({ connection: "shop" });
  const before = small.shop.calls.length;
  const ended = await small.until(engine.control.repeatRequest(read!.id));
  assert.equal(ended.outcome, "done");
  assert.equal(small.shop.calls.length, before + 1);
  assert.equal(small.shop.calls.at(-1), `GET ${read!.url.slice("https://shop.example".length)}`);
});

test("a write is not made again once its key may be forgotten, once something newer was written, or without its record", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  const [first] = await engine.control.requests({ connection: "books", method: "POST" });
  small.shop.putOrder("1", { note: "changed" });
  await engine.control.sync("bills", { full: false });
  await small.settle(engine);
  await assert.rejects(small.until(engine.control.repeatRequest(first!.id)), isRefusal(/it would undo/));
  const [newest] = await engine.control.requests({ connection: "books", method: "PUT" });
  await small.stop(engine);
  await small.clock.advance(DAY_MS);
  const later = await small.open();
  await assert.rejects(
    small.until(later.control.repeatRequest(newest!.id)),
    isRefusal(/forgotten its idempotency key/),
  );
  assert.deepEqual(small.books.notes(), ["changed"]);
});

test("a request that is not in the log is named", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running();
  await assert.rejects(engine.control.repeatRequest(4_711), { code: "unknown-request" });
});

test("a repetition whose answer is lost says so, and is logged", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  const [write] = await engine.control.requests({ connection: "books", method: "POST" });
  small.books.troubles.push(cutAfterwards);
  const ended = await small.until(engine.control.repeatRequest(write!.id));
  assert.deepEqual([ended.outcome, ended.repeats], ["unknown", write!.id]);
  assert.deepEqual(small.books.notes(), ["order 1"]);
});

function isRefusal(reason: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ControlError && error.code === "not-now" && reason.test(error.message);
}

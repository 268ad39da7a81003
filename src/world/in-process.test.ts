import assert from "node:assert/strict";
import { test } from "node:test";
import { inProcessNetwork, type FetchHandler } from "./in-process.ts";
import { VirtualClock } from "./virtual.ts";
import { WireFailure, type WireRequest } from "./world.ts";

const clock = new VirtualClock();
const request: WireRequest = {
  method: "PUT",
  url: "https://shop.example/a?b=1",
  headers: { "x-a": "b" },
  body: "body",
  timeouts: { connectMs: 1, headersMs: 1_000, bodyIdleMs: 1, totalMs: 2_000 },
  bodyBytesMax: 100,
};

const send = (handler: FetchHandler, over: Partial<WireRequest> = {}) =>
  inProcessNetwork(new Map([["https://shop.example", handler]]), clock).send({ ...request, ...over });

function failed(kind: WireFailure["kind"], sent: WireFailure["sent"]): (error: unknown) => boolean {
  return (error) => error instanceof WireFailure && error.kind === kind && error.sent === sent;
}

test("the handler of the origin answers, and no timer stays behind", async () => {
  const answer = await send(async (asked) => {
    const seen = [asked.method, asked.url, asked.headers.get("x-a"), await asked.text()];
    return new Response(JSON.stringify(seen), { status: 418, headers: { "X-Teapot": "yes" } });
  });
  assert.equal(answer.status, 418);
  assert.equal(answer.headers["x-teapot"], "yes");
  assert.deepEqual(JSON.parse(Buffer.from(answer.body).toString()), ["PUT", request.url, "b", "body"]);
  assert.equal(clock.waiting, 0);
});

test("an origin that is not there does not resolve", async () => {
  const handler = async (): Promise<Response> => new Response();
  await assert.rejects(send(handler, { url: "https://other.example/" }), failed("resolve", "no"));
});

test("a handler that throws has cut the connection, perhaps after its work", async () => {
  await assert.rejects(
    send(() => Promise.reject(new Error("cut"))),
    failed("reset", "maybe"),
  );
});

test("a handler that does not answer is given up in virtual time", async () => {
  const answer = assert.rejects(
    send(() => new Promise(() => {})),
    failed("timeout", "maybe"),
  );
  await clock.advance(1_000);
  await answer;
});

test("an answer over the limit is refused", async () => {
  await assert.rejects(
    send(async () => new Response("x".repeat(101))),
    failed("too-large", "maybe"),
  );
});

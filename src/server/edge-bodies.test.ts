import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { deliver, ORDER, setup } from "./testing/edge-setup.ts";
import { raw } from "./testing/http.ts";
import { signedHeaders } from "./testing/signed-webhook.ts";

for (const [what, body, fault] of [
  ["JSON that ends too early", '{"a":', "it ends too early"],
  ["an empty body", "", "it ends too early"],
  ["JSON nested too deep", "[".repeat(100_000), "nested deeper than 64"],
  ["a key twice", '{"id":1,"id":2}', 'the key "id" twice'],
  ["a key that would change prototypes", '{"__proto__":{"admin":true}}', "the key __proto__"],
] as const) {
  test(`${what} is refused with a reason when it is signed, and without one when it is not`, async (t) => {
    const { clock, url, arrivals } = await setup(t);
    const reply = await deliver(url, clock, { body });
    assert.equal(reply.status, 400);
    assert.ok(reply.text.includes(fault), reply.text);
    assert.equal((await deliver(url, clock, { body, secret: "wrong" })).status, 401);
    assert.equal(arrivals.length, 0);
  });
}

test("a body that says it is too large is refused before it is read", async (t) => {
  const { port, refused } = await setup(t);
  const connection = raw(port);
  connection.socket.write("POST /hooks/shop HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  assert.match(await connection.until("larger than"), /^HTTP\/1\.1 413 /);
  assert.equal(refused.length, 1);
  connection.socket.destroy();
});

test("a hundred megabytes without a length are cut off after one, and memory stays as it was", async (t) => {
  const { url } = await setup(t);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024, 97);
  const status = await new Promise<number>((resolve, reject) => {
    const request = httpRequest(`${url}/hooks/shop`, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    const more = (): void => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      sent += chunk.length;
      if (sent < 100 * 1024 * 1024 && !request.destroyed) request.write(chunk, more);
    };
    more();
  });
  assert.equal(status, 413);
  assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes were sent`);
  assert.ok(most < 16 * 1024 * 1024, `${most} bytes were held`);
});

test("a body in a great many tiny chunks arrives whole", async (t) => {
  const { clock, port, arrivals } = await setup(t);
  const body = JSON.stringify({ text: "é".repeat(2_000) });
  const headers = Object.entries(signedHeaders("new", clock.now(), body)).map((header) => header.join(": "));
  const connection = raw(port);
  connection.socket.write(
    ["POST /hooks/shop HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", ...headers, "", ""].join("\r\n"),
  );
  for (const byte of Buffer.from(body)) {
    connection.socket.write(Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]));
  }
  connection.socket.write("0\r\n\r\n");
  assert.match(await connection.until("ok"), /^HTTP\/1\.1 200 /);
  assert.equal(Buffer.from(arrivals[0]?.body ?? []).toString(), body);
  connection.socket.destroy();
});

test("a sender that asks before sending is told to go on only when its delivery is wanted", async (t) => {
  const { clock, port } = await setup(t);
  const wanted = raw(port);
  const headers = Object.entries(signedHeaders("new", clock.now(), ORDER)).map((header) => header.join(": "));
  const start = ["POST /hooks/shop HTTP/1.1", "Host: a", "Expect: 100-continue"];
  wanted.socket.write([...start, `Content-Length: ${ORDER.length}`, ...headers, "", ""].join("\r\n"));
  await wanted.until("100 Continue");
  wanted.socket.write(ORDER);
  await wanted.until("200 OK");
  wanted.socket.destroy();
  const unwanted = raw(port);
  unwanted.socket.write([...start, "Content-Length: 2000000", "", ""].join("\r\n"));
  assert.match(await unwanted.until("413"), /^HTTP\/1\.1 413/);
  unwanted.socket.destroy();
});

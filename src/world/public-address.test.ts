import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { httpNetwork, type HttpNetworkOptions } from "./http-network.ts";
import { isPublicAddress, publicAnd } from "./public-address.ts";
import { WireFailure, type Network } from "./world.ts";

for (const address of ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2001:4860::8888"]) {
  test(`${address} is public`, () => assert.equal(isPublicAddress(address), true));
}

for (const address of [
  "127.0.0.1",
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "169.254.169.254",
  "172.31.255.255",
  "192.168.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "::127.0.0.1",
  "::ffff:0:7f00:1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::7f00:1",
  "2002:7f00:1::",
  "2001:0:7f00:1::",
  "2606:4700::5efe:7f00:1",
  "2606:4700::200:5efe:7f00:1",
  "3fff::1",
  "fc00::1",
  "fe80::1",
  "fe80::1%lo",
  "fd00:ec2::254",
  "not an address",
]) {
  test(`${address} is not public`, () => assert.equal(isPublicAddress(address), false));
}

test("a network that is allowed is allowed, and nothing else with it", () => {
  const addresses = publicAnd([
    { address: "127.0.0.0", prefix: 8 },
    { address: "fd12::", prefix: 16 },
  ]);
  const allowed = ["127.0.0.1", "127.9.9.9", "fd12::1", "8.8.8.8"].map((address) => addresses.allows(address));
  assert.deepEqual(allowed, [true, true, true, true]);
  const others = ["10.0.0.1", "::1", "::ffff:127.0.0.1", "fd13::1", "169.254.169.254"];
  assert.deepEqual(
    others.filter((address) => addresses.allows(address)),
    [],
  );
});

for (const host of [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f.1",
  "017700000001",
  "１２７.0.0.1",
  "localhost",
  "localhost.",
  "a.localhost",
  "127.0.0.1.",
  "[::1]",
  "[::ffff:a9fe:a9fe]",
  "[::ffff:127.0.0.1]",
]) {
  test(`${host} is not called where only public addresses are`, async (t) => {
    const network = publicOnly(t);
    await assert.rejects(call(network, `http://${host}:9/`), isRefused);
  });
}

test("a name is refused when a single one of its addresses is private, and nothing is connected", async (t) => {
  const { port, connected } = await listener(t);
  const network = publicOnly(t, { resolve: answering(["93.184.216.34", "127.0.0.1"]) });
  await assert.rejects(call(network, `http://rebound.example:${port}/`), isRefused);
  assert.equal(connected(), 0);
});

test("a name whose answers change is called where the check found it, not where a second answer leads", async (t) => {
  const { port, connected } = await listener(t);
  let asked = 0;
  const flipping = (() => ((asked += 1) === 1 ? ["192.0.0.0"] : ["127.0.0.1"])) as () => string[];
  const network = publicOnly(t, { resolve: answeringEach(flipping) });
  await assert.rejects(call(network, `http://flips.example:${port}/`), isRefused);
  await assert.rejects(call(network, `http://flips.example:${port}/`), isRefused);
  assert.deepEqual([asked, connected()], [2, 0]);
});

test("the socket's own address is checked too, whatever the name was said to be", async (t) => {
  const { port } = await listener(t);
  // An address list that allows the name's address for the lookup and refuses what the socket then says.
  let asked = 0;
  const addresses = { allows: (): boolean => (asked += 1) < 2 };
  const network = httpNetwork({ addresses, resolve: answering(["127.0.0.1"]) });
  t.after(() => network.close());
  await assert.rejects(call(network, `http://socket.example:${port}/`), isRefused);
  assert.equal(asked, 2);
});

test("loopback is called where it is allowed", async (t) => {
  const { port, connected } = await listener(t);
  const network = httpNetwork().within([{ address: "127.0.0.0", prefix: 8 }]);
  t.after(() => network.close());
  const answer = await call(network, `http://127.0.0.1:${port}/`);
  assert.deepEqual([answer.status, connected()], [204, 1]);
});

function publicOnly(t: TestContext, options: HttpNetworkOptions = {}): Network {
  const network = httpNetwork(options).within([]);
  t.after(() => network.close());
  return network;
}

function call(network: Network, url: string) {
  const timeouts = { connectMs: 1_000, headersMs: 1_000, bodyIdleMs: 1_000, totalMs: 1_000 };
  return network.send({ method: "GET", url, headers: {}, timeouts, bodyBytesMax: 10 });
}

function isRefused(error: unknown): boolean {
  return error instanceof WireFailure && error.kind === "refused-address" && error.sent === "no";
}

/** A resolver that says this of every name. */
function answering(addresses: readonly string[]): NonNullable<HttpNetworkOptions["resolve"]> {
  return answeringEach(() => addresses);
}

function answeringEach(next: () => readonly string[]): NonNullable<HttpNetworkOptions["resolve"]> {
  const resolve = (_name: string, _options: object, done: (error: null, found: LookupAddress[]) => void): void =>
    done(
      null,
      next().map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  return resolve as unknown as NonNullable<HttpNetworkOptions["resolve"]>;
}

/** A real listener on loopback that answers 204 and counts who connects. */
async function listener(t: TestContext): Promise<{ readonly port: number; readonly connected: () => number }> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    count += 1;
    sockets.add(socket.on("error", () => {}));
    socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connected: () => count };
}

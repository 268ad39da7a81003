import assert from "node:assert/strict";
import { test } from "node:test";
import { httpNetwork } from "./http-network.ts";
import { isPublicAddress } from "./public-address.ts";
import { WireFailure } from "./world.ts";

for (const address of ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]) {
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
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001:0:7f00:1::",
  "fc00::1",
  "fe80::1",
  "fd00:ec2::254",
  "not an address",
]) {
  test(`${address} is not public`, () => assert.equal(isPublicAddress(address), false));
}

for (const host of [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f.1",
  "017700000001",
  "１２７.0.0.1",
  "localhost",
  "[::1]",
  "[::ffff:a9fe:a9fe]",
  "[::ffff:127.0.0.1]",
]) {
  test(`${host} is not called where only public addresses are`, async (t) => {
    const network = httpNetwork({ addresses: "public" });
    t.after(() => network.close());
    const timeouts = { connectMs: 1_000, headersMs: 1_000, bodyIdleMs: 1_000, totalMs: 1_000 };
    await assert.rejects(
      network.send({ method: "GET", url: `http://${host}:9/`, headers: {}, timeouts, bodyBytesMax: 10 }),
      (error) => error instanceof WireFailure && error.kind === "refused-address" && error.sent === "no",
    );
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionsByAddress } from "./connections-by-address.ts";

test("one address has so many connections and no more, others are not hurt", () => {
  const connections = new ConnectionsByAddress(2);
  assert.deepEqual(
    ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"].map((address) => connections.admit(address)),
    [true, true, false, true],
  );
});

test("a closed connection makes room, and an address without any is forgotten", () => {
  const connections = new ConnectionsByAddress(1);
  assert.equal(connections.admit("192.0.2.1"), true);
  connections.release("192.0.2.1");
  assert.equal(connections.addresses, 0);
  assert.equal(connections.admit("192.0.2.1"), true);
});

test("loopback is not counted", () => {
  const connections = new ConnectionsByAddress(0);
  for (const address of ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(connections.admit(address), true);
  }
  assert.equal(connections.admit("::ffff:192.0.2.1"), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { networksOf, networksOfAll } from "./private-addresses.ts";

const CASES: readonly (readonly [word: string, networks: readonly string[] | undefined])[] = [
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  ["10.20.0.0/16", ["10.20.0.0/16"]],
  ["10.20.0.7", ["10.20.0.7/32"]],
  ["fd12:3456::/32", ["fd12:3456::/32"]],
  ["::1", ["::1/128"]],
  ["everything", undefined],
  ["constructor", undefined],
  ["10.0.0.0/33", undefined],
  ["10.0.0.0/-1", undefined],
  ["10.0.0.0/8/8", undefined],
  ["fe80::1%eth0", undefined],
  ["10.0.0", undefined],
  ["", undefined],
];

for (const [word, networks] of CASES) {
  test(`${JSON.stringify(word)} is ${networks === undefined ? "no network" : networks.join(" and ")}`, () => {
    assert.deepEqual(
      networksOf(word)?.map(({ address, prefix }) => `${address}/${prefix}`),
      networks,
    );
  });
}

test("neither word lets anybody at the addresses where clouds keep their credentials", () => {
  const named = networksOfAll(["loopback", "private"]).map(({ address }) => address);
  assert.equal(
    named.some((address) => address.startsWith("169.254") || address.startsWith("fe80")),
    false,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { headerFault, outgoingHeaders } from "./headers.ts";

test("no request can put another credential in the place of the connection's", () => {
  const headers = outgoingHeaders({ "X-Version": "2" });
  const made = headers(
    { authorization: "Bearer ours" },
    { Authorization: "Bearer other", "X-Version": "3" },
    "application/json",
  );
  assert.equal(made["authorization"], "Bearer ours");
  assert.equal(made["x-version"], "3");
  assert.equal(made["content-type"], "application/json");
});

test("the same credential gives the same headers, a new one new ones", () => {
  const headers = outgoingHeaders(undefined);
  const first = { authorization: "one" };
  assert.equal(headers(first, undefined, undefined), headers(first, undefined, undefined));
  assert.equal(headers({ authorization: "two" }, undefined, undefined)["authorization"], "two");
});

for (const [headers, fault] of [
  [{ "x-a": "b" }, undefined],
  [{ "x-a": "b\r\nx-c: d" }, /holds what cannot be sent/],
  [{ "x a": "b" }, /is no name of a header/],
  [{ "Transfer-Encoding": "chunked" }, /not for connectors to set/],
] as const) {
  test(`${JSON.stringify(headers)} ${fault === undefined ? "can" : "cannot"} be sent`, () => {
    if (fault === undefined) assert.equal(headerFault(headers), undefined);
    else assert.match(headerFault(headers) ?? "", fault);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ApiRequest } from "../define/connector.ts";
import { address, baseAddress } from "./address.ts";

const base = baseAddress("https://demo.example/admin/api/", "shop");
const get = (path: string, query?: ApiRequest["query"]): ApiRequest => ({
  method: "GET",
  path,
  ...(query === undefined ? {} : { query }),
});

for (const [path, wanted] of [
  ["/orders.json", "https://demo.example/admin/api/orders.json"],
  ["/orders/a%2Fb", "https://demo.example/admin/api/orders/a%2Fb"],
  ["/orders/.well-known", "https://demo.example/admin/api/orders/.well-known"],
  ["/orders?limit=5", "https://demo.example/admin/api/orders?limit=5"],
  ["/orders?from=../x", "https://demo.example/admin/api/orders?from=../x"],
  ["https://demo.example/other?page=2", "https://demo.example/other?page=2"],
  ["orders", undefined],
  ["/orders/../users", undefined],
  ["/orders/%2e%2E/users", undefined],
  ["/orders/..", undefined],
  ["/./orders", undefined],
  ["/a\\..\\b", undefined],
  ["/a b", undefined],
  ["/a#b", undefined],
  ["/a\r\nHost: evil", undefined],
  ["https://demo.example.evil/x", undefined],
  ["https://demo.example@evil/x", undefined],
  ["https://evil.example/x", undefined],
  ["https://demo.example//evil.example/", undefined],
  ["//evil.example/", "https://demo.example/admin/api//evil.example/"],
] as const) {
  test(`${JSON.stringify(path)} ${wanted === undefined ? "is not called" : `leads to ${wanted}`}`, () => {
    assert.equal(address(base, get(path)), wanted);
  });
}

test("a query is encoded, and what is undefined is left out", () => {
  assert.equal(
    address(base, get("/o?x=1", { "a b": "c&d", n: 0, no: false, u: undefined })),
    "https://demo.example/admin/api/o?x=1&a%20b=c%26d&n=0&no=false",
  );
});

test("whatever the path is, the call stays on the origin", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webPath(),
        fc.webUrl(),
        fc.string().map((text) => `/${text}`),
      ),
      (path) => {
        const url = address(base, get(path));
        if (url !== undefined) assert.equal(new URL(url).origin, "https://demo.example");
      },
    ),
  );
});

for (const url of ["ftp://x.example", "not a url", "https://user:pass@x.example", "https://x.example/?a=1"]) {
  test(`${url} is no base address`, () => {
    assert.throws(() => baseAddress(url, "shop"), /cannot reach the connection "shop": wanted/);
  });
}

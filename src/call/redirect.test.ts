import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiRequest } from "../define/connector.ts";
import { baseAddress } from "./address.ts";
import { redirected } from "./redirect.ts";

const BASE = baseAddress("https://api.example/v2", "books");
const POST: ApiRequest = {
  method: "POST",
  path: "/bills",
  query: { a: 1 },
  headers: { "idempotency-key": "k", "content-language": "de", "x-version": "2" },
  body: { note: "secret" },
};
const GET: ApiRequest = { method: "GET", path: "/bills" };

function follow(request: ApiRequest, status: number, location?: string) {
  const headers: Record<string, string> = location === undefined ? {} : { location };
  return redirected(BASE, request, {
    url: `https://api.example/v2${request.path}`,
    answer: { status, headers, json: undefined, text: "" },
  });
}

for (const [location, url] of [
  ["/v2/moved?x=1", "https://api.example/v2/moved?x=1"],
  ["moved", "https://api.example/v2/moved"],
  ["https://api.example/elsewhere", "https://api.example/elsewhere"],
  ["//api.example/same", "https://api.example/same"],
  ["https://API.example:443/v2/x#part", "https://api.example/v2/x"],
  ["https://other.example/v2/moved", undefined],
  ["//other.example/moved", undefined],
  ["http://api.example/v2/moved", undefined],
  ["https://api.example:8443/v2/moved", undefined],
  ["https://user@api.example/v2/moved", undefined],
  ["https://api.example@other.example/", undefined],
  ["\\\\other.example\\moved", undefined],
  ["javascript:alert(1)", undefined],
  ["http://[", undefined],
  ["", undefined],
  [undefined, undefined],
] as const) {
  test(`a redirect to ${String(location)} ${url === undefined ? "is not followed" : `leads to ${url}`}`, () => {
    assert.equal(follow(GET, 307, location)?.url, url);
  });
}

test("303, and 301 and 302 after a POST, ask with GET and without the body or its key", () => {
  for (const status of [301, 302, 303]) {
    const { request } = follow(POST, status, "/v2/result") ?? assert.fail();
    assert.deepEqual(request, { method: "GET", path: "https://api.example/v2/result", headers: { "x-version": "2" } });
  }
});

test("307 and 308, and 301 after a PUT, ask for the same request with its body", () => {
  for (const [request, status] of [
    [POST, 307],
    [POST, 308],
    [{ ...POST, method: "PUT" } as const, 301],
  ] as const) {
    const next = follow(request, status, "/v2/there")?.request;
    assert.deepEqual([next?.method, next?.body, next?.query], [request.method, POST.body, undefined]);
  }
});

test("an answer that is no redirect leads nowhere", () => {
  for (const status of [200, 300, 304, 305, 306, 404]) assert.equal(follow(GET, status, "/v2/x"), undefined);
});

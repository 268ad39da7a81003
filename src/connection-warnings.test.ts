import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionWarnings } from "./connection-warnings.ts";
import type { ConnectionView } from "./control.ts";

const NOW = Date.UTC(2026, 7, 20, 12);
const view: Omit<ConnectionView, "warnings"> = {
  connection: "shop",
  connector: "shopify",
  title: "Shopify",
  state: "active",
  signIn: "page",
  scopesNeeded: [],
  scopesMissing: [],
  budget: [],
};

for (const [what, change, wanted] of [
  ["of which nothing is known", {}, /^$/],
  ["that lacks a scope", { scopesMissing: ["write"] }, /not granted: write/],
  ["whose API's version ends in 91 days", { apiVersionEnds: "2026-11-20" }, /^$/],
  ["whose API's version ends in 90 days", { apiVersion: "v1", apiVersionEnds: "2026-11-19" }, /v1 .* 90 more days/],
  ["whose API's version has ended", { apiVersionEnds: "2026-08-01" }, /no longer served since 2026-08-01/],
  ["whose end of version cannot be read", { apiVersionEnds: "some day" }, /^$/],
  ["whose refresh token lives for months", { refreshExpiresAt: NOW + 60 * 86_400_000 }, /^$/],
  ["whose refresh token ends in days", { refreshExpiresAt: NOW + 3 * 86_400_000 }, /ends in 3 days/],
  ["whose refresh token has ended", { refreshExpiresAt: NOW - 1 }, /has ended/],
] as const) {
  test(`a connection ${what}: ${wanted.source}`, () => {
    assert.match(connectionWarnings({ ...view, ...change }, NOW).join("; "), wanted);
  });
}

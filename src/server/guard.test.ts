import assert from "node:assert/strict";
import { test } from "node:test";
import { admit, cookieValue, type Visit } from "./guard.ts";

const TOKEN = "a-token-of-some-length";
const COOKIE = `other=1; bowline_4321=${cookieValue(TOKEN)}`;
const METRICS_TOKEN = "a-token-for-metrics-only";
const GUARD = { token: TOKEN, metricsToken: METRICS_TOKEN, hosts: ["bowline.example"], openPage: false };

function visit(changes: Partial<Visit> = {}): Visit {
  return {
    method: "GET",
    path: "/api/status",
    host: "127.0.0.1:4321",
    origin: undefined,
    fetchSite: undefined,
    authorization: undefined,
    cookie: undefined,
    forwarded: false,
    remoteAddress: "127.0.0.1",
    ...changes,
  };
}

function outcome(changes: Partial<Visit>, options = GUARD): string {
  const admission = admit(visit(changes), options);
  return admission.ok ? admission.as : `${admission.status} ${admission.code}`;
}

const bearer = { authorization: `Bearer ${TOKEN}` };
const post = { method: "POST" };
const here = { origin: "http://127.0.0.1:4321", fetchSite: "same-origin" };

for (const [what, changes, expected] of [
  ["the token opens everything", bearer, "owner"],
  ["the token opens changes from a program", { ...bearer, ...post }, "owner"],
  ["the cookie opens reading", { cookie: COOKIE }, "owner"],
  ["the cookie opens changes from our own page", { cookie: COOKIE, ...post, ...here }, "owner"],
  ["an old browser proves itself by its origin alone", { cookie: COOKIE, ...post, origin: here.origin }, "owner"],
  ["the cookie alone changes nothing", { cookie: COOKIE, ...post }, "403 cross-site"],
  [
    "another origin changes nothing",
    { cookie: COOKIE, ...post, ...here, origin: "http://127.0.0.1:9" },
    "403 cross-site",
  ],
  ["another site changes nothing", { cookie: COOKIE, ...post, fetchSite: "cross-site" }, "403 cross-site"],
  ["a sister site changes nothing", { cookie: COOKIE, ...post, fetchSite: "same-site" }, "403 cross-site"],
  ["an origin that hides changes nothing", { cookie: COOKIE, ...post, origin: "null" }, "403 cross-site"],
  ["not even with the token", { ...bearer, ...post, fetchSite: "cross-site" }, "403 cross-site"],
  ["a cookie of another port opens nothing", { cookie: COOKIE, host: "127.0.0.1:4322" }, "401 no-token"],
  ["a cookie of another token opens nothing", { cookie: `bowline_4321=${cookieValue("other")}` }, "401 no-token"],
  ["an empty cookie opens nothing", { cookie: "bowline_4321=" }, "401 no-token"],
  ["a name pointed at us is refused", { ...bearer, host: "evil.example:4321" }, "421 wrong-host"],
  ["a name that only begins like ours is refused", { ...bearer, host: "localhost.evil.example" }, "421 wrong-host"],
  ["no host is refused", { ...bearer, host: undefined }, "421 wrong-host"],
  ["the configured name is ours", { ...bearer, host: "Bowline.Example:443" }, "owner"],
  ["localhost is ours", { ...bearer, host: "localhost:1" }, "owner"],
  ["a plain address is ours", { ...bearer, host: "192.0.2.7" }, "owner"],
  ["a plain address of version 6 is ours", { ...bearer, host: "[2001:db8::1]:80" }, "owner"],
  ["anybody may ask for the health", { path: "/health", host: "evil.example" }, "anyone"],
  ["the page is closed by default", { path: "/" }, "401 no-token"],
] as const) {
  test(what, () => assert.equal(outcome(changes), expected));
}

test("a name that is not ours is refused with the setting that would make it ours", () => {
  const admission = admit(visit({ host: "sync.example" }), GUARD);
  assert.match(
    admission.ok ? "" : admission.message,
    /the host sync\.example: expected .*set publicUrl in the project$/,
  );
});

for (const [what, changes, expected] of [
  ["is read on this machine", { path: "/" }, "reader"],
  ["shows records on this machine", { path: "/record" }, "reader"],
  ["opens no API", { path: "/api/status" }, "401 no-token"],
  ["takes no forms", { path: "/page/retry", ...post, ...here }, "401 no-token"],
  ["is closed to other machines", { path: "/", remoteAddress: "192.0.2.1" }, "401 no-token"],
  ["is closed to an unknown address", { path: "/", remoteAddress: undefined }, "401 no-token"],
  ["is closed behind a proxy", { path: "/", forwarded: true }, "401 no-token"],
  ["is closed to other names", { path: "/", host: "bowline.example" }, "401 no-token"],
] as const) {
  test(`an open page ${what}`, () => assert.equal(outcome(changes, { ...GUARD, openPage: true }), expected));
}

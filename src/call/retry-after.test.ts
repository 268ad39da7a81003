import assert from "node:assert/strict";
import { test } from "node:test";
import { WAIT_MS_MAX } from "../define/outcome.ts";
import { retryAfterMs } from "./retry-after.ts";

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0);

for (const [headers, wanted] of [
  [{}, undefined],
  [{ "retry-after": "120" }, 120_000],
  [{ "retry-after": " 2.0 " }, 2_000],
  [{ "retry-after": "0.25" }, 250],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "1, 5" }, 5_000],
  [{ "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }, 37_000],
  [{ "retry-after": "Sunday, 06-Nov-94 08:49:37 GMT" }, 37_000],
  [{ "retry-after": "Sun Nov  6 08:49:37 1994" }, 37_000],
  [{ "retry-after": "1994-11-06T08:49:37Z" }, 37_000],
  [{ "retry-after": "1994-11-06T09:49:37.500+01:00" }, 37_500],
  [{ "retry-after": "Sun, 06 Nov 1994 08:48:00 GMT" }, 0],
  [{ "retry-after": "Sun, 06 Nov 1994 08:49:37 UTC" }, 37_000],
  [{ "retry-after": "Sun, 06 Nov 1994 08:49:37 -0000" }, 37_000],
  [{ "retry-after": "Sun, 06 Nov 1994 09:49:37 +0100" }, 37_000],
  [{ "retry-after": "Sun, 06 Nov 1994 03:19:37 -0530" }, 37_000],
  [{ "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:50:00 GMT" }, 60_000],
  [{ "retry-after": "5, Sun, 06 Nov 1994 08:49:37 GMT" }, 37_000],
  [{ "retry-after": "Sunday, 06-Nov-94 08:49:37 GMT, 50" }, 50_000],
  [{ "retry-after": "soon, 5" }, 5_000],
  [{ "retry-after": String(NOW / 1000 + 12) }, 12_000],
  [{ "retry-after": String(NOW + 12_345) }, 12_345],
  [{ "retry-after": "Thu, 31 Dec 2099 23:59:59 GMT" }, WAIT_MS_MAX],
  [{ "retry-after": "99999999999" }, WAIT_MS_MAX],
  [{ "retry-after": "Mon, 31 Feb 1994 08:49:37 GMT" }, undefined],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "1e9" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "retry-after": "Infinity" }, undefined],
  [{ "ratelimit-reset": "30" }, 30_000],
  [{ ratelimit: '"default";r=0;t=9' }, 9_000],
  [{ ratelimit: "limit=100, remaining=0, t=9" }, 9_000],
  [{ ratelimit: "limit=100, remaining=0, reset=9" }, 9_000],
  [{ ratelimit: '"burst";r=10;t=1, "hour";r=0;t=900, "day";r=70;t=5000' }, 900_000],
  [{ ratelimit: '"burst";r=10;t=1, "day";r=70;t=5000' }, 1_000],
  [{ "retry-after": "7", "ratelimit-reset": "30" }, 7_000],
  [{ "retry-after": "nonsense", "ratelimit-reset": "30" }, 30_000],
  [{ "x-rate-limit-reset": "1994-11-06T08:49:37Z" }, 37_000],
] as const) {
  test(`${JSON.stringify(headers)} asks for ${wanted} ms`, () => {
    assert.equal(retryAfterMs(headers, NOW), wanted);
  });
}

test("a reset may be told in seconds or milliseconds since 1970", () => {
  const now = Date.UTC(2026, 7, 20, 12);
  assert.equal(retryAfterMs({ "x-ratelimit-reset": String(now / 1000 + 12) }, now), 12_000);
  assert.equal(retryAfterMs({ "x-ratelimit-reset": String(now + 12_345) }, now), 12_345);
  assert.equal(retryAfterMs({ "x-ratelimit-reset": String(now / 1000 - 12) }, now), 0);
});

for (const [what, theirNow, wanted] of [
  ["five minutes behind ours", NOW - 300_000, 337_000],
  ["five minutes ahead of ours", NOW + 300_000, 0],
  ["years from ours, which nobody believes", NOW + 1e11, 37_000],
] as const) {
  test(`a time is told by the provider's clock, as its answer shows it: ${what}`, () => {
    const date = new Date(theirNow).toUTCString();
    assert.equal(retryAfterMs({ "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", date }, NOW), wanted);
    assert.equal(retryAfterMs({ "x-rate-limit-reset": "1994-11-06T08:49:37Z", date }, NOW), wanted);
    assert.equal(retryAfterMs({ "retry-after": "37", date }, NOW), 37_000);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LimitReading } from "./connector.ts";
import {
  readAll,
  readCost,
  readHeaders,
  readPairs,
  readRateLimitFields,
  readUsedOf,
  type LimitReader,
} from "./limit-readers.ts";

const x = { limit: "calls", remaining: "x-ratelimit-remaining", size: "x-ratelimit-limit", reset: "x-ratelimit-reset" };
const usual = readHeaders(x);
const draft = readRateLimitFields({ burst: "burst", daily: "day" });
const only = readRateLimitFields({ "": "calls" });

const CASES: readonly (readonly [string, LimitReader, Record<string, string>, readonly LimitReading[]])[] = [
  [
    "a header for each figure, seconds from now",
    usual,
    { "x-ratelimit-remaining": "7", "x-ratelimit-limit": "100", "x-ratelimit-reset": "30" },
    [{ limit: "calls", available: 7, size: 100, resetInMs: 30_000 }],
  ],
  [
    "seconds since 1970",
    usual,
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795600000" },
    [{ limit: "calls", available: 0, resetAt: 1_795_600_000_000 }],
  ],
  [
    "milliseconds since 1970",
    usual,
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795600000123" },
    [{ limit: "calls", available: 0, resetAt: 1_795_600_000_123 }],
  ],
  [
    "milliseconds from now, as BigCommerce tells them",
    readHeaders({
      limit: "window",
      remaining: "x-rate-limit-requests-left",
      size: "x-rate-limit-requests-quota",
      reset: "x-rate-limit-time-reset-ms",
      resetAs: "milliseconds",
    }),
    {
      "x-rate-limit-requests-left": "12",
      "x-rate-limit-requests-quota": "150",
      "x-rate-limit-time-reset-ms": "29500",
    },
    [{ limit: "window", available: 12, size: 150, resetInMs: 29_500 }],
  ],
  [
    "several that a provider tells at once, as HubSpot and Xero do",
    readAll(
      readHeaders({ limit: "burst", remaining: "x-hubspot-ratelimit-remaining", size: "x-hubspot-ratelimit-max" }),
      readHeaders({
        limit: "day",
        remaining: "x-hubspot-ratelimit-daily-remaining",
        size: "x-hubspot-ratelimit-daily",
      }),
    ),
    {
      "x-hubspot-ratelimit-remaining": "99",
      "x-hubspot-ratelimit-max": "100",
      "x-hubspot-ratelimit-daily-remaining": "5",
    },
    [
      { limit: "burst", available: 99, size: 100 },
      { limit: "day", available: 5 },
    ],
  ],
  [
    "used of all, as Shopify tells",
    readUsedOf({ limit: "calls", header: "x-shopify-shop-api-call-limit" }),
    { "x-shopify-shop-api-call-limit": "39/40" },
    [{ limit: "calls", available: 1, size: 40 }],
  ],
  [
    "used of all among others, as Salesforce tells",
    readUsedOf({ limit: "day", header: "sforce-limit-info", after: "api-usage" }),
    { "sforce-limit-info": "api-usage=100017/100000; per-app-api-usage=17/250(appName=sample)" },
    [{ limit: "day", available: 0, size: 100_000 }],
  ],
  [
    "all in one header, as Zendesk tells",
    readPairs({ limit: "tickets", header: "zendesk-ratelimit-tickets-index" }),
    { "zendesk-ratelimit-tickets-index": "total=100; remaining=99; resets=41" },
    [{ limit: "tickets", available: 99, size: 100, resetInMs: 41_000 }],
  ],
  [
    "what it cost",
    readCost({ limit: "units", header: "x-ms-resource-unit" }),
    { "x-ms-resource-unit": "3" },
    [{ limit: "units", cost: 3 }],
  ],
  [
    "the draft's fields, two policies",
    draft,
    { ratelimit: '"burst";r=50;t=30, "daily";r=5', "ratelimit-policy": '"burst";q=100;w=60, "daily";q=1000;w=86400' },
    [
      { limit: "burst", available: 50, size: 100, resetInMs: 30_000 },
      { limit: "day", available: 5, size: 1_000 },
    ],
  ],
  ["a policy that nobody declared", draft, { ratelimit: '"other";r=50;t=30' }, []],
  ["the only policy, whatever it is called", only, { ratelimit: '"default";r=3' }, [{ limit: "calls", available: 3 }]],
  [
    "an earlier form of the draft",
    only,
    { ratelimit: "limit=100, remaining=50, reset=5" },
    [{ limit: "calls", available: 50, size: 100, resetInMs: 5_000 }],
  ],
  [
    "the earliest form of the draft, with its window beside the size",
    only,
    { "ratelimit-limit": "100, 100;w=10", "ratelimit-remaining": "9", "ratelimit-reset": "4" },
    [{ limit: "calls", available: 9, size: 100, resetInMs: 4_000 }],
  ],
  ["no header", usual, {}, []],
  ["a reset alone", usual, { "x-ratelimit-reset": "30" }, []],
  ["words", usual, { "x-ratelimit-remaining": "unlimited" }, []],
  ["a negative figure", usual, { "x-ratelimit-remaining": "-1" }, []],
  ["figures without an end", usual, { "x-ratelimit-remaining": "9".repeat(400) }, []],
  ["half a pair", readUsedOf({ limit: "a", header: "h" }), { h: "39/" }, []],
  ["an empty field", draft, { ratelimit: "" }, []],
  ["nonsense in a field", draft, { ratelimit: '"burst;;;=,,r=x' }, []],
];

for (const [name, read, headers, expected] of CASES) {
  test(`an answer tells of limits: ${name}`, () => {
    assert.deepEqual(read({ status: 200, headers, json: undefined, text: "" }), expected);
  });
}

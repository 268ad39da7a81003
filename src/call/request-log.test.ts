import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { requestLog, type LoggedCall } from "./request-log.ts";

const call: LoggedCall = { at: 1, method: "POST", url: "https://x.example/a", outcome: "done", durationMs: 5 };

test("bodies are cut at their limits, and say how long they were", () => {
  const log = requestLog("shop", [], { requestCharsMax: 3, failedCharsMax: 5, doneCharsMax: 2 });
  assert.equal(log.entry({ ...call, requestBody: "abcdef" }).requestBody, "abc… (6 characters)");
  assert.equal(log.entry({ ...call, responseBody: "abcdef" }).responseBody, "ab… (6 characters)");
  const failed = log.entry({ ...call, outcome: "invalid", responseBody: "abcdef" });
  assert.equal(failed.responseBody, "abcde… (6 characters)");
});

test("what was not there is not in the entry", () => {
  assert.deepEqual(requestLog("shop", []).entry({ ...call, responseBody: "" }), {
    connection: "shop",
    at: 1,
    method: "POST",
    url: "https://x.example/a",
    outcome: "done",
    durationMs: 5,
  });
});

test("no piece of a secret stays where a body is cut, wherever the cut falls", () => {
  const secrets = ["first-secret-0123456789abcdefghijklmnopqrstuvwxyz", "second-secret-ZYXWVUTSRQPONM"];
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...secrets), fc.stringMatching(/^[#-+]{0,30}$/)), { maxLength: 12 }),
      fc.nat(200),
      (parts, charsMax) => {
        const log = requestLog("shop", secrets, { requestCharsMax: charsMax });
        const kept = log.entry({ ...call, requestBody: parts.join("") }).requestBody ?? "";
        const left = kept.replaceAll("[secret]", "").replace(/… \(\d+ characters\)$/, "");
        // Nothing but filling, and perhaps a cut "[secret]".
        assert.match(left, /^[#-+]*(\[s?e?c?r?e?t?)?$/);
      },
    ),
  );
});

test("the address is cleaned too", () => {
  const log = requestLog("shop", ["tok-123456"]);
  assert.equal(
    log.entry({ ...call, url: "https://x.example/a/tok-123456?b=1" }).url,
    "https://x.example/a/[secret]?b=1",
  );
});

test("fields that the connector calls secret are hidden, whatever they sound like", () => {
  const log = requestLog("shop", [], {}, { fields: ["pin", "card.number"] });
  const entry = log.entry({
    ...call,
    url: "https://x.example/a?pin=1234&n=1",
    requestBody: '{"pin":1234,"spin":5,"card.number":"4111"}',
    requestHeaders: { "x-pin": "1", pin: "1234" },
  });
  assert.equal(entry.url, "https://x.example/a?pin=[secret]&n=1");
  assert.equal(entry.requestBody, '{"pin":"[secret]","spin":5,"card.number":"[secret]"}');
  assert.equal(entry.requestHeaders, '{"x-pin":"1","pin":"[secret]"}');
});

test("a credential is hidden under whatever name its header comes", () => {
  const requestHeaders = {
    "x-who": "Basic dXNlcjpwYXNz",
    "x-also": "Bearer abcdefgh12",
    "x-plan": "basic",
    cookie: "",
  };
  assert.deepEqual(JSON.parse(requestLog("shop", []).entry({ ...call, requestHeaders }).requestHeaders ?? ""), {
    ...requestHeaders,
    "x-who": "Basic [secret]",
    "x-also": "Bearer [secret]",
  });
});

test("a body that only speaks of something basic is kept as it is", () => {
  const requestBody = '{"plan":"Basic membership"}';
  assert.equal(requestLog("shop", []).entry({ ...call, requestBody }).requestBody, requestBody);
});

test("a body that is cut in the log is marked as one that cannot be sent again", () => {
  const log = requestLog("shop", [], { requestCharsMax: 3 });
  assert.equal(log.entry({ ...call, requestBody: "abc", repeat: "read" }).repeat, "read");
  assert.equal(log.entry({ ...call, requestBody: "abcd", repeat: "read" }).repeat, "unkept");
});

test("what is kept of a large answer does not keep all of it in memory", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const log = requestLog("shop", ["tok-123456"]);
  collect();
  const before = process.memoryUsage().heapUsed;
  const entries = Array.from({ length: 20 }, (_, each) =>
    log.entry({ ...call, responseBody: Buffer.alloc(500_000, `${each} `).toString() }),
  );
  collect();
  assert.equal(entries.length, 20);
  assert.ok(process.memoryUsage().heapUsed - before < 500_000, "less than one of the twenty answers");
});

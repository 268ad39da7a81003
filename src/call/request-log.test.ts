import assert from "node:assert/strict";
import { test } from "node:test";
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { redactingLog } from "../redacting-log.ts";
import { LiveSecrets, secretsIn } from "./live-secrets.ts";

const SECRET = 'sk_"live"/0123456789+ä';

test("a live secret is taken out of texts, in each usual form", () => {
  const live = new LiveSecrets();
  live.learn("settings of shop", [SECRET]);
  const bytes = Buffer.from(SECRET);
  for (const form of [
    SECRET,
    JSON.stringify(SECRET).slice(1, -1),
    encodeURIComponent(SECRET),
    bytes.toString("hex"),
    bytes.toString("base64"),
    bytes.toString("base64url"),
  ]) {
    assert.ok(!live.text(`before ${form} after`).includes(form), form);
  }
});

test("a live secret is taken out of what was coded together with other words", () => {
  const live = new LiveSecrets();
  live.learn("settings of shop", [SECRET]);
  for (const before of ["", "u", "us", "user:"]) {
    const coded = Buffer.from(`${before}${SECRET}:more`).toString("base64");
    const middle = coded.slice(8, 28);
    assert.ok(!live.text(`Basic: ${coded}`).includes(middle), before);
  }
});

test("values are cleaned however deep a secret lies, names of fields and errors too", () => {
  const live = new LiveSecrets();
  live.learn("a", [SECRET]);
  const cleaned = live.value({
    list: [{ [SECRET]: 1, at: SECRET }],
    error: new Error(SECRET),
    bytes: Buffer.from(SECRET),
    n: 2,
  });
  assert.ok(!JSON.stringify(cleaned).includes("sk_"));
  assert.equal((cleaned as { n: number }).n, 2);
});

test("a superseded token stays known for two more generations", () => {
  const live = new LiveSecrets();
  for (const token of ["token-1111", "token-2222", "token-3333"]) live.learn("books", [token]);
  assert.equal(live.text("token-1111 token-3333"), "[secret] [secret]");
  live.learn("books", ["token-4444"]);
  assert.equal(live.text("token-1111 token-4444"), "token-1111 [secret]");
});

test("every text of a document is a secret, and of anything else the whole", () => {
  assert.deepEqual(secretsIn('{"a":"one","b":{"c":["two",3]}}'), ["one", "two"]);
  assert.deepEqual(secretsIn("plain"), ["plain"]);
});

test("the log says no line with a secret in it", () => {
  const lines: string[] = [];
  const live = new LiveSecrets();
  live.learn("a", ["token-1111"]);
  const log = redactingLog((level, message, facts) => lines.push(JSON.stringify([level, message, facts])), live);
  log("warn", "refused token-1111", { reason: "token-1111", at: 5 });
  log("info", "started");
  assert.deepEqual(lines, ['["warn","refused [secret]",{"reason":"[secret]","at":5}]', '["info","started",null]']);
});

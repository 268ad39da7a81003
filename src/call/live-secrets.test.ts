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

test("superseded tokens stay known for a while, and a connection that refreshes for ever takes no more room", () => {
  const live = new LiveSecrets();
  const token = (count: number): string => `token-${String(count).padStart(12, "0")}`;
  for (let count = 0; count < 1_000; count += 1) live.learn("books", [token(count)]);
  for (const count of [997, 998, 999]) assert.equal(live.text(`x ${token(count)} y`), "x [secret] y");
});

test("a short secret is taken out whole", () => {
  const live = new LiveSecrets();
  live.learn("a", ["pass-1"]);
  assert.equal(live.text("got pass-1"), "got [secret]");
});

test("an error keeps its kind and loses the secrets of its words, its stack and its causes", () => {
  const live = new LiveSecrets();
  live.learn("a", [SECRET]);
  const error = new RangeError(`got ${SECRET}`, { cause: new Error(SECRET) });
  assert.equal(live.error(error), error);
  assert.equal(error.message, "got [secret]");
  assert.ok(![error.stack, String(error.cause), (error.cause as Error).stack].join().includes("sk_"));
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

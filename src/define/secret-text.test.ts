import assert from "node:assert/strict";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { secretText, type SecretText } from "./secret-text.ts";

const PLAIN = "sk_live_0123456789";
const secret = secretText(PLAIN);

test("a secret gives its text to whoever asks for just that", () => {
  assert.equal(secret.reveal(), PLAIN);
});

const ways: readonly (readonly [how: string, shown: () => unknown])[] = [
  ["String()", () => String(secret)],
  ["a template", () => `Bearer ${secret.toString()}`],
  ["joining", () => [secret, secret].join()],
  ["JSON", () => JSON.stringify({ token: secret })],
  ["inspecting", () => inspect({ deep: { token: secret } }, { depth: 9, showHidden: true })],
  ["console's format", () => format("%s %o %j %O", secret, secret, secret, secret)],
  ["an error's message", () => new Error("refused", { cause: secret }).stack + inspect(new Error(String(secret)))],
  ["a copy", () => inspect(structuredClone({ token: secret }))],
  ["spreading", () => inspect({ ...secret })],
  ["its properties", () => inspect(Reflect.ownKeys(secret).map((name) => Reflect.get(secret, name)))],
];
for (const [how, shown] of ways) {
  test(`${how} does not show it`, () => assert.ok(!String(shown()).includes("sk_live"), String(shown())));
}

test("its mark is the same for the same text, another for another, and can be seen in a log", () => {
  assert.match(String(secret), /^\[secret:[0-9a-f]{4}\]$/);
  assert.equal(String(secretText(PLAIN)), String(secret));
  assert.notEqual(String(secretText("another secret")), String(secret));
});

test("a text is no secret to the compiler, and a secret no text", () => {
  const takesSecret = (given: SecretText): string => String(given);
  const takesText = (given: string): string => given;
  // @ts-expect-error a text may be printed; a secret may not come from one unnoticed
  takesSecret(PLAIN);
  // @ts-expect-error whoever needs the text says so with reveal()
  takesText(secret);
});

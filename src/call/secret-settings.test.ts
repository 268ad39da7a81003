import assert from "node:assert/strict";
import { test } from "node:test";
import type { Auth } from "../define/auth.ts";
import type { Connector } from "../define/connector.ts";
import { shopConnector } from "../testing/small-shop.ts";
import { secretSettings, withLines } from "./secret-settings.ts";

const signed = { algorithm: "RS256", claims: () => ({}) } as const;
const oauth = { kind: "oauth2", tokenUrl: () => "", clientIdSetting: "id", clientAuth: "body" } as const;

const cases: readonly (readonly [Auth, readonly string[]])[] = [
  [{ kind: "none" }, []],
  [{ kind: "header", header: "x-key", setting: "key" }, ["key"]],
  [{ kind: "query", parameter: "key", setting: "key" }, ["key"]],
  [{ kind: "basic", usernameSetting: "user", passwordSetting: "password" }, ["password"]],
  [{ kind: "basic", usernameSetting: "user" }, ["user"]],
  [{ kind: "jwt", keySetting: "key", ...signed }, ["key"]],
  [{ kind: "signature", sign: () => ({}), secretSettings: ["one", "two"] }, ["one", "two"]],
  [{ ...oauth, clientSecretSetting: "secret", refreshTokenSetting: "token" }, ["secret", "token"]],
  [{ ...oauth, clientAuth: { kind: "private-key-jwt", keySetting: "key", algorithm: "RS256" } }, ["key"]],
  [{ ...oauth, grant: "jwt-bearer", assertion: { keySetting: "key", ...signed } }, ["key"]],
];
for (const [auth, expected] of cases) {
  test(`the secrets of ${auth.kind} are ${expected.join(" and ") || "none"}`, () => {
    const connector = { ...shopConnector, auth } as unknown as Connector;
    const { webhook: _without, ...rest } = connector;
    assert.deepEqual([...secretSettings(rest, {})], expected);
  });
}

test("what webhooks are checked with and the key of a certificate are secrets too", () => {
  const certificate = { certificateSetting: "cert", privateKeySetting: "key", passphraseSetting: "phrase" };
  const connector = { ...shopConnector, auth: { kind: "none" }, certificate } as unknown as Connector;
  assert.deepEqual([...secretSettings(connector, {})], [...shopConnector.webhook!.secretSettings, "key", "phrase"]);
});

test("each line of a private key is a secret by itself", () => {
  assert.deepEqual(withLines("-----BEGIN X-----\nabcdefghijkl\nshort\n-----END X-----\n").slice(1), ["abcdefghijkl"]);
  assert.deepEqual(withLines("one line"), ["one line"]);
});

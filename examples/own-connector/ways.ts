// Every way of signing in and every kind of limit, each as small as it can be: the tables of docs/writing-a-connector.md are
// held to this file, and this file to the types.
import { createHmac } from "node:crypto";
import type { Auth, Limit } from "../../src/index.ts";

/** For one of one's own: what the provider says is signed, and the header that proves it. */
const sign: Extract<Auth, { kind: "signature" }>["sign"] = ({ method, url, body = "", at }, { key }) => ({
  "x-time": String(at),
  "x-signature": createHmac("sha256", String(key)).update(`${method}\n${url}\n${at}\n`).update(body).digest("hex"),
});
const tokenUrl = (): string => "https://login.example/token";
const claims = (): Readonly<Record<string, unknown>> => ({ iss: "our-app", aud: "https://login.example" });
const key = { keySetting: "privateKey", algorithm: "RS256" } as const;
const authorize = { url: (): string => "https://login.example/authorize" };

export const waysToSignIn = [
  { kind: "none" },
  { kind: "header", header: "authorization", prefix: "Bearer ", setting: "token" },
  { kind: "query", parameter: "api_key", setting: "token" },
  { kind: "basic", usernameSetting: "user", passwordSetting: "password" },
  { kind: "jwt", keySetting: "privateKey", algorithm: "ES256", claims },
  { kind: "signature", sign, secretSettings: ["key"] },
  {
    kind: "oauth2",
    tokenUrl,
    authorize,
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    clientAuth: "basic",
  },
  {
    kind: "oauth2",
    grant: "client-credentials",
    tokenUrl,
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    clientAuth: "body",
  },
  {
    kind: "oauth2",
    grant: "jwt-bearer",
    tokenUrl,
    clientIdSetting: "clientId",
    clientAuth: "none",
    assertion: { ...key, claims },
  },
  {
    kind: "oauth2",
    grant: "token-exchange",
    tokenUrl,
    clientIdSetting: "clientId",
    clientAuth: "tls",
    assertion: { ...key, claims },
  },
] as const satisfies readonly Auth[];

export const kindsOfLimit = [
  { kind: "rate", name: "minute", count: 120, perMs: 60_000, every: true },
  { kind: "quota", name: "day", count: 5_000, day: { zone: "America/New_York" }, every: true },
  { kind: "concurrency", name: "at once", count: 5, every: true },
  { kind: "points", name: "cost", size: 1_000, perSecond: 50, every: true },
  { kind: "points-window", name: "units", size: 10_000, perMs: 60_000, costMost: 20, every: true },
  { kind: "rate", name: "channel", count: 1, perMs: 1_000, every: false, each: true },
] as const satisfies readonly Limit[];

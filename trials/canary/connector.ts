// A connector whose provider has every way of signing in and every bad habit; and which itself, now and then, quotes its
// settings in an error, as people's connectors do.
import { createHmac } from "node:crypto";
import { z } from "zod";
import { defineConnector, defineResource, env } from "../../src/index.ts";
import type { Auth, SignedJwt } from "../../src/define/auth.ts";
import type { Answer, Api, Webhook } from "../../src/define/connector.ts";
import type { Outcome } from "../../src/define/outcome.ts";
import type { Page } from "../../src/define/resource.ts";
import { type Account, type Kind, variableOf } from "./canaries.ts";

const record = z.looseObject({ id: z.string(), note: z.string(), version: z.string() });
export type Thing = z.infer<typeof record>;
const fields = z.object({ note: z.string(), trouble: z.string().optional() });

const settings = z.looseObject({ url: z.string(), clientId: z.string() });

const claims = (): Readonly<Record<string, unknown>> => ({ iss: "canary", aud: "probe" });
const jwt = (keySetting: string, algorithm: SignedJwt["algorithm"]): SignedJwt => ({
  kind: "jwt",
  keySetting,
  algorithm,
  claims,
  lifetimeMs: 5_000,
});
const oauth = {
  kind: "oauth2",
  tokenUrl: ({ url }) => `${String(url)}/token`,
  clientIdSetting: "clientId",
  refreshAheadMs: 1_000,
} as const satisfies Partial<Auth>;
const key = { keySetting: "privateKey", algorithm: "ES256" } as const;

const AUTH: Readonly<Record<Kind, Auth>> = {
  header: { kind: "header", header: "x-api-key", setting: "apiKey" },
  query: { kind: "query", parameter: "api_key", setting: "apiKey" },
  basic: { kind: "basic", usernameSetting: "user", passwordSetting: "password" },
  "basic-alone": { kind: "basic", usernameSetting: "apiKey" },
  "jwt-shared": jwt("shared", "HS256"),
  "jwt-key": jwt("privateKey", "ES256"),
  signature: {
    kind: "signature",
    secretSettings: ["signing", "account"],
    sign: ({ url, at }, { signing, account }) => ({
      "x-account": String(account),
      "x-signature": createHmac("sha256", String(signing)).update(`${at}${url}`).digest("hex"),
    }),
  },
  "oauth-refresh": {
    ...oauth,
    clientAuth: "body",
    clientSecretSetting: "clientSecret",
    refreshTokenSetting: "refreshToken",
  },
  "oauth-client": { ...oauth, grant: "client-credentials", clientAuth: "basic", clientSecretSetting: "clientSecret" },
  "oauth-private-key": {
    ...oauth,
    clientAuth: { kind: "private-key-jwt", ...key },
    refreshTokenSetting: "refreshToken",
  },
  "oauth-bearer": { ...oauth, grant: "jwt-bearer", clientAuth: "none", assertion: { ...key, claims } },
};

const webhook: Webhook = {
  secretSettings: ["hookSecret", "hookSecretBefore"],
  verify({ headers, body }, secrets) {
    if (headers["x-throw"] !== undefined) throw new Error(`cannot verify with ${secrets.join(" or ")}`);
    const signed = secrets.some((secret) => hookSignature(secret, body) === headers["x-hook"]);
    return signed ? { ok: true } : { ok: false, reason: `no secret fits, tried ${secrets.join(" and ")}` };
  },
  dedupeId: ({ headers }) => headers["x-id"] ?? "",
  events({ json }) {
    const { id } = z.looseObject({ id: z.string() }).parse(json);
    return [{ resource: "things", key: id }];
  },
  answerWithinMs: 5_000,
};

export function hookSignature(secret: string, body: Uint8Array): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** All that the connector knows, quoted: what must not come out, whoever prints it. */
function quoted(api: Api, slots: readonly string[]): string {
  const known = slots.map((slot) => String(api.settings[slot]));
  return `settings ${JSON.stringify(api.settings)}, ${known.join(", ")}, in JSON ${JSON.stringify(known)}`;
}

export function probe({ name, kind, slots }: Account) {
  const things = defineResource<Thing>({
    name: "things",
    schema: record,
    key: ({ id }) => id,
    version: ({ version }) => version,
    title: ({ id }) => `thing ${id}`,
    read: {
      keysMax: 1,
      async records(api, keys) {
        const { json } = await api.request({ method: "GET", path: `/things/${keys[0]!}` });
        return [json as Thing];
      },
    },
    everything: { page: (api) => pageOf(api, name, slots) },
    changes: { overlapMs: 1_000, page: (api) => pageOf(api, name, slots) },
  });
  const copies = defineResource<{ id: string }, z.infer<typeof fields>>({
    name: "copies",
    schema: z.looseObject({ id: z.string() }),
    key: ({ id }) => id,
    write: {
      fields,
      safety: { kind: "idempotency-key", retentionMs: 86_400_000 },
      async create(api, { fields: given, idempotencyKey }) {
        if (given.trouble === "connector") throw new Error(`the connector failed: ${quoted(api, slots)}`);
        const headers = { "idempotency-key": idempotencyKey };
        const { json } = await api.request({ method: "POST", path: "/copies", headers, body: given });
        return { key: String((json as { id: unknown }).id) };
      },
    },
  });
  const connector = defineConnector({
    name: `probe-${kind}`,
    title: `Probe ${kind}`,
    settings,
    baseUrl: ({ url }) => url,
    auth: AUTH[kind],
    limits: [],
    webhook,
    // As some do: the provider's own words, as they came.
    outcome: ({ status, text }: Answer): Outcome | undefined =>
      status === 422 || status === 403 ? { kind: status === 403 ? "denied" : "invalid", reason: text } : undefined,
    resources: { things, copies },
  });
  const secrets = Object.fromEntries(slots.map((slot) => [slot, env(variableOf(name, slot))]));
  const url = `${process.env["CANARY_URL"] ?? "http://127.0.0.1:1"}/${name}`;
  return connector.connect(name, { url, clientId: `client of ${name}`, ...secrets });
}

async function pageOf(api: Api, name: string, slots: readonly string[]): Promise<Page<Thing>> {
  const { json } = await api.request({ method: "GET", path: "/things" });
  const { records, broken } = json as { readonly records: readonly Thing[]; readonly broken?: boolean };
  if (broken === true) throw new Error(`cannot read a page of ${name}: ${quoted(api, slots)}`);
  return { records };
}

// A project for tests of connecting: one account at a small provider whose page a person has to visit.
import { z } from "zod";
import { defineConnector } from "../../define/define-connector.ts";
import { defineConfig, env } from "../../index.ts";
import { CLIENT } from "../../testing/small-authority.ts";

const bank = defineConnector({
  name: "bank",
  title: "A bank",
  settings: z.object({
    url: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
    branch: z.string().optional(),
  }),
  baseUrl: ({ url }) => url,
  auth: {
    kind: "oauth2",
    tokenUrl: ({ url }) => `${String(url)}/token`,
    revokeUrl: ({ url }) => `${String(url)}/revoke`,
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    clientAuth: "basic",
    scopes: ["read"],
    authorize: {
      url: ({ url }) => `${String(url)}/authorize`,
      tells: ({ callback: { branch } }) => (branch === undefined ? {} : { branch }),
    },
  },
  about: async (api) => {
    const { json } = await api.request({ method: "GET", path: "/me" });
    return z.object({ id: z.string(), plan: z.string() }).parse(json);
  },
  limits: [{ kind: "rate", name: "minute", count: 100, perMs: 60_000, every: true }],
  resources: {},
});

export default defineConfig({
  name: "connecting",
  connections: [bank.connect("money", { url: env("BANK_URL"), clientId: CLIENT.id, clientSecret: CLIENT.secret })],
  syncs: [],
  data: "state/bowline.db",
  port: 0,
  network: { privateAddresses: ["127.0.0.1"] },
});

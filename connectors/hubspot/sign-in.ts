// How a connection signs in: with the token of a private app or a service key, or with OAuth 2.
import type { Auth, HeaderAuth, OAuth2 } from "../../src/define/auth.ts";
import { API_VERSION } from "./crm-object.ts";
import type { HubSpotSettings } from "./settings.ts";

const TOKEN_HOST = "https://api.hubapi.com";

const SCOPES: readonly string[] = [
  "oauth",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
  "crm.objects.companies.read",
  "crm.objects.companies.write",
  "crm.objects.deals.read",
  "crm.objects.deals.write",
  "tickets",
];

const byToken: HeaderAuth = { kind: "header", header: "authorization", prefix: "Bearer ", setting: "accessToken" };

const byOAuth: OAuth2 = {
  kind: "oauth2",
  tokenUrl: ({ tokenUrl }) => (typeof tokenUrl === "string" ? tokenUrl : `${TOKEN_HOST}/oauth/${API_VERSION}/token`),
  revokeUrl: ({ tokenUrl }) =>
    `${typeof tokenUrl === "string" ? tokenUrl.replace(/\/+$/, "") : `${TOKEN_HOST}/oauth/${API_VERSION}/token`}/revoke`,
  clientIdSetting: "clientId",
  clientSecretSetting: "clientSecret",
  refreshTokenSetting: "refreshToken",
  // Since the third version of these addresses only the form is read.
  clientAuth: "body",
  scopes: ({ scopes }) => (Array.isArray(scopes) ? (scopes as readonly string[]) : SCOPES),
  authorize: {
    url: ({ region, baseUrl }) => {
      if (typeof baseUrl === "string") return `${baseUrl.replace(/\/+$/, "")}/oauth/authorize`;
      const host = typeof region !== "string" || region === "na1" ? "app" : `app-${region}`;
      return `https://${host}.hubspot.com/oauth/authorize`;
    },
    tells: ({ token }): Readonly<Record<string, string>> => {
      const account = token["hub_id"];
      return typeof account === "number" || typeof account === "string" ? { portalId: String(account) } : {};
    },
  },
  lifetimeMs: 1_800_000,
  // The refresh token stays the same until the app is uninstalled.
  afterLostAnswer: "always",
};

export function signIn({ accessToken }: HubSpotSettings): Auth {
  return accessToken === undefined ? byOAuth : byToken;
}

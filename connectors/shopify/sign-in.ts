// How a connection signs in: with the fixed token of a custom app that was made in the shop's admin, or, as an app of the Dev
// Dashboard, with tokens of a day that it is given for its client id and secret.
import type { Auth, HeaderAuth, OAuth2 } from "../../src/define/auth.ts";
import { shopUrl, type ShopifySettings } from "./settings.ts";

const HEADER = "X-Shopify-Access-Token";
const DAY_MS = 86_400_000;

const byToken: HeaderAuth = { kind: "header", header: HEADER, setting: "accessToken" };

/** Scopes are those of the app's version; none is asked for (shopify.dev, "Using the client credentials grant"). */
const byApp: OAuth2 = {
  kind: "oauth2",
  grant: "client-credentials",
  tokenUrl: (settings) => `${shopUrl(settings as ShopifySettings)}/admin/oauth/access_token`,
  clientIdSetting: "clientId",
  clientSecretSetting: "clientSecret",
  clientAuth: "body",
  lifetimeMs: DAY_MS,
  header: HEADER,
  prefix: "",
};

export function signIn({ accessToken }: ShopifySettings): Auth {
  return accessToken === undefined ? byApp : byToken;
}

// The three ways of signing in to Salesforce. None of its token answers says how long a token lives, and the token endpoint
// refuses a request that carries `scope`; so scopes are asked for on the page where a person agrees, and nowhere else.
import type { Auth, OAuth2 } from "../../src/define/auth.ts";
import { loginUrl, signInOf, tokenUrl, type SalesforceSettings } from "./settings.ts";

const SCOPES = ["api", "refresh_token"];
const SESSION_MINUTES = 120;
const MINUTE_MS = 60_000;
/** Salesforce takes no assertion that lives longer than five minutes. */
const ASSERTION_MS = 180_000;

export function authOf(settings: SalesforceSettings): Auth {
  const common: Omit<OAuth2, "grant"> = {
    kind: "oauth2",
    tokenUrl,
    clientIdSetting: "clientId",
    ...(settings.clientSecret === undefined ? {} : { clientSecretSetting: "clientSecret" }),
    clientAuth: settings.clientSecret === undefined ? "none" : "body",
    lifetimeMs: (settings.sessionMinutes ?? SESSION_MINUTES) * MINUTE_MS,
    revokeUrl: (given) => `${loginUrl(given)}/services/oauth2/revoke`,
  };
  switch (signInOf(settings)) {
    case "client-credentials":
      return { ...common, grant: "client-credentials" };
    case "jwt-bearer":
      return {
        ...common,
        grant: "jwt-bearer",
        assertion: {
          keySetting: "privateKey",
          algorithm: "RS256",
          lifetimeMs: ASSERTION_MS,
          claims: (given) => ({ iss: given["clientId"], sub: given["username"], aud: loginUrl(given) }),
        },
      };
    case "authorization-code":
      return {
        ...common,
        grant: "authorization-code",
        refreshTokenSetting: "refreshToken",
        scopes: SCOPES,
        authorize: {
          url: (given) => `${loginUrl(given)}/services/oauth2/authorize`,
          tells: ({ token }) => told(token),
        },
      };
  }
}

/** "https://login.salesforce.com/id/00D…/005…" names the org. */
function told(token: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const organizationId = typeof token["id"] === "string" ? /\/id\/(00D\w+)\//.exec(token["id"])?.[1] : undefined;
  return {
    ...(typeof token["instance_url"] === "string" ? { instanceUrl: token["instance_url"] } : {}),
    ...(organizationId === undefined ? {} : { organizationId }),
  };
}

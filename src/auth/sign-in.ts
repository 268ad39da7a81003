// Signs a call in: the headers that hold the credential, made anew only when the credential changes.
import type { Auth, OAuth2 } from "../define/auth.ts";
import { CallFailed } from "../define/outcome.ts";
import type { Credentials, OAuthAccount } from "./credentials.ts";

export interface SignedIn {
  /** The same object for as long as the credential is the same. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is secret in them. */
  readonly secrets: readonly string[];
}

export interface SignIn {
  /** Rejects with CallFailed: `reauthorize`, or `unavailable` and held. */
  headers(): SignedIn | Promise<SignedIn>;
  /** The provider did not take these. */
  refused(signed: SignedIn): void;
}

export function signInOf(
  auth: Auth,
  connection: string,
  settings: Readonly<Record<string, unknown>>,
  credentials: Credentials,
): SignIn {
  if (auth.kind === "none") return fixed({ headers: {}, secrets: [] });
  if (auth.kind === "header") {
    const secret = settings[auth.setting];
    if (typeof secret !== "string" || !/^[\x20-\x7e]+$/.test(secret)) return unset(connection, auth.setting);
    return fixed({ headers: { [auth.header.toLowerCase()]: `${auth.prefix ?? ""}${secret}` }, secrets: [secret] });
  }
  if (auth.kind !== "oauth2") throw new TypeError(`cannot sign in to ${connection}: ${auth.kind} is not known`);
  const account = accountOf(auth, connection, settings);
  return account === undefined
    ? unset(connection, auth.clientSecretSetting ?? auth.clientIdSetting)
    : bearer(account, credentials);
}

function fixed(signed: SignedIn): SignIn {
  return { headers: () => signed, refused: () => {} };
}

function unset(connection: string, setting: string): SignIn {
  const reason = `the setting "${setting}" holds no credential that can be sent: set it, and start again`;
  return {
    headers: () =>
      Promise.reject(new CallFailed({ kind: "reauthorize", reason }, `cannot sign in to ${connection}: ${reason}`)),
    refused: () => {},
  };
}

function bearer(account: OAuthAccount, credentials: Credentials): SignIn {
  let last = { token: "", signed: { headers: {}, secrets: [] } as SignedIn };
  const signedBy = (token: string): SignedIn => {
    if (token !== last.token) {
      last = { token, signed: { headers: { authorization: `Bearer ${token}` }, secrets: [token] } };
    }
    return last.signed;
  };
  return {
    headers() {
      const token = credentials.accessToken(account);
      return typeof token === "string" ? signedBy(token) : token.then(signedBy);
    },
    refused: ({ secrets }) => credentials.refused(account.connection, secrets[0] ?? ""),
  };
}

export function accountOf(
  auth: OAuth2,
  connection: string,
  settings: Readonly<Record<string, unknown>>,
): OAuthAccount | undefined {
  const clientId = settings[auth.clientIdSetting];
  const clientSecret = settings[auth.clientSecretSetting ?? ""];
  const firstRefreshToken = settings[auth.refreshTokenSetting ?? ""];
  if (typeof clientId !== "string" || typeof clientSecret !== "string") return undefined;
  return {
    connection,
    tokenUrl: auth.tokenUrl(settings),
    clientId,
    clientSecret,
    clientAuth: auth.clientAuth === "basic" ? "basic" : "body",
    ...(auth.scopes === undefined
      ? {}
      : { scopes: typeof auth.scopes === "function" ? auth.scopes(settings) : auth.scopes }),
    ...(typeof firstRefreshToken === "string" && firstRefreshToken !== "" ? { firstRefreshToken } : {}),
    ...(auth.refreshAheadMs === undefined ? {} : { refreshAheadMs: auth.refreshAheadMs }),
    ...(auth.graceMs === undefined ? {} : { graceMs: auth.graceMs }),
  };
}

// Signs a call in, however the connector says it is done: by headers made anew only when the credential changes, by a
// parameter that nobody logs, or by a signature over each request.
import type { Auth, SignedJwt } from "../define/auth.ts";
import { CallFailed } from "../define/outcome.ts";
import type { WireCertificate, WireRequest } from "../world/world.ts";
import type { Credentials } from "./credentials.ts";
import { accountOf, jwtKey, type OAuthAccount } from "./oauth-account.ts";
import { signedJwt, type JwtMakers } from "./signed-jwt.ts";

export interface SignedIn {
  /** The same object for as long as the credential is the same. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is secret in them. */
  readonly secrets: readonly string[];
  /** Puts on the request, as it is about to be sent, what belongs to this one alone. `at`: now. */
  readonly finish?: (request: WireRequest, at: number) => WireRequest;
}

export interface SignIn {
  /** Rejects with CallFailed: `reauthorize`, or `unavailable` and held. */
  headers(): SignedIn | Promise<SignedIn>;
  /** The provider did not take these. */
  refused(signed: SignedIn): void;
}

type Settings = Readonly<Record<string, unknown>>;

export interface SignInOptions {
  readonly connection: string;
  readonly settings: Settings;
  readonly credentials: Credentials;
  readonly makers: JwtMakers;
  readonly certificate?: WireCertificate;
}

export function signInOf(auth: Auth, options: SignInOptions): SignIn {
  const { connection, settings } = options;
  switch (auth.kind) {
    case "none":
      return fixed({ headers: {}, secrets: [] });
    case "header": {
      const secret = sendable(settings[auth.setting]);
      if (secret === undefined) return unset(connection, auth.setting);
      return fixed({ headers: { [auth.header.toLowerCase()]: `${auth.prefix ?? ""}${secret}` }, secrets: [secret] });
    }
    case "query": {
      const secret = settings[auth.setting];
      if (typeof secret !== "string" || secret === "") return unset(connection, auth.setting);
      return fixed(inQuery(auth.parameter, secret));
    }
    case "basic":
      return basic(auth, connection, settings);
    case "jwt":
      return jwt(auth, options);
    case "signature":
      return signature(auth, connection, settings);
    case "oauth2": {
      const account = accountOf(auth, connection, settings, options.certificate);
      return "unset" in account ? unset(connection, account.unset) : bearer(account, auth, options.credentials);
    }
  }
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

/** A secret that may stand in a header. */
function sendable(value: unknown): string | undefined {
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

/** The address without it is what is logged. */
function inQuery(parameter: string, secret: string): SignedIn {
  const pair = `${encodeURIComponent(parameter)}=${encodeURIComponent(secret)}`;
  const finish = (request: WireRequest): WireRequest => ({
    ...request,
    url: `${request.url}${request.url.includes("?") ? "&" : "?"}${pair}`,
  });
  return { headers: {}, secrets: [secret], finish };
}

function basic(
  { usernameSetting, passwordSetting }: Extract<Auth, { kind: "basic" }>,
  connection: string,
  settings: Settings,
): SignIn {
  const username = settings[usernameSetting];
  const password = passwordSetting === undefined ? "" : settings[passwordSetting];
  // A colon would end the name too early, and the rest of it would be taken for the password.
  if (typeof username !== "string" || username === "" || username.includes(":"))
    return unset(connection, usernameSetting);
  if (typeof password !== "string") return unset(connection, passwordSetting ?? usernameSetting);
  const pair = Buffer.from(`${username}:${password}`).toString("base64");
  const secrets = password === "" ? [username, pair] : [password, pair];
  return fixed({ headers: { authorization: `Basic ${pair}` }, secrets });
}

const JWT_LIFETIME_MS = 300_000;
/** A token that has less than this share of its life left is not sent any more: clocks differ. */
const JWT_LEFT_MIN = 1 / 5;

function jwt(auth: SignedJwt, { connection, settings, makers }: SignInOptions): SignIn {
  const key = jwtKey(auth, settings);
  if (key.key === "") return unset(connection, auth.keySetting);
  const lifetimeMs = auth.lifetimeMs ?? JWT_LIFETIME_MS;
  let current: { readonly signed: SignedIn; readonly until: number } | undefined;
  let signing: Promise<SignedIn> | undefined;

  async function sign(): Promise<SignedIn> {
    const at = makers.clock.now();
    const token = await signedJwt(makers, key, auth.claims(settings), lifetimeMs).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : "the key cannot be used";
      throw new CallFailed({ kind: "reauthorize", reason }, `cannot sign in to ${connection}: ${reason}`);
    });
    const signed = { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
    current = { signed, until: at + lifetimeMs * (1 - JWT_LEFT_MIN) };
    return signed;
  }

  return {
    headers() {
      if (current !== undefined && makers.clock.now() < current.until) return current.signed;
      signing ??= sign().finally(() => (signing = undefined));
      return signing;
    },
    refused(signed) {
      if (current?.signed === signed) current = undefined;
    },
  };
}

function signature(auth: Extract<Auth, { kind: "signature" }>, connection: string, settings: Settings): SignIn {
  const missing = auth.secretSettings.find((name) => typeof settings[name] !== "string" || settings[name] === "");
  if (missing !== undefined) return unset(connection, missing);
  const finish = (request: WireRequest, at: number): WireRequest => {
    const { method, url, headers, body } = request;
    if (typeof body === "object" && !(body instanceof Uint8Array)) {
      throw new TypeError(`cannot sign a call of ${connection}: expected its body whole, got a stream`);
    }
    const proof = auth.sign({ method, url, headers, body, at }, settings);
    const named = Object.entries(proof).map(([name, value]) => [name.toLowerCase(), value]);
    return { ...request, headers: { ...headers, ...(Object.fromEntries(named) as Record<string, string>) } };
  };
  return fixed({ headers: {}, secrets: auth.secretSettings.map((name) => String(settings[name])), finish });
}

function bearer(
  account: OAuthAccount,
  { header = "authorization", prefix = "Bearer " }: { readonly header?: string; readonly prefix?: string },
  credentials: Credentials,
): SignIn {
  let last = { token: "", signed: { headers: {}, secrets: [] } as SignedIn };
  const signedBy = (token: string): SignedIn => {
    if (token !== last.token) {
      last = { token, signed: { headers: { [header.toLowerCase()]: `${prefix}${token}` }, secrets: [token] } };
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

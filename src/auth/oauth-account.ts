// One connection's OAuth 2 client: what the connector declares, filled in from the settings.
import type { Assertion, ClientAuth, ClientCertificate, JwtAlgorithm, OAuth2 } from "../define/auth.ts";
import type { WireCertificate } from "../world/world.ts";
import type { JwtKey } from "./signed-jwt.ts";

type Settings = Readonly<Record<string, unknown>>;

export interface OAuthAccount {
  readonly connection: string;
  /** Default `authorization-code`. */
  readonly grant?: NonNullable<OAuth2["grant"]>;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly clientAuth: "basic" | "body" | "none" | "tls" | ({ readonly kind: "private-key-jwt" } & JwtKey);
  readonly scopes?: readonly string[];
  readonly tokenParameters?: Readonly<Record<string, string>>;
  readonly assertion?: JwtKey & {
    readonly claims: () => Readonly<Record<string, unknown>>;
    readonly lifetimeMs?: number;
  };
  readonly revokeUrl?: string;
  readonly certificate?: WireCertificate;
  /** The refresh token in the settings; used when none is kept, or when it is another than the one it began with. */
  readonly firstRefreshToken?: string;
  /** Default 120,000. */
  readonly refreshAheadMs?: number;
  /** Default 3,600,000. */
  readonly lifetimeMs?: number;
  /** Default 0. */
  readonly graceMs?: number;
  /** Default `within-grace`. */
  readonly afterLostAnswer?: NonNullable<OAuth2["afterLostAnswer"]>;
}

/** Its tokens are asked for without a person: by a secret, a key, or an exchange. */
export function needsNobody({ grant = "authorization-code" }: Pick<OAuthAccount, "grant">): boolean {
  return grant !== "authorization-code";
}

/** The account, or the name of the setting that holds nothing that can be used. */
export function accountOf(
  auth: OAuth2,
  connection: string,
  settings: Settings,
  certificate?: WireCertificate,
): OAuthAccount | { readonly unset: string } {
  const unset = [auth.clientIdSetting, auth.clientSecretSetting, ...keySettings(auth)].find(
    (name) => name !== undefined && textOf(settings, name) === undefined,
  );
  if (unset !== undefined) return { unset };
  const clientSecret = textOf(settings, auth.clientSecretSetting ?? "");
  const firstRefreshToken = textOf(settings, auth.refreshTokenSetting ?? "");
  const { assertion, scopes, grant, tokenParameters, revokeUrl } = auth;
  return {
    connection,
    tokenUrl: auth.tokenUrl(settings),
    clientId: String(settings[auth.clientIdSetting]),
    clientAuth: clientAuthOf(auth.clientAuth, settings),
    ...(grant === undefined ? {} : { grant }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(scopes === undefined ? {} : { scopes: scopesOf(scopes, settings) }),
    ...(tokenParameters === undefined ? {} : { tokenParameters: tokenParameters(settings) }),
    ...(assertion === undefined ? {} : { assertion: assertionOf(assertion, settings) }),
    ...(revokeUrl === undefined ? {} : { revokeUrl: revokeUrl(settings) }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(firstRefreshToken === undefined ? {} : { firstRefreshToken }),
    ...(auth.refreshAheadMs === undefined ? {} : { refreshAheadMs: auth.refreshAheadMs }),
    ...(auth.lifetimeMs === undefined ? {} : { lifetimeMs: auth.lifetimeMs }),
    ...(auth.graceMs === undefined ? {} : { graceMs: auth.graceMs }),
    ...(auth.afterLostAnswer === undefined ? {} : { afterLostAnswer: auth.afterLostAnswer }),
  };
}

function scopesOf(scopes: NonNullable<OAuth2["scopes"]>, settings: Settings): readonly string[] {
  return typeof scopes === "function" ? scopes(settings) : scopes;
}

/** Undefined: the connection shows no certificate, or its settings hold none. */
export function certificateOf(
  declared: ClientCertificate | undefined,
  settings: Settings,
): WireCertificate | undefined {
  if (declared === undefined) return undefined;
  const certificate = textOf(settings, declared.certificateSetting);
  const privateKey = textOf(settings, declared.privateKeySetting);
  const passphrase = textOf(settings, declared.passphraseSetting ?? "");
  if (certificate === undefined || privateKey === undefined) return undefined;
  return {
    certificate: lines(certificate),
    privateKey: lines(privateKey),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function keySettings({ clientAuth, assertion }: OAuth2): readonly string[] {
  const keys = typeof clientAuth === "object" ? [clientAuth.keySetting] : [];
  return assertion === undefined ? keys : [...keys, assertion.keySetting];
}

function clientAuthOf(declared: ClientAuth, settings: Settings): OAuthAccount["clientAuth"] {
  return typeof declared === "string" ? declared : { kind: "private-key-jwt", ...jwtKey(declared, settings) };
}

function assertionOf(declared: Assertion, settings: Settings): NonNullable<OAuthAccount["assertion"]> {
  const { claims, lifetimeMs } = declared;
  return {
    ...jwtKey(declared, settings),
    claims: () => claims(settings),
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
  };
}

export function jwtKey(
  declared: {
    readonly keySetting: string;
    readonly algorithm: JwtAlgorithm;
    readonly keyId?: (settings: Settings) => string | undefined;
  },
  settings: Settings,
): JwtKey {
  const keyId = declared.keyId?.(settings);
  return {
    key: textOf(settings, declared.keySetting) ?? "",
    algorithm: declared.algorithm,
    ...(keyId === undefined ? {} : { keyId }),
  };
}

function textOf(settings: Settings, name: string): string | undefined {
  const value = settings[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

const lines = (pem: string): string => pem.replaceAll("\\n", "\n");

// How a connection signs its calls in. A connector chooses from these; the engine keeps the credentials, renews them and
// puts them on each request, so that no connector ever holds a token.

type Settings = Readonly<Record<string, unknown>>;

export type Auth =
  | { readonly kind: "none" }
  | HeaderAuth
  /** Sends the secret kept in this setting as a parameter of the address; it is kept out of logs and errors. */
  | { readonly kind: "query"; readonly parameter: string; readonly setting: string }
  /** HTTP Basic. Without `passwordSetting` the password is empty, as where a key is the whole credential. */
  | { readonly kind: "basic"; readonly usernameSetting: string; readonly passwordSetting?: string }
  | OAuth2
  | SignedJwt
  /** Each request is signed by itself: the headers that prove it. `secrets` are what must never be shown. */
  | {
      readonly kind: "signature";
      readonly sign: (request: UnsignedRequest, settings: Settings) => Readonly<Record<string, string>>;
      readonly secretSettings: readonly string[];
    };

/** Sends the secret kept in this setting, in this header: `{prefix}{secret}`. */
export interface HeaderAuth {
  readonly kind: "header";
  readonly header: string;
  readonly prefix?: string;
  readonly setting: string;
}

/** A token that we sign ourselves for each few minutes and send as `Bearer`; nobody is asked for it. */
export interface SignedJwt {
  readonly kind: "jwt";
  /** The private key (PEM, PKCS 8) or, for HS256, the shared secret. */
  readonly keySetting: string;
  readonly algorithm: JwtAlgorithm;
  readonly keyId?: (settings: Settings) => string | undefined;
  readonly claims: (settings: Settings) => Readonly<Record<string, unknown>>;
  /** How long each token lives, in milliseconds. Default 300,000. */
  readonly lifetimeMs?: number;
}

export type JwtAlgorithm = "HS256" | "RS256" | "PS256" | "ES256" | "EdDSA";

/** The request as it will be sent, for those that sign each one. `at` is in milliseconds since 1970. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly at: number;
}

export interface OAuth2 {
  readonly kind: "oauth2";
  /**
   * How the first token is had. Default `authorization-code`: a person agrees on the provider's page (`bowline connect`), or
   * `refreshTokenSetting` holds a refresh token from elsewhere. The others need no person.
   */
  readonly grant?: "authorization-code" | "client-credentials" | "jwt-bearer" | "token-exchange";
  readonly tokenUrl: (settings: Settings) => string;
  readonly clientIdSetting: string;
  /** Absent for a public client and for those that prove themselves by a key or a certificate. */
  readonly clientSecretSetting?: string;
  /** Optional: `bowline connect` needs none. */
  readonly refreshTokenSetting?: string;
  readonly clientAuth: ClientAuth;
  /** The scopes that the connector needs; asked for, and compared with what was granted. */
  readonly scopes?: readonly string[] | ((settings: Settings) => readonly string[]);
  /** Sent with every request for a token: `resource`, `audience`, `requested_token_type`, … */
  readonly tokenParameters?: (settings: Settings) => Readonly<Record<string, string>>;
  /** `jwt-bearer` and `token-exchange`: what we assert. The engine adds `iat`, `exp` and `jti`, and signs. */
  readonly assertion?: Assertion;
  readonly authorize?: Authorize;
  /** Where a token is revoked (RFC 7009), when the connection is disconnected. */
  readonly revokeUrl?: (settings: Settings) => string;
  /** Refresh this long before the access token ends, in milliseconds. Default 120,000. */
  readonly refreshAheadMs?: number;
  /** How long an access token lives when the provider does not say, in milliseconds. Default 3,600,000. */
  readonly lifetimeMs?: number;
  /** How long a superseded refresh token still works, in milliseconds. Default 0. */
  readonly graceMs?: number;
  /**
   * A refresh token whose answer was lost may have been superseded, and a provider that detects reuse takes all tokens back
   * when it sees it again. Default `within-grace`: it is presented again only within `graceMs`, or where the provider is
   * known to give the same token back each time; otherwise a person connects again. `always`: the provider does not mind.
   */
  readonly afterLostAnswer?: "within-grace" | "always";
  /** What goes before the access token in `authorization`. Default "Bearer ". */
  readonly prefix?: string;
  /** The header that carries the access token. Default "authorization". */
  readonly header?: string;
}

/**
 * How the client proves itself at the token endpoint: id and secret in a header or in the form, a JWT signed with its key
 * (RFC 7523), the certificate of the connection (RFC 8705), or nothing but its id.
 */
export type ClientAuth =
  | "basic"
  | "body"
  | "none"
  | "tls"
  | {
      readonly kind: "private-key-jwt";
      readonly keySetting: string;
      readonly algorithm: JwtAlgorithm;
      readonly keyId?: (settings: Settings) => string | undefined;
    };

export interface Assertion {
  readonly keySetting: string;
  readonly algorithm: JwtAlgorithm;
  readonly keyId?: (settings: Settings) => string | undefined;
  readonly claims: (settings: Settings) => Readonly<Record<string, unknown>>;
  /** Default 180,000. */
  readonly lifetimeMs?: number;
}

/** The page where a person agrees. PKCE (S256), a one-time state and the exact redirect address are the engine's. */
export interface Authorize {
  readonly url: (settings: Settings) => string;
  /** Further parameters, such as `access_type: "offline"`. */
  readonly parameters?: (settings: Settings) => Readonly<Record<string, string>>;
  /** Between scopes. Default " ". */
  readonly scopeSeparator?: string;
  /** False only where the provider refuses requests with PKCE. Default true. */
  readonly pkce?: boolean;
  /** The issuer that the provider names in its answers (RFC 9207), when it does. */
  readonly issuer?: (settings: Settings) => string;
  /**
   * What the callback's own parameters or the token answer tell that the settings need (a company's id, an instance's
   * address): told to the person who connects, and compared with the settings where they are set.
   */
  readonly tells?: (facts: {
    readonly callback: Readonly<Record<string, string>>;
    readonly token: Readonly<Record<string, unknown>>;
  }) => Readonly<Record<string, string>>;
}

/** Settings that hold the certificate by which the connection shows itself in TLS (PEM). */
export interface ClientCertificate {
  readonly certificateSetting: string;
  readonly privateKeySetting: string;
  readonly passphraseSetting?: string;
}

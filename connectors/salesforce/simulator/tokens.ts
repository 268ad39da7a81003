// The authorization server: signs in by code, refresh token, JWT or client credentials, and keeps count of refresh tokens that
// were presented again. Sessions last as long as they are used.
import { createHash, createHmac, createVerify } from "node:crypto";
import type { Clock, Random } from "../../../src/world/world.ts";
import type { SalesforceSimulatorOptions, SalesforceSimulatorSettings } from "./options.ts";

const JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_MAX_SECONDS = 300;
const AUDIENCES = ["https://login.salesforce.com", "https://test.salesforce.com"];
const SCOPE = "refresh_token api id";

export interface TokenCounts {
  refreshes: number;
  /** Superseded refresh tokens that were presented again. */
  presentedTwice: number;
  refused: number;
}

interface Code {
  readonly challenge: string | undefined;
  readonly redirectUri: string;
}

export class Tokens {
  readonly counts: TokenCounts = { refreshes: 0, presentedTwice: 0, refused: 0 };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: SalesforceSimulatorOptions;
  readonly #settings: SalesforceSimulatorSettings;
  readonly #organizationId: string;
  readonly #userId: string;
  readonly #sessions = new Map<string, number>();
  readonly #refreshTokens = new Set<string>();
  readonly #superseded = new Set<string>();
  readonly #codes = new Map<string, Code>();
  #isActive = true;

  constructor(
    options: SalesforceSimulatorOptions,
    settings: SalesforceSimulatorSettings,
    who: { readonly organizationId: string; readonly userId: string },
  ) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#options = options;
    this.#settings = settings;
    this.#organizationId = who.organizationId;
    this.#userId = who.userId;
    if (options.refreshToken !== undefined) this.#refreshTokens.add(options.refreshToken);
  }

  /** Does this session last? Its use makes it last anew. */
  check(accessToken: string): boolean {
    const endsAt = this.#sessions.get(accessToken);
    if (endsAt === undefined || this.#clock.now() >= endsAt) return false;
    this.#sessions.set(accessToken, this.#clock.now() + this.#settings.sessionMs);
    return true;
  }

  /** Hands an access token to a test that is not about signing in. */
  hand(): string {
    const accessToken = `${this.#organizationId.slice(0, 15)}!AQ${this.#text(40)}`;
    this.#sessions.set(accessToken, this.#clock.now() + this.#settings.sessionMs);
    return accessToken;
  }

  /** As when a session is ended in Setup; the refresh token goes on working. */
  expireSessions(): void {
    this.#sessions.clear();
  }

  /** As when somebody revokes the app: no token works any more. */
  disconnect(): void {
    this.#sessions.clear();
    this.#refreshTokens.clear();
  }

  /** As when the user is frozen or switched off. */
  deactivateUser(): void {
    this.#isActive = false;
    this.#sessions.clear();
  }

  /** As when somebody connects the app anew. */
  connect(refreshToken: string): void {
    this.#refreshTokens.add(refreshToken);
  }

  authorize(url: URL): Response {
    const redirectUri = url.searchParams.get("redirect_uri") ?? "http://127.0.0.1/";
    const code = `aPrx${this.#text(24)}`;
    this.#codes.set(code, { challenge: url.searchParams.get("code_challenge") ?? undefined, redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    const state = url.searchParams.get("state");
    if (state !== null) back.searchParams.set("state", state);
    return new Response(null, { status: 302, headers: { location: back.href } });
  }

  async token(request: Request, origin: string): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const client = clientOf(request, form);
    if (form.has("scope")) return this.#refuse("invalid_request", "scope parameter not supported");
    const grant = form.get("grant_type") ?? "";
    if (grant === JWT_GRANT) return this.#byJwt(form.get("assertion") ?? "", origin);
    if (client.id !== this.#options.clientId) return this.#refuse("invalid_client_id", "client identifier invalid");
    const hasVerifier = form.has("code_verifier");
    if (
      client.secret !== this.#options.clientSecret &&
      !(client.secret === undefined && (hasVerifier || grant === "refresh_token"))
    ) {
      return this.#refuse("invalid_client", "invalid client credentials", 401);
    }
    switch (grant) {
      case "authorization_code":
        return this.#byCode(form, origin);
      case "refresh_token":
        return this.#byRefreshToken(form.get("refresh_token") ?? "", origin);
      case "client_credentials":
        return this.#isActive
          ? this.#give(origin)
          : this.#refuse("invalid_grant", "no client credentials user enabled");
      default:
        return this.#refuse("unsupported_grant_type", "grant type not supported");
    }
  }

  async revoke(request: Request): Promise<Response> {
    const given =
      request.method === "GET" ? new URL(request.url).searchParams : new URLSearchParams(await request.text());
    const token = given.get("token") ?? "";
    const known = this.#refreshTokens.delete(token) || this.#sessions.has(token);
    if (!known) return this.#refuse("unsupported_token_type", "this token type is not supported");
    this.#sessions.clear();
    return new Response(null, { status: 200 });
  }

  #byCode(form: URLSearchParams, origin: string): Response {
    const code = this.#codes.get(form.get("code") ?? "");
    this.#codes.delete(form.get("code") ?? "");
    if (code === undefined) return this.#refuse("invalid_grant", "expired authorization code");
    if (code.redirectUri !== form.get("redirect_uri"))
      return this.#refuse("redirect_uri_mismatch", "redirect_uri must match configuration");
    const verifier = form.get("code_verifier") ?? "";
    if (code.challenge !== undefined && createHash("sha256").update(verifier).digest("base64url") !== code.challenge) {
      return this.#refuse("invalid_grant", "invalid code verifier");
    }
    const refreshToken = `5Aep${this.#text(32)}`;
    this.#refreshTokens.add(refreshToken);
    return this.#give(origin, refreshToken);
  }

  #byRefreshToken(presented: string, origin: string): Response {
    if (this.#superseded.has(presented)) this.counts.presentedTwice += 1;
    if (!this.#isActive) return this.#refuse("invalid_grant", "inactive user");
    if (!this.#refreshTokens.has(presented)) return this.#refuse("invalid_grant", "expired access/refresh token");
    this.counts.refreshes += 1;
    if (!this.#settings.refreshTokenRotation) return this.#give(origin);
    this.#refreshTokens.delete(presented);
    this.#superseded.add(presented);
    const next = `5Aep${this.#text(32)}`;
    this.#refreshTokens.add(next);
    return this.#give(origin, next);
  }

  #byJwt(assertion: string, origin: string): Response {
    const { publicKey, clientId, username } = this.#options;
    const [header = "", payload = "", signature = ""] = assertion.split(".");
    const verifier = createVerify("RSA-SHA256").update(`${header}.${payload}`);
    if (publicKey === undefined || !verifier.verify(publicKey, signature, "base64url")) {
      return this.#refuse("invalid_grant", "invalid assertion");
    }
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Readonly<Record<string, unknown>>;
    const seconds = this.#clock.now() / 1000;
    const ends = Number(claims["exp"]);
    if (claims["iss"] !== clientId) return this.#refuse("invalid_client_id", "client identifier invalid");
    if (![...AUDIENCES, origin].includes(String(claims["aud"])))
      return this.#refuse("invalid_grant", "audience is invalid");
    if (!(ends > seconds && ends <= seconds + ASSERTION_MAX_SECONDS))
      return this.#refuse("invalid_grant", "assertion is expired");
    if (claims["sub"] !== username) return this.#refuse("invalid_grant", "user hasn't approved this consumer");
    if (!this.#isActive) return this.#refuse("invalid_grant", "inactive user");
    return this.#give(origin);
  }

  /** No answer says how long the session lasts. */
  #give(origin: string, refreshToken?: string): Response {
    const id = `${origin}/id/${this.#organizationId}/${this.#userId}`;
    const issuedAt = String(this.#clock.now());
    return Response.json({
      access_token: this.hand(),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      signature: createHmac("sha256", this.#options.clientSecret)
        .update(id + issuedAt)
        .digest("base64"),
      scope: SCOPE,
      instance_url: origin,
      id,
      token_type: "Bearer",
      issued_at: issuedAt,
    });
  }

  #refuse(error: string, description: string, status = 400): Response {
    this.counts.refused += 1;
    return Response.json({ error, error_description: description }, { status });
  }

  #text(bytes: number): string {
    return Buffer.from(this.#random.bytes(bytes)).toString("base64url");
  }
}

/** In a header or in the form. */
function clientOf(
  request: Request,
  form: URLSearchParams,
): { readonly id: string; readonly secret: string | undefined } {
  const basic = /^Basic (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (basic !== undefined) {
    const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
    return { id, secret };
  }
  return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? undefined };
}

// Xero's identity server: people agree, tokens are given, refreshed and revoked; and refresh tokens that were presented
// again are counted.
import { createHash } from "node:crypto";
import type { Clock, Random } from "../../../src/world/world.ts";
import { ALL_SCOPES, type XeroSimulatorOptions, type XeroSimulatorSettings } from "./options.ts";
import { uuid } from "./uuid.ts";

const CODE_MS = 5 * 60_000;

interface RefreshToken {
  readonly scopes: readonly string[];
  readonly since: number;
  supersededAt?: number;
}

interface AccessToken {
  readonly endsAt: number;
  readonly scopes: readonly string[];
}

interface Code {
  readonly at: number;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
}

export interface TokenCounts {
  refreshes: number;
  /** Superseded refresh tokens that were presented again, within their grace or after it. */
  presentedTwice: number;
  refused: number;
}

export type Worth =
  | { readonly kind: "good"; readonly scopes: readonly string[] }
  | { readonly kind: "expired"; readonly endedAt: number }
  | { readonly kind: "unknown" };

export class Tokens {
  readonly counts: TokenCounts = { refreshes: 0, presentedTwice: 0, refused: 0 };
  readonly connectionId: string;
  /** Is the organisation connected to the app? A token outlives the connection. */
  connected = true;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: XeroSimulatorOptions;
  readonly #settings: XeroSimulatorSettings;
  readonly #refreshTokens = new Map<string, RefreshToken>();
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #codes = new Map<string, Code>();
  #current: RefreshToken | undefined;

  constructor(options: XeroSimulatorOptions, settings: XeroSimulatorSettings) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#options = options;
    this.#settings = settings;
    this.connectionId = uuid(options.random);
    this.#keep(options.refreshToken, options.scopes ?? ALL_SCOPES);
  }

  check(accessToken: string): Worth {
    const token = this.#accessTokens.get(accessToken);
    if (token === undefined) return { kind: "unknown" };
    if (this.#clock.now() >= token.endsAt) return { kind: "expired", endedAt: token.endsAt };
    return { kind: "good", scopes: token.scopes };
  }

  /** Hands an access token to a test that is not about signing in. */
  hand(scopes: readonly string[] = this.#options.scopes ?? ALL_SCOPES): string {
    const now = this.#clock.now();
    const claims = { exp: Math.floor((now + this.#settings.accessTokenMs) / 1_000), scope: scopes, jti: this.#text(8) };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const accessToken = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.${this.#text(32)}`;
    this.#accessTokens.set(accessToken, { endsAt: now + this.#settings.accessTokenMs, scopes });
    return accessToken;
  }

  /** Somebody agrees in their browser: the code comes back in the redirect. */
  authorize(url: URL): string {
    const code = this.#text(24);
    this.#codes.set(code, {
      at: this.#clock.now(),
      redirectUri: url.searchParams.get("redirect_uri") ?? "",
      scopes: (url.searchParams.get("scope") ?? "").split(" ").filter((scope) => scope !== ""),
      challenge: url.searchParams.get("code_challenge"),
    });
    this.connected = true;
    return code;
  }

  async token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    if (!this.#isClient(request, form)) return this.#refuse("invalid_client");
    switch (form.get("grant_type")) {
      case "refresh_token":
        return this.#refresh(form.get("refresh_token") ?? "");
      case "authorization_code":
        return this.#exchange(form);
      case "client_credentials": {
        const asked = (form.get("scope") ?? "")
          .split(" ")
          .filter((scope) => scope !== "" && scope !== "offline_access");
        return this.#give(asked.length > 0 ? asked : ALL_SCOPES.slice(1), undefined);
      }
      default:
        return this.#refuse("unsupported_grant_type");
    }
  }

  async revoke(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    if (!this.#isClient(request, form)) return this.#refuse("invalid_client");
    if (this.#refreshTokens.has(form.get("token") ?? "")) this.revokeAll();
    return new Response(null, { status: 200 });
  }

  /** No token works any more, and no organisation is connected. */
  revokeAll(): void {
    this.#refreshTokens.clear();
    this.#accessTokens.clear();
    this.#current = undefined;
    this.connected = false;
  }

  /** As when somebody removes the app in Xero: tokens go on, and reach no organisation. */
  disconnect(): void {
    this.connected = false;
  }

  /** As when somebody connects the app anew. */
  connect(refreshToken: string): void {
    this.connected = true;
    this.#keep(refreshToken, this.#options.scopes ?? ALL_SCOPES);
  }

  expireAccessTokens(): void {
    const now = this.#clock.now();
    for (const [text, { scopes }] of this.#accessTokens) this.#accessTokens.set(text, { endsAt: now, scopes });
  }

  #refresh(text: string): Response {
    const presented = this.#refreshTokens.get(text);
    const now = this.#clock.now();
    if (presented === undefined) return this.#refuse("invalid_grant");
    if (presented.supersededAt !== undefined) {
      this.counts.presentedTwice += 1;
      if (now - presented.supersededAt >= this.#settings.refreshTokenGraceMs) return this.#refuse("invalid_grant");
    } else if (now - presented.since >= this.#settings.refreshTokenUnusedMs) {
      return this.#refuse("invalid_grant");
    }
    this.counts.refreshes += 1;
    return this.#give(presented.scopes, this.#next(presented.scopes));
  }

  #exchange(form: URLSearchParams): Response {
    const text = form.get("code") ?? "";
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    if (code === undefined || this.#clock.now() - code.at >= CODE_MS) return this.#refuse("invalid_grant");
    if (code.redirectUri !== form.get("redirect_uri") || !fits(code.challenge, form.get("code_verifier"))) {
      return this.#refuse("invalid_grant");
    }
    const keeps = code.scopes.includes("offline_access");
    return this.#give(code.scopes, keeps ? this.#next(code.scopes) : undefined);
  }

  #give(scopes: readonly string[], refreshToken: string | undefined): Response {
    return Response.json(
      {
        access_token: this.hand(scopes),
        expires_in: Math.floor(this.#settings.accessTokenMs / 1_000),
        token_type: "Bearer",
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
        scope: scopes.join(" "),
      },
      { headers: { "cache-control": "no-store, no-cache" } },
    );
  }

  #next(scopes: readonly string[]): string {
    const text = this.#text(32);
    this.#keep(text, scopes);
    return text;
  }

  #keep(text: string, scopes: readonly string[]): void {
    const now = this.#clock.now();
    if (this.#current !== undefined) this.#current.supersededAt ??= now;
    this.#current = { scopes, since: now };
    this.#refreshTokens.set(text, this.#current);
  }

  #isClient(request: Request, form: URLSearchParams): boolean {
    const { clientId, clientSecret } = this.#options;
    const basic = request.headers.get("authorization");
    if (basic === null) return form.get("client_id") === clientId && form.get("client_secret") === clientSecret;
    const [kind, credentials = ""] = basic.split(" ");
    const [id = "", secret = ""] = Buffer.from(credentials, "base64").toString().split(":").map(decodeURIComponent);
    return kind === "Basic" && id === clientId && secret === clientSecret;
  }

  #refuse(error: string): Response {
    this.counts.refused += 1;
    return Response.json({ error }, { status: 400 });
  }

  #text(bytes: number): string {
    return Buffer.from(this.#random.bytes(bytes)).toString("base64url");
  }
}

function fits(challenge: string | null, verifier: string | null): boolean {
  if (challenge === null) return true;
  return (
    createHash("sha256")
      .update(verifier ?? "")
      .digest("base64url") === challenge
  );
}

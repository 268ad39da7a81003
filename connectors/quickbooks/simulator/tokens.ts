// The authorization server: gives and refreshes tokens, and keeps count of refresh tokens that were presented again.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { QuickBooksSimulatorOptions, QuickBooksSimulatorSettings } from "./options.ts";

const DAY_MS = 86_400_000;
const REFRESH_TOKEN_SECONDS = 8_726_400;

interface RefreshToken {
  readonly text: string;
  readonly since: number;
  supersededAt?: number;
}

export interface TokenCounts {
  refreshes: number;
  /** Superseded refresh tokens that were presented again, within their grace or after it. */
  presentedTwice: number;
  refused: number;
}

export class Tokens {
  readonly counts: TokenCounts = { refreshes: 0, presentedTwice: 0, refused: 0 };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: QuickBooksSimulatorOptions;
  readonly #settings: QuickBooksSimulatorSettings;
  readonly #refreshTokens = new Map<string, RefreshToken>();
  readonly #accessTokens = new Map<string, number>();
  readonly #codes = new Set<string>();
  #current: RefreshToken | undefined;

  constructor(options: QuickBooksSimulatorOptions, settings: QuickBooksSimulatorSettings) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#options = options;
    this.#settings = settings;
    this.#supersede(options.refreshToken);
  }

  /** What an access token is worth now. */
  check(accessToken: string): "good" | "expired" | "unknown" {
    const endsAt = this.#accessTokens.get(accessToken);
    return endsAt === undefined ? "unknown" : this.#clock.now() < endsAt ? "good" : "expired";
  }

  /** Somebody agrees in their browser: the code comes back in the redirect. */
  authorize(): string {
    const code = `XAB${this.#text(24)}`;
    this.#codes.add(code);
    return code;
  }

  /** Hands an access token to a test that is not about signing in. */
  hand(): string {
    const accessToken = `eyJ${this.#text(40)}`;
    this.#accessTokens.set(accessToken, this.#clock.now() + this.#settings.accessTokenMs);
    return accessToken;
  }

  async token(request: Request): Promise<Response> {
    if (!this.#isClient(request)) return this.#refuse(401, "invalid_client", "The client's id or secret is wrong");
    const form = new URLSearchParams(await request.text());
    const grant = form.get("grant_type");
    if (grant === "authorization_code" && this.#codes.delete(form.get("code") ?? "")) return this.#give(true);
    if (grant !== "refresh_token") return this.#refuse(400, "invalid_grant", "Invalid authorization code");
    return this.#refresh(form.get("refresh_token") ?? "");
  }

  async revoke(request: Request): Promise<Response> {
    if (!this.#isClient(request)) return this.#refuse(401, "invalid_client", "The client's id or secret is wrong");
    const text = await request.text();
    const token = text.startsWith("{")
      ? String((JSON.parse(text) as Record<string, unknown>)["token"])
      : (new URLSearchParams(text).get("token") ?? "");
    if (!this.#refreshTokens.has(token) && !this.#accessTokens.has(token)) {
      return this.#refuse(400, "invalid_request", "The token is not known");
    }
    this.disconnect();
    return new Response(null, { status: 200 });
  }

  /** As when somebody disconnects the app in QuickBooks: no token works any more. */
  disconnect(): void {
    this.#refreshTokens.clear();
    this.#accessTokens.clear();
    this.#current = undefined;
  }

  /** As when somebody connects the app anew. */
  connect(refreshToken: string): void {
    this.#supersede(refreshToken);
  }

  /** Ends every access token at once, as when Intuit's gateway forgets them. */
  expireAccessTokens(): void {
    for (const token of this.#accessTokens.keys()) this.#accessTokens.set(token, this.#clock.now());
  }

  #refresh(text: string): Response {
    const presented = this.#refreshTokens.get(text);
    if (presented === undefined) return this.#refuse(400, "invalid_grant", "Incorrect or invalid refresh token");
    if (presented.supersededAt !== undefined) {
      this.counts.presentedTwice += 1;
      if (this.#clock.now() - presented.supersededAt >= this.#settings.refreshTokenGraceMs) {
        return this.#refuse(400, "invalid_grant", "Incorrect or invalid refresh token");
      }
      return this.#give(false);
    }
    this.counts.refreshes += 1;
    const isOld = this.#clock.now() - presented.since >= DAY_MS;
    return this.#give(this.#settings.refreshTokenRotation === "always" || isOld);
  }

  #give(rotate: boolean): Response {
    if (rotate) this.#supersede(`RT1-${this.#text(30)}`);
    const accessToken = this.hand();
    return Response.json(
      {
        token_type: "bearer",
        access_token: accessToken,
        expires_in: Math.floor(this.#settings.accessTokenMs / 1000),
        refresh_token: this.#current?.text,
        x_refresh_token_expires_in: REFRESH_TOKEN_SECONDS,
      },
      { headers: this.#trace() },
    );
  }

  #supersede(text: string): void {
    if (this.#current !== undefined) this.#current.supersededAt = this.#clock.now();
    this.#current = { text, since: this.#clock.now() };
    this.#refreshTokens.set(text, this.#current);
  }

  #isClient(request: Request): boolean {
    const { clientId, clientSecret } = this.#options;
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
    return request.headers.get("authorization") === expected;
  }

  #refuse(status: number, error: string, description: string): Response {
    this.counts.refused += 1;
    return Response.json({ error, error_description: description }, { status, headers: this.#trace() });
  }

  #trace(): Record<string, string> {
    return { intuit_tid: this.#text(12), "cache-control": "no-cache, no-store" };
  }

  #text(bytes: number): string {
    return Buffer.from(this.#random.bytes(bytes)).toString("hex");
  }
}

// HubSpot's authorization server: half-hour access tokens for a refresh token that stays the same until the app is
// uninstalled, and the tokens of private apps, which stay until they are replaced.
import type { Clock, Random } from "../../../src/world/world.ts";
import { partOf } from "./call.ts";
import type { HubSpotSimulatorOptions, HubSpotSimulatorSettings } from "./options.ts";

export interface TokenCounts {
  refreshes: number;
  refused: number;
}

export type Worth =
  | { readonly kind: "good"; readonly app: "oauth" | "private" }
  | { readonly kind: "expired"; readonly endedMs: number }
  | { readonly kind: "unknown" };

interface Granted {
  readonly redirectUri: string;
  readonly challenge: string | undefined;
}

export class Tokens {
  readonly counts: TokenCounts = { refreshes: 0, refused: 0 };
  /** What both apps were granted; can be changed while it runs. */
  scopes: readonly string[];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: HubSpotSimulatorOptions;
  readonly #settings: HubSpotSimulatorSettings;
  readonly #portalId: string;
  readonly #accessTokens = new Map<string, number>();
  readonly #codes = new Map<string, Granted>();
  #refreshToken: string | undefined;
  #privateAppToken: string | undefined;

  constructor(options: HubSpotSimulatorOptions, settings: HubSpotSimulatorSettings, portalId: string) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#options = options;
    this.#settings = settings;
    this.#portalId = portalId;
    this.#refreshToken = options.refreshToken;
    this.#privateAppToken = options.privateAppToken;
    this.scopes = settings.scopes;
  }

  check(token: string): Worth {
    if (token !== "" && token === this.#privateAppToken) return { kind: "good", app: "private" };
    const endsAt = this.#accessTokens.get(token);
    if (endsAt === undefined) return { kind: "unknown" };
    const endedMs = this.#clock.now() - endsAt;
    return endedMs < 0 ? { kind: "good", app: "oauth" } : { kind: "expired", endedMs };
  }

  /** An access token of the OAuth app, for tests that are not about signing in. */
  hand(): string {
    const token = `CL${this.#text(120)}`;
    this.#accessTokens.set(token, this.#clock.now() + this.#settings.accessTokenMs);
    return token;
  }

  /** As when somebody replaces the private app's token. */
  replacePrivateAppToken(token: string): void {
    this.#privateAppToken = token;
  }

  /** As when somebody uninstalls the app: no token of it works any more. */
  uninstall(): void {
    this.#refreshToken = undefined;
    this.#accessTokens.clear();
  }

  expireAccessTokens(): void {
    for (const token of this.#accessTokens.keys()) this.#accessTokens.set(token, this.#clock.now());
  }

  /** The page where somebody agrees: they do, at once. */
  authorize(url: URL): Response {
    const parameters = url.searchParams;
    const redirectUri = parameters.get("redirect_uri") ?? "";
    if (parameters.get("client_id") !== this.#options.clientId || !URL.canParse(redirectUri)) {
      return new Response("This app does not exist", { status: 400, headers: { "content-type": "text/html" } });
    }
    const code = `na1-${this.#text(20)}`;
    this.#codes.set(code, { redirectUri, challenge: parameters.get("code_challenge") ?? undefined });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    const state = parameters.get("state");
    if (state !== null) back.searchParams.set("state", state);
    return new Response(null, { status: 302, headers: { location: back.href } });
  }

  /** The first version reads the address's query too, the later ones the form only. */
  async token(request: Request, version: string): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    if (version === "v1") for (const [name, value] of new URL(request.url).searchParams) form.append(name, value);
    const { clientId, clientSecret } = this.#options;
    if (form.get("client_id") !== clientId) return this.#refuse("BAD_CLIENT_ID", "missing or unknown client id");
    if (form.get("client_secret") !== clientSecret)
      return this.#refuse("BAD_CLIENT_SECRET", "missing or wrong client secret");
    const grant = form.get("grant_type");
    if (grant === "authorization_code") return this.#exchange(form, version);
    if (grant !== "refresh_token") return this.#refuse("BAD_GRANT_TYPE", "missing or unknown grant type");
    if (this.#refreshToken === undefined || form.get("refresh_token") !== this.#refreshToken) {
      return this.#refuse("BAD_REFRESH_TOKEN", "missing or invalid refresh token");
    }
    this.counts.refreshes += 1;
    return this.#give(version);
  }

  async introspect(request: Request): Promise<Response> {
    const token = new URLSearchParams(await request.text()).get("token") ?? "";
    return Response.json(this.#told(token));
  }

  async revoke(request: Request): Promise<Response> {
    const token = new URLSearchParams(await request.text()).get("token") ?? "";
    if (token === this.#refreshToken) this.uninstall();
    return new Response(null, { status: 204 });
  }

  /** `GET /oauth/v1/access-tokens/{token}`, and `GET` and `DELETE` of `refresh-tokens`. */
  byToken(kind: string, token: string, method: string): Response {
    const isKnown = kind === "refresh-tokens" ? token === this.#refreshToken : this.check(token).kind === "good";
    if (!isKnown) return Response.json({ status: "error", message: "token not found" }, { status: 404 });
    if (method === "DELETE" && kind === "refresh-tokens") {
      this.uninstall();
      return new Response(null, { status: 204 });
    }
    return Response.json({ ...this.#told(token), token });
  }

  #exchange(form: URLSearchParams, version: string): Response {
    const code = form.get("code") ?? "";
    const granted = this.#codes.get(code);
    this.#codes.delete(code);
    if (granted === undefined || granted.redirectUri !== form.get("redirect_uri")) {
      return this.#refuse("BAD_AUTH_CODE", "missing or unknown auth code");
    }
    if (granted.challenge !== undefined && (form.get("code_verifier") ?? "") === "") {
      return this.#refuse("BAD_AUTH_CODE", "missing code verifier");
    }
    this.#refreshToken ??= this.#text(18);
    return this.#give(version);
  }

  #give(version: string): Response {
    const more = {
      token_use: "access_token",
      hub_id: Number(this.#portalId),
      user_id: 293199,
      scopes: this.scopes,
    };
    return Response.json({
      token_type: "bearer",
      refresh_token: this.#refreshToken,
      access_token: this.hand(),
      expires_in: Math.floor(this.#settings.accessTokenMs / 1000),
      ...(version === "v1" ? {} : more),
    });
  }

  #told(token: string): Readonly<Record<string, unknown>> {
    const isRefresh = token !== "" && token === this.#refreshToken;
    const isGood = this.check(token).kind === "good";
    if (!isRefresh && !isGood) return { active: false };
    return partOf({
      active: true,
      client_id: this.#options.clientId,
      app_id: 9393361,
      hub_id: Number(this.#portalId),
      hub_domain: `simulated-${this.#portalId}.example`,
      user: "amy@example.com",
      user_id: 293199,
      scopes: this.scopes,
      token_type: isRefresh ? "refresh" : "access",
      token_use: isRefresh ? "refresh_token" : "access_token",
      expires_in: Math.max(0, Math.floor(((this.#accessTokens.get(token) ?? 0) - this.#clock.now()) / 1000)),
    });
  }

  #refuse(status: string, message: string): Response {
    this.counts.refused += 1;
    return Response.json({ status, message, correlationId: this.#text(8) }, { status: 400 });
  }

  #text(bytes: number): string {
    return Buffer.from(this.#random.bytes(bytes)).toString("hex");
  }
}

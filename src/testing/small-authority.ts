// A small provider that signs people in, for tests and trials: authorization code with PKCE, refresh tokens that rotate, with
// reuse detection (all tokens of a family go when a superseded one is presented outside its grace), and revocation.
import { createHash } from "node:crypto";
import type { Clock, Random } from "../world/world.ts";

export interface SmallAuthorityOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly issuer?: string;
  /** How long a superseded refresh token still works. Default 0. */
  readonly graceMs?: number;
  /** Default 3,600,000. */
  readonly accessTokenMs?: number;
  /** The only addresses that it sends people back to. Default: any. */
  readonly redirectUris?: readonly string[];
  /** What else it tells the person's browser. */
  readonly tells?: Readonly<Record<string, string>>;
}

export const CLIENT = { id: "client-1", secret: "client-secret-1" } as const;

/** All tokens that came of one authorisation. */
export interface Family {
  readonly name: string;
  readonly graceMs: number;
  revoked: boolean;
  /** Refresh tokens that were presented, and when first. */
  readonly used: Map<string, number>;
  readonly access: Map<string, number>;
}

interface Code {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly scope: string;
  used: boolean;
}

export class SmallAuthority {
  /** Superseded refresh tokens that were presented again outside their grace. */
  readonly presentedTwice: string[] = [];
  presentedInGrace = 0;
  refreshes = 0;
  /** Token requests with a code. */
  exchanges = 0;
  readonly revocations: string[] = [];
  readonly families = new Map<string, Family>();
  readonly #options: SmallAuthorityOptions;
  readonly #codes = new Map<string, Code>();
  /** Refresh tokens, and whose they are. */
  readonly #refresh = new Map<string, Family>();

  constructor(options: SmallAuthorityOptions) {
    this.#options = options;
  }

  /** An account that was connected elsewhere, and has this refresh token. */
  seed(name: string, refreshToken: string, graceMs = this.#options.graceMs ?? 0): Family {
    const family: Family = { name, graceMs, revoked: false, used: new Map(), access: new Map() };
    this.families.set(name, family);
    this.#refresh.set(refreshToken, family);
    return family;
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /authorize":
        return this.#authorize(url);
      case "POST /token":
        return this.#token(request, new URLSearchParams(await request.text()));
      case "POST /revoke":
        return this.#revoke(new URLSearchParams(await request.text()));
      case "GET /me":
        return this.#me(request);
      default:
        return new Response("", { status: 404 });
    }
  }

  /** Whether an access token still opens anything, and whose. */
  ownerOf(accessToken: string): Family | undefined {
    const now = this.#options.clock.now();
    return [...this.families.values()].find(({ revoked, access }) => !revoked && (access.get(accessToken) ?? 0) > now);
  }

  /** The person agrees at once. */
  #authorize({ searchParams }: URL): Response {
    const redirectUri = searchParams.get("redirect_uri") ?? "";
    const { redirectUris, issuer, tells = {} } = this.#options;
    const isKnown = redirectUris === undefined || redirectUris.includes(redirectUri);
    if (!isKnown || searchParams.get("client_id") !== CLIENT.id) return new Response("not for you", { status: 400 });
    const code = this.#draw("code");
    const challenge = searchParams.get("code_challenge");
    this.#codes.set(code, { redirectUri, challenge, scope: searchParams.get("scope") ?? "", used: false });
    const back = new URL(redirectUri);
    const answer = {
      ...tells,
      code,
      state: searchParams.get("state") ?? "",
      ...(issuer === undefined ? {} : { iss: issuer }),
    };
    for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
    return new Response("", { status: 302, headers: { location: back.href } });
  }

  #token(request: Request, form: URLSearchParams): Response {
    const proof = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64")}`;
    if (request.headers.get("authorization") !== proof) return refusal(401, "invalid_client");
    if (form.get("grant_type") === "authorization_code") return this.#exchange(form);
    if (form.get("grant_type") === "refresh_token") return this.#rotate(form.get("refresh_token") ?? "");
    return refusal(400, "unsupported_grant_type");
  }

  #exchange(form: URLSearchParams): Response {
    this.exchanges += 1;
    const code = this.#codes.get(form.get("code") ?? "");
    if (code === undefined || code.used || code.redirectUri !== form.get("redirect_uri")) {
      return refusal(400, "invalid_grant");
    }
    code.used = true;
    const verifier = form.get("code_verifier");
    const challenge = verifier === null ? null : createHash("sha256").update(verifier).digest("base64url");
    // A request whose challenge was taken out on the way has none that our verifier could fit (RFC 9700, 4.8.2).
    if (challenge !== code.challenge) return refusal(400, "invalid_grant");
    const family = this.seed(`person-${this.families.size}`, this.#draw("unused"));
    return this.#give(family, code.scope);
  }

  #rotate(token: string): Response {
    const family = this.#refresh.get(token);
    if (family === undefined || family.revoked) return refusal(400, "invalid_grant");
    const now = this.#options.clock.now();
    const usedAt = family.used.get(token);
    if (usedAt !== undefined && now >= usedAt + family.graceMs) {
      this.presentedTwice.push(`${family.name} ${token}`);
      family.revoked = true;
      return refusal(400, "invalid_grant");
    }
    if (usedAt === undefined) family.used.set(token, now);
    else this.presentedInGrace += 1;
    this.refreshes += 1;
    return this.#give(family, "");
  }

  #give(family: Family, scope: string): Response {
    const { clock, accessTokenMs = 3_600_000 } = this.#options;
    const [access, refresh] = [this.#draw("a"), this.#draw("r")];
    family.access.set(access, clock.now() + accessTokenMs);
    this.#refresh.set(refresh, family);
    return Response.json({
      access_token: access,
      refresh_token: refresh,
      token_type: "bearer",
      expires_in: accessTokenMs / 1000,
      ...(scope === "" ? {} : { scope }),
    });
  }

  #revoke(form: URLSearchParams): Response {
    const token = form.get("token") ?? "";
    this.revocations.push(token);
    const family = this.#refresh.get(token);
    if (family !== undefined) family.revoked = true;
    for (const { access } of this.families.values()) access.delete(token);
    return new Response("");
  }

  #me(request: Request): Response {
    const token = (request.headers.get("authorization") ?? "").replace("Bearer ", "");
    const family = this.ownerOf(token);
    return family === undefined ? refusal(401, "invalid_token") : Response.json({ id: family.name, plan: "small" });
  }

  #draw(kind: string): string {
    return `${kind}-${Buffer.from(this.#options.random.bytes(12)).toString("hex")}`;
  }
}

const refusal = (status: number, error: string): Response => Response.json({ error }, { status });

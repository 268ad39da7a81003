// Connect's own small authorization server: a code for the account that agreed, and taking it back.
import type { Random } from "../../../src/world/world.ts";
import { newId } from "./ids.ts";
import type { Keys } from "./keys.ts";

export class OAuth {
  readonly #random: Random;
  readonly #keys: Keys;
  readonly #codes = new Map<string, string>();
  readonly #refreshTokens = new Map<string, string>();

  constructor(random: Random, keys: Keys) {
    this.#random = random;
    this.#keys = keys;
  }

  /** Somebody agrees in their browser: the code that comes back for their account. */
  authorize(account: string): string {
    const code = newId(this.#random, "ac", 32);
    this.#codes.set(code, account);
    return code;
  }

  async fetch(request: Request, url: URL): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const key = form.get("client_secret") ?? this.#keys.of(request);
    if (this.#keys.refuses(key) !== undefined) return refuse(401, "invalid_client", "No such API key");
    if (url.pathname === "/oauth/deauthorize") return this.#deauthorize(form);
    if (url.pathname !== "/oauth/token") return refuse(404, "invalid_request", "No such path");
    const grant = form.get("grant_type");
    if (grant === "authorization_code") return this.#give(this.#codes, form.get("code") ?? "");
    if (grant === "refresh_token") return this.#give(this.#refreshTokens, form.get("refresh_token") ?? "");
    return refuse(400, "unsupported_grant_type", `Unsupported grant type: ${grant}`);
  }

  #give(given: Map<string, string>, text: string): Response {
    const account = given.get(text);
    if (account === undefined) return refuse(400, "invalid_grant", `Authorization code does not exist: ${text}`);
    if (given === this.#codes) given.delete(text);
    const access = newId(this.#random, "sk_test", 32);
    const refresh = newId(this.#random, "rt", 32);
    this.#keys.add(access);
    this.#refreshTokens.set(refresh, account);
    return Response.json({
      access_token: access,
      livemode: false,
      refresh_token: refresh,
      scope: "read_write",
      stripe_publishable_key: newId(this.#random, "pk_test", 32),
      stripe_user_id: account,
      token_type: "bearer",
    });
  }

  #deauthorize(form: URLSearchParams): Response {
    const account = form.get("stripe_user_id") ?? "";
    for (const [token, owner] of this.#refreshTokens) if (owner === account) this.#refreshTokens.delete(token);
    return Response.json({ stripe_user_id: account });
  }
}

function refuse(status: number, error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status });
}

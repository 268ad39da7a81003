// The app as the Dev Dashboard knows it: for its client id and secret it is given tokens of a day, at the shops of its own
// organisation that have it installed (shopify.dev, "Using the client credentials grant").
import type { Clock, Random } from "../../../src/world/world.ts";

/** Always so many seconds: 24 hours but one (shopify.dev, "Get API access tokens for Dev Dashboard apps"). */
const TOKEN_SECONDS = 86_399;
const TOKEN_BYTES = 16;

export interface DashboardAppOptions {
  readonly clientId: string;
  readonly clientSecret: string;
}

export class DashboardApp {
  readonly counts = { given: 0, refused: 0 };
  /** Do the app and the shop belong to one organisation? */
  ofOneOrganisation = true;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #scopes: readonly string[];
  readonly #app: DashboardAppOptions | undefined;
  /** When each ends. One that is given takes nothing from those before it. */
  readonly #tokens = new Map<string, number>();
  #installed = true;

  constructor(
    { clock, random }: { readonly clock: Clock; readonly random: Random },
    app: DashboardAppOptions | undefined,
    scopes: readonly string[],
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#app = app;
    this.#scopes = scopes;
  }

  install(): void {
    this.#installed = true;
  }

  /** Its tokens end with it, also where it is installed again. */
  uninstall(): void {
    this.#installed = false;
    this.#tokens.clear();
  }

  takes(token: string): boolean {
    const endsAt = this.#tokens.get(token);
    return endsAt !== undefined && this.#clock.now() < endsAt;
  }

  /** POST /admin/oauth/access_token, its body as JSON or as a form. */
  async token(request: Request): Promise<Response> {
    const asked = await fieldsOf(request);
    const refusal = this.#refusalOf(asked);
    if (refusal !== undefined) {
      this.counts.refused += 1;
      return refused(request, refusal);
    }
    this.counts.given += 1;
    const token = `shpat_${Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString("hex")}`;
    this.#tokens.set(token, this.#clock.now() + TOKEN_SECONDS * 1_000);
    return Response.json({ access_token: token, scope: this.#scopes.join(","), expires_in: TOKEN_SECONDS });
  }

  #refusalOf(asked: Readonly<Record<string, unknown>>): Refusal | undefined {
    const app = this.#app;
    if (app === undefined || asked["client_id"] !== app.clientId) {
      return ["application_cannot_be_found", "Could not find Shopify API application with that api_key"];
    }
    if (asked["client_secret"] !== app.clientSecret) return ["invalid_request", "Missing or invalid client secret"];
    if (asked["grant_type"] !== "client_credentials") return ["unsupported_grant_type", "The grant is not known here"];
    if (!this.ofOneOrganisation) {
      return ["shop_not_permitted", "Client credentials cannot be performed on this shop."];
    }
    return this.#installed ? undefined : ["app_not_installed", "The application is not installed on this shop."];
  }
}

type Refusal = readonly [code: string, description: string];

async function fieldsOf(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.text();
  if (request.headers.get("content-type")?.startsWith("application/json") !== true) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Who does not ask for JSON is shown a page. */
function refused(request: Request, [error, error_description]: Refusal): Response {
  const status = 400;
  if (request.headers.get("accept")?.includes("application/json") === true) {
    return Response.json({ error, error_description }, { status });
  }
  const page = `<!DOCTYPE html><title>${status} - Oauth error ${error}</title><p>Oauth error ${error}: ${error_description}</p>`;
  return new Response(page, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

// What stands in front of the books: which path it is, who calls and for which organisation, with which scopes, whether too
// often, and in which format.
import type { Clock, Random } from "../../../src/world/world.ts";
import { Sabotages } from "../../../src/rehearse/sabotages.ts";
import { CutConnection } from "../../../src/rehearse/serve.ts";
import { pause } from "../../../src/world/pause.ts";
import type { Reply } from "./idempotency.ts";
import { readJson } from "./json.ts";
import type { Crowded, Meter } from "./meter.ts";
import type { XeroSimulatorSettings } from "./options.ts";
import { problem } from "./refusal.ts";
import { ERROR_BODY, MAINTENANCE_PAGE, type Sabotage } from "./sabotage.ts";
import { isAllowed } from "./scopes.ts";
import type { Call, Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";
import { uuid } from "./uuid.ts";
import { xmlAnswer } from "./xml.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  readonly settings: XeroSimulatorSettings;
  readonly tokens: Tokens;
  readonly meter: Meter;
  readonly service: Service;
}

const ACCOUNTING = "/api.xro/2.0/";
const LATE_MS = 60_000;
const ERROR: Reply = { status: 500, body: ERROR_BODY };

export class Gateway {
  requestsServed = 0;
  readonly #parts: GatewayParts;
  readonly #sabotages = new Sabotages<Sabotage>((path, wanted) => path === wanted);

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  sabotage(sabotage: Sabotage): void {
    this.#sabotages.add(sabotage);
  }

  async fetch(request: Request): Promise<Response> {
    this.requestsServed += 1;
    const url = new URL(request.url);
    const { tokens } = this.#parts;
    if (url.pathname.startsWith(ACCOUNTING)) return this.#accounting(request, url);
    if (url.pathname === "/connect/token") return tokens.token(request);
    if (url.pathname === "/connect/revocation") return tokens.revoke(request);
    if (url.pathname === "/identity/connect/authorize") return this.#authorize(url);
    if (url.pathname === "/connections" || url.pathname.startsWith("/connections/"))
      return this.#connections(request, url);
    if (url.pathname === "/.well-known/openid-configuration") return discovery(url);
    return new Response("not found", { status: 404, headers: { "content-type": "text/plain" } });
  }

  async #accounting(request: Request, url: URL): Promise<Response> {
    const path = url.pathname.slice(ACCOUNTING.length);
    const refused = this.#refusesCaller(request) ?? this.#refusesCall(request, path);
    if (refused !== undefined) return refused;
    const crowded = this.#parts.meter.enter();
    if (crowded !== undefined) return this.#tooMany(crowded);
    try {
      return await this.#serve(request, {
        method: request.method,
        path,
        query: url.searchParams,
        headers: request.headers,
        body: await request.text(),
      });
    } finally {
      this.#parts.meter.leave();
    }
  }

  async #serve(request: Request, call: Call): Promise<Response> {
    const { service, settings } = this.#parts;
    const sabotage = this.#sabotages.take(call.method, call.path);
    const how = sabotage?.how;
    if (how === "cut-before") throw new CutConnection();
    if (how === "page-before") return this.#page();
    if (how === "offline")
      return this.#respond(request, { status: 503, body: "The organisation is temporarily offline" });
    if (how === "late") await pause(this.#parts.clock, sabotage?.lateMs ?? LATE_MS);
    const fails =
      how === "error-before" || how === "error-after" ? { with: ERROR, done: how === "error-after" } : undefined;
    const reply = service.answer(call, fails);
    if (settings.latencyMs > 0) await pause(this.#parts.clock, settings.latencyMs);
    if (how === "cut-after") throw new CutConnection();
    if (how === "page-after") return this.#page();
    return this.#respond(
      request,
      how === "truncated" ? { ...reply, body: reply.body.slice(0, reply.body.length / 2) } : reply,
    );
  }

  #page(): Response {
    return new Response(MAINTENANCE_PAGE, { status: 200, headers: this.#headers("text/html; charset=utf-8") });
  }

  #respond(request: Request, { status, body }: Reply): Response {
    if (status === 204) return new Response(null, { status, headers: this.#headers(undefined) });
    if (!body.startsWith("{"))
      return new Response(body, { status, headers: this.#headers("text/html; charset=utf-8") });
    if ((request.headers.get("accept") ?? "").includes("application/json")) {
      return new Response(body, { status, headers: this.#headers("application/json; charset=utf-8") });
    }
    const xml = xmlAnswer(readJson(body));
    return new Response(xml, { status, headers: this.#headers("text/xml; charset=utf-8") });
  }

  /** A missing, unknown or expired token. */
  #refusesCaller(request: Request): Response | undefined {
    const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const worth = this.#parts.tokens.check(token);
    if (worth.kind === "good") return undefined;
    if (worth.kind === "unknown") return this.#problem(401, "Unauthorized", "AuthenticationUnsuccessful");
    const ended = new Date(worth.endedAt).toISOString();
    const [year, month, day] = ended.slice(0, 10).split("-");
    return this.#problem(
      401,
      "Unauthorized",
      `TokenExpired: token expired at ${day}/${month}/${year} ${ended.slice(11, 19)}`,
    );
  }

  /** An organisation that is not connected, and a scope that was not agreed to. */
  #refusesCall(request: Request, path: string): Response | undefined {
    const { tokens, tenantId } = this.#parts;
    const asked = request.headers.get("xero-tenant-id");
    if (!tokens.connected || asked?.toLowerCase() !== tenantId.toLowerCase()) {
      return this.#problem(403, "Forbidden", "AuthenticationUnsuccessful");
    }
    const worth = tokens.check(/^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "");
    if (worth.kind === "good" && isAllowed(worth.scopes, path, request.method)) return undefined;
    const refused = this.#problem(401, "Unauthorized", "AuthorizationUnsuccessful");
    refused.headers.set("www-authenticate", 'Bearer error="insufficient_scope"');
    return refused;
  }

  #problem(status: number, title: string, detail: string): Response {
    const body = problem(status, title, detail, uuid(this.#parts.random));
    return new Response(body, { status, headers: { "content-type": "application/problem+json; charset=utf-8" } });
  }

  #tooMany({ problem: limit, retryAfterSeconds }: Crowded): Response {
    const headers: Record<string, string> = { ...this.#headers("text/plain"), "x-rate-limit-problem": limit };
    if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
    return new Response("", { status: 429, headers });
  }

  #authorize(url: URL): Response {
    const back = new URL(url.searchParams.get("redirect_uri") ?? "http://localhost/");
    back.searchParams.set("code", this.#parts.tokens.authorize(url));
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    return new Response(null, { status: 302, headers: { location: back.href } });
  }

  #connections(request: Request, url: URL): Response {
    const refused = this.#refusesCaller(request);
    if (refused !== undefined) return refused;
    const { tokens, tenantId, settings, clock } = this.#parts;
    if (request.method === "DELETE") {
      if (!url.pathname.endsWith(`/${tokens.connectionId}`))
        return this.#problem(404, "Not Found", "ConnectionNotFound");
      tokens.disconnect();
      return new Response(null, { status: 204 });
    }
    const at = new Date(clock.now()).toISOString().replace("Z", "0000");
    const connection = {
      id: tokens.connectionId,
      tenantId,
      tenantType: "ORGANISATION",
      tenantName: settings.organisationName,
      createdDateUtc: at,
      updatedDateUtc: at,
    };
    return Response.json(tokens.connected ? [connection] : []);
  }

  #headers(contentType: string | undefined): Record<string, string> {
    return {
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      "xero-correlation-id": uuid(this.#parts.random),
      date: new Date(this.#parts.clock.now()).toUTCString(),
      ...this.#parts.meter.headers(),
    };
  }
}

function discovery(url: URL): Response {
  return Response.json({
    issuer: url.origin,
    authorization_endpoint: `${url.origin}/identity/connect/authorize`,
    token_endpoint: `${url.origin}/connect/token`,
    revocation_endpoint: `${url.origin}/connect/revocation`,
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    code_challenge_methods_supported: ["S256"],
  });
}

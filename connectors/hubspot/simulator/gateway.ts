// HubSpot's edge in front of the account: signing in, limits, and the pages for people that come when something is wrong.
import type { Clock, Random } from "../../../src/world/world.ts";
import { Sabotages } from "../../../src/rehearse/sabotages.ts";
import { CutConnection } from "../../../src/rehearse/serve.ts";
import { pause } from "../../../src/world/pause.ts";
import type { Reply } from "./call.ts";
import type { Meter, Policy } from "./meter.ts";
import type { HubSpotSimulatorSettings } from "./options.ts";
import { LATE_MS, spoiled, type Sabotage } from "./sabotage.ts";
import type { Service } from "./service.ts";
import type { Tokens, Worth } from "./tokens.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: HubSpotSimulatorSettings;
  readonly tokens: Tokens;
  readonly meter: Meter;
  readonly service: Service;
}

const OAUTH = /^\/oauth\/(v1|v3|20\d\d-\d\d)\/(token|token\/introspect|token\/revoke)$/;
const OAUTH_V1 = /^\/oauth\/v1\/(access-tokens|refresh-tokens)\/([^/]+)$/;

const POLICY_MESSAGES: Readonly<Record<Policy, string>> = {
  TEN_SECONDLY_ROLLING: "You have reached your ten_secondly_rolling limit.",
  SECONDLY: "You have reached your secondly limit.",
  DAILY: "You have reached your daily limit.",
};

export class Gateway {
  requestsServed = 0;
  readonly #parts: GatewayParts;
  readonly #sabotages = new Sabotages<Sabotage>((path, wanted) => path.endsWith(wanted));

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  sabotage(sabotage: Sabotage): void {
    this.#sabotages.add(sabotage);
  }

  async fetch(request: Request): Promise<Response> {
    this.requestsServed += 1;
    const url = new URL(request.url);
    if (url.pathname.startsWith("/oauth/")) return this.#oauth(request, url);
    const worth = this.#parts.tokens.check(bearer(request));
    if (worth.kind !== "good") return this.#refuseCaller(worth);
    const isSearch = url.pathname.endsWith("/search");
    const policy = this.#parts.meter.enter(worth.app, isSearch);
    if (policy !== undefined) return this.#throttled(policy);
    const response = await this.#serve(request, url);
    const headers = { ...Object.fromEntries(response.headers), ...this.#parts.meter.headers(worth.app, isSearch) };
    return new Response(response.body, { status: response.status, headers });
  }

  #oauth(request: Request, url: URL): Response | Promise<Response> {
    const { tokens } = this.#parts;
    if (url.pathname === "/oauth/authorize") return tokens.authorize(url);
    const [, kind, token] = OAUTH_V1.exec(url.pathname) ?? [];
    if (kind !== undefined && token !== undefined)
      return tokens.byToken(kind, decodeURIComponent(token), request.method);
    const [, version, what] = OAUTH.exec(url.pathname) ?? [];
    if (version === undefined) return noSuchPage();
    if (what === "token") return tokens.token(request, version);
    return what === "token/revoke" ? tokens.revoke(request) : tokens.introspect(request);
  }

  async #serve(request: Request, url: URL): Promise<Response> {
    const { service, settings } = this.#parts;
    const call = {
      method: request.method,
      query: url.searchParams,
      contentType: request.headers.get("content-type") ?? "",
      body: await request.text(),
    };
    const how = this.#sabotages.take(call.method, url.pathname)?.how;
    if (how === "cut-before") throw new CutConnection();
    const before = how === undefined ? undefined : spoiled(how, "before");
    if (before !== undefined) return before;
    const reply = service.answer(url.pathname, call);
    const latencyMs = how === "late" ? LATE_MS : settings.latencyMs;
    if (latencyMs > 0) await pause(this.#parts.clock, latencyMs);
    if (how === "cut-after") throw new CutConnection();
    const after = how === undefined ? undefined : spoiled(how, "after");
    return after ?? this.#respond(reply, how === "truncated");
  }

  #respond(reply: Reply | undefined, isTruncated: boolean): Response {
    if (reply === undefined) return noSuchPage();
    const { status, json } = reply;
    if (json === undefined) return new Response(null, { status });
    const correlated = json["status"] === "error" ? { ...json, correlationId: this.#uuid() } : json;
    const body = JSON.stringify(correlated);
    const headers = { "content-type": "application/json;charset=utf-8" };
    return new Response(isTruncated ? body.slice(0, body.length / 2) : body, { status, headers });
  }

  #refuseCaller(worth: Exclude<Worth, { kind: "good" }>): Response {
    const isExpired = worth.kind === "expired";
    const message = isExpired
      ? `The OAuth token used to make this call expired ${Math.floor(worth.endedMs / 1000)} second(s) ago.`
      : "Authentication credentials not found.";
    const category = isExpired ? "EXPIRED_AUTHENTICATION" : "INVALID_AUTHENTICATION";
    const body = { status: "error", message, correlationId: this.#uuid(), category };
    return Response.json(body, { status: 401 });
  }

  #throttled(policyName: Policy): Response {
    const { retryAfterSeconds } = this.#parts.settings;
    const body = {
      status: "error",
      message: POLICY_MESSAGES[policyName],
      errorType: "RATE_LIMIT",
      correlationId: this.#uuid(),
      policyName,
      groupName: "publicapi:simulated",
      category: "RATE_LIMITS",
    };
    const headers: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    return Response.json(body, { status: 429, headers });
  }

  #uuid(): string {
    const hex = Buffer.from(this.#parts.random.bytes(16)).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

function bearer(request: Request): string {
  return /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
}

function noSuchPage(): Response {
  const body = "<!DOCTYPE html><html><head><title>Error 404</title></head></html>";
  return new Response(body, { status: 404, headers: { "content-type": "text/html" } });
}

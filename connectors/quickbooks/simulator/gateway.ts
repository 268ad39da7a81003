// Intuit's gateway in front of the books: which host's path it is, who calls, whether too often, and in which format.
import type { Clock, Random } from "../../../src/world/world.ts";
import { Sabotages } from "../../../src/rehearse/sabotages.ts";
import { CutConnection } from "../../../src/rehearse/serve.ts";
import { pause } from "../../../src/world/pause.ts";
import {
  gatewayFault,
  serviceFault,
  systemFault,
  THROTTLED,
  TOKEN_EXPIRED,
  TOKEN_UNKNOWN,
  type GatewayFault,
} from "./faults.ts";
import { readJson } from "./json.ts";
import type { Body } from "./kinds.ts";
import type { Meter } from "./meter.ts";
import type { QuickBooksSimulatorSettings } from "./options.ts";
import type { Reply } from "./request-ids.ts";
import { MAINTENANCE_PAGE, type Sabotage } from "./sabotage.ts";
import type { Call, Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";
import { xmlAnswer, xmlFault } from "./xml.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly realmId: string;
  readonly settings: QuickBooksSimulatorSettings;
  readonly tokens: Tokens;
  readonly meter: Meter;
  readonly service: Service;
}

const COMPANY_PATH = /^\/v3\/company\/([^/]+)\/(.+)$/;

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
    const company = COMPANY_PATH.exec(url.pathname);
    if (company !== null) return this.#company(request, url, company[1] ?? "", company[2] ?? "");
    if (url.pathname.endsWith("/tokens/bearer")) return this.#parts.tokens.token(request);
    if (url.pathname.endsWith("/tokens/revoke")) return this.#parts.tokens.revoke(request);
    if (url.pathname.endsWith("/connect/oauth2")) return this.#authorize(url);
    if (url.pathname.includes("/.well-known/")) return discovery(url);
    return new Response("not found", { status: 404, headers: this.#headers("text/plain") });
  }

  async #company(request: Request, url: URL, realmId: string, path: string): Promise<Response> {
    const refused = this.#refusesCaller(request, realmId);
    if (refused !== undefined) return refused;
    if (!this.#parts.meter.enter({ batch: path === "batch" })) return this.#gatewayFault(THROTTLED);
    try {
      return await this.#serve(request, url, path);
    } finally {
      this.#parts.meter.leave();
    }
  }

  async #serve(request: Request, url: URL, path: string): Promise<Response> {
    const call: Call = {
      method: request.method,
      path,
      query: url.searchParams,
      contentType: request.headers.get("content-type") ?? "",
      body: await request.text(),
    };
    const how = this.#sabotages.take(call.method, path)?.how;
    if (how === "cut-before") throw new CutConnection();
    const before = how === undefined ? undefined : spoiled(how, "before");
    const reply = before ?? this.#parts.service.answer(call);
    if (this.#parts.settings.latencyMs > 0) await pause(this.#parts.clock, this.#parts.settings.latencyMs);
    if (how === "cut-after") throw new CutConnection();
    const after = how === undefined ? undefined : spoiled(how, "after");
    const sent =
      after ?? (how === "truncated" ? { ...reply, body: reply.body.slice(0, reply.body.length / 2) } : reply);
    return this.#respond(request, url, sent);
  }

  #respond(request: Request, url: URL, { status, body }: Reply): Response {
    if (body.startsWith("<")) return new Response(body, { status, headers: this.#headers("text/html;charset=UTF-8") });
    const accept = request.headers.get("accept") ?? "";
    if (accept.includes("application/json") || url.searchParams.get("format") === "json") {
      return new Response(body, { status, headers: this.#headers("application/json;charset=UTF-8") });
    }
    const xml = xmlAnswer(readJson(body) as Body);
    return new Response(xml, { status, headers: this.#headers("application/xml;charset=UTF-8") });
  }

  #refusesCaller(request: Request, realmId: string): Response | undefined {
    const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const worth = this.#parts.tokens.check(token);
    if (worth !== "good") return this.#gatewayFault(worth === "expired" ? TOKEN_EXPIRED : TOKEN_UNKNOWN);
    if (realmId === this.#parts.realmId) return undefined;
    const time = new Date(this.#parts.clock.now()).toISOString();
    const xml = xmlFault("AuthenticationFault", "100", "General Authentication Error", time);
    return new Response(xml, { status: 401, headers: this.#headers("application/xml;charset=UTF-8") });
  }

  #gatewayFault(fault: GatewayFault): Response {
    const headers = this.#headers("application/json;charset=UTF-8");
    const { retryAfterSeconds } = this.#parts.settings;
    if (fault.status === 429 && retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
    const body = JSON.stringify(gatewayFault(fault, this.#parts.clock.now()));
    return new Response(body, { status: fault.status, headers });
  }

  #authorize(url: URL): Response {
    const back = new URL(url.searchParams.get("redirect_uri") ?? "http://127.0.0.1/");
    back.searchParams.set("code", this.#parts.tokens.authorize());
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    back.searchParams.set("realmId", this.#parts.realmId);
    return new Response(null, { status: 302, headers: { location: back.href } });
  }

  #headers(contentType: string): Record<string, string> {
    const trace = Buffer.from(this.#parts.random.bytes(12)).toString("hex");
    const date = new Date(this.#parts.clock.now()).toUTCString();
    return { "content-type": contentType, intuit_tid: `1-${trace.slice(0, 8)}-${trace}`, date };
  }
}

function spoiled(how: Sabotage["how"], when: "before" | "after"): Reply | undefined {
  if (how === `html-${when}`) return { status: 200, body: MAINTENANCE_PAGE };
  if (how === `fault-${when}`) return { status: 500, body: JSON.stringify(serviceFault(systemFault())) };
  return undefined;
}

function discovery(url: URL): Response {
  return Response.json({
    issuer: `${url.origin}/op/v1`,
    authorization_endpoint: `${url.origin}/connect/oauth2`,
    token_endpoint: `${url.origin}/oauth2/v1/tokens/bearer`,
    revocation_endpoint: `${url.origin}/v2/oauth2/tokens/revoke`,
  });
}

// What stands before the API: which host's path it is, who calls, whether too often, and what goes wrong on the way.
import type { Clock } from "../../../src/world/world.ts";
import { Sabotages } from "../../../src/rehearse/sabotages.ts";
import { CutConnection } from "../../../src/rehearse/serve.ts";
import { pause } from "../../../src/world/pause.ts";
import { DAY_SPENT, LOCKED, NOT_THERE, SESSION_INVALID, TOO_MANY_AT_ONCE, type ErrorBody } from "./errors.ts";
import type { Meter } from "./meter.ts";
import type { SalesforceSimulatorSettings } from "./options.ts";
import type { Org } from "./org.ts";
import { MAINTENANCE_PAGE, type Sabotage } from "./sabotage.ts";
import type { Reply, Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly org: Org;
  readonly settings: SalesforceSimulatorSettings;
  readonly tokens: Tokens;
  readonly meter: Meter;
  readonly service: Service;
}

const DATA_PATH = /^\/services\/data\/v(\d+\.\d)(\/.*)?$/;
const VERSION_MIN = 31;
const VERSION_MAX = 68;
const LATE_MS = 30_000;
const JSON_TYPE = "application/json;charset=UTF-8";

export class Gateway {
  requestsServed = 0;
  readonly #parts: GatewayParts;
  readonly #sabotages = new Sabotages<Sabotage>((path, wanted) => path.startsWith(wanted));

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  sabotage(sabotage: Sabotage): void {
    this.#sabotages.add(sabotage);
  }

  async fetch(request: Request): Promise<Response> {
    this.requestsServed += 1;
    const url = new URL(request.url);
    const data = DATA_PATH.exec(url.pathname);
    if (data !== null) return this.#data(request, url, data[1] ?? "", data[2] ?? "/");
    switch (url.pathname.replace(/\/$/, "")) {
      case "/services/data":
        return this.#json(200, versions());
      case "/services/oauth2/authorize":
        return this.#parts.tokens.authorize(url);
      case "/services/oauth2/token":
        return this.#parts.tokens.token(request, url.origin);
      case "/services/oauth2/revoke":
        return this.#parts.tokens.revoke(request);
      case "/services/oauth2/userinfo":
        return this.#identity(request, url);
      default:
        return url.pathname.startsWith("/id/") ? this.#identity(request, url) : this.#json(404, [NOT_THERE]);
    }
  }

  async #data(request: Request, url: URL, version: string, path: string): Promise<Response> {
    const major = Number.parseInt(version, 10);
    if (major < VERSION_MIN)
      return this.#json(410, [{ message: "The requested resource no longer exists", errorCode: "GONE" }]);
    if (major > VERSION_MAX) return this.#json(404, [NOT_THERE]);
    if (!this.#isSignedIn(request)) return this.#json(401, [SESSION_INVALID]);
    const call = this.#parts.meter.enter();
    if (typeof call !== "number") return this.#json(403, [call === "day" ? DAY_SPENT : TOO_MANY_AT_ONCE]);
    try {
      return await this.#serve(request, url, version, path);
    } finally {
      this.#parts.meter.leave(call);
    }
  }

  async #serve(request: Request, url: URL, version: string, path: string): Promise<Response> {
    const method = url.searchParams.get("_HttpMethod") ?? request.method;
    const sabotage = this.#sabotages.take(method, path);
    const how = sabotage?.how;
    const body = await request.text();
    if (how === "cut-before") throw new CutConnection();
    const header = (name: string): string | null => request.headers.get(name);
    const before = how === undefined ? undefined : spoiled(how, "before");
    const reply =
      before ?? this.#parts.service.answer({ method, path, query: url.searchParams, header, body, version });
    const waitMs = this.#parts.settings.latencyMs + (how === "late" ? (sabotage?.lateMs ?? LATE_MS) : 0);
    if (waitMs > 0) await pause(this.#parts.clock, waitMs);
    if (how === "cut-after") throw new CutConnection();
    const after = how === undefined ? undefined : spoiled(how, "after");
    const sent =
      after ?? (how === "truncated" ? { ...reply, body: reply.body.slice(0, reply.body.length / 2) } : reply);
    return this.#respond(sent);
  }

  #isSignedIn(request: Request): boolean {
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    return this.#parts.tokens.check(token);
  }

  #identity(request: Request, url: URL): Response {
    // Here a bad token is no session of the API, and is told in another form.
    if (!this.#isSignedIn(request))
      return new Response("Bad_OAuth_Token", { status: 403, headers: { "content-type": "text/html" } });
    const { org } = this.#parts;
    const user = org.row("User", org.userId);
    return this.#json(200, {
      id: `${url.origin}/id/${org.organizationId}/${org.userId}`,
      user_id: org.userId,
      organization_id: org.organizationId,
      username: user?.["Username"],
      display_name: user?.["Name"],
      active: true,
    });
  }

  #json(status: number, body: object | readonly ErrorBody[]): Response {
    return this.#respond({ status, body: JSON.stringify(body), headers: { "content-type": JSON_TYPE } });
  }

  #respond({ status, body, headers }: Reply): Response {
    const { clock, meter } = this.#parts;
    const bodyless = status === 204 || status === 304;
    return new Response(bodyless ? null : body, {
      status,
      headers: { ...headers, date: new Date(clock.now()).toUTCString(), "sforce-limit-info": meter.header },
    });
  }
}

function spoiled(how: Sabotage["how"], when: "before" | "after"): Reply | undefined {
  const html = { "content-type": "text/html;charset=UTF-8" };
  if (how === `html-${when}`) return { status: 200, body: MAINTENANCE_PAGE, headers: html };
  if (how === `fault-${when}`) {
    const fault = [
      {
        message: "An unexpected error occurred. Please include this ErrorId if you contact support: 1",
        errorCode: "UNKNOWN_EXCEPTION",
      },
    ];
    return { status: 500, body: JSON.stringify(fault), headers: { "content-type": JSON_TYPE } };
  }
  if (when === "after") return undefined;
  if (how === "maintenance") return { status: 503, body: MAINTENANCE_PAGE, headers: html };
  if (how === "locked") return { status: 400, body: JSON.stringify([LOCKED]), headers: { "content-type": JSON_TYPE } };
  return undefined;
}

function versions(): object {
  return [
    { label: "Spring '26", url: "/services/data/v66.0", version: "66.0" },
    { label: "Summer '26", url: "/services/data/v67.0", version: "67.0" },
    { label: "Winter '27", url: "/services/data/v68.0", version: "68.0" },
  ];
}

// The shop's address: gives the app its tokens, and at the one HTTP endpoint of the Admin API signs in, takes points,
// executes, and answers as the real one does.
import type { DashboardApp } from "./dashboard-app.ts";
import { type ConnectionCost, coerceVariables, execute, type Execution, requestedCost } from "./execute.ts";
import { GraphqlSyntaxError, type Operation, parseGraphql, type ParsedDocument } from "./graphql-parse.ts";
import { mutationTypes } from "./mutations.ts";
import { OBJECT_TYPES } from "./object-types.ts";
import { queryFields } from "./queries.ts";
import type { SimulatedShop } from "./shop.ts";
import { type Plan, PointsBucket } from "./throttle.ts";
import { QueryError, type Types } from "./types.ts";

const SINGLE_QUERY_POINTS_MAX = 1000;
const DOCUMENTS_KEPT_MAX = 500;
const OLDEST_VERSION = "2025-10";
const VERSIONS = ["2025-10", "2026-01", "2026-04", "2026-07"];

export interface EndpointOptions {
  readonly domain: string;
  /** The fixed one. Undefined: there are only those of the app. */
  readonly accessToken: string | undefined;
  readonly app: DashboardApp;
  readonly apiVersion: string;
  readonly plan: Plan;
  readonly connectionCost: ConnectionCost;
}

interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

export class Endpoint {
  readonly requests = { answered: 0, throttled: 0 };
  readonly #shop: SimulatedShop;
  readonly #options: EndpointOptions;
  readonly #bucket: PointsBucket;
  readonly #types: Types;
  readonly #documents = new Map<string, ParsedDocument>();
  #accessToken: string | undefined;
  #requestNumber = 0;

  constructor(shop: SimulatedShop, options: EndpointOptions) {
    this.#shop = shop;
    this.#options = options;
    this.#accessToken = options.accessToken;
    this.#bucket = new PointsBucket(shop.clock, options.plan);
    const queries = queryFields(options.domain.split(".")[0] ?? "shop", options.domain, options.plan);
    this.#types = new Map(Object.entries({ ...OBJECT_TYPES, ...mutationTypes(), QueryRoot: queries }));
  }

  replaceAccessToken(accessToken: string): void {
    this.#accessToken = accessToken;
  }

  async fetch(request: Request): Promise<Response> {
    this.requests.answered += 1;
    this.#requestNumber += 1;
    const { hostname, pathname } = new URL(request.url);
    if (hostname.endsWith(".myshopify.com") && hostname !== this.#options.domain) return noSuchShop();
    if (pathname === "/admin/oauth/access_token" && request.method === "POST") return this.#options.app.token(request);
    const [, version, rest] = /^\/admin\/api\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
    if (version === undefined || rest !== "graphql.json") return this.#answer(404, { errors: "Not Found" }, version);
    if (request.method !== "POST")
      return this.#answer(400, { errors: { query: "Required parameter missing or invalid" } }, version);
    if (!this.#takes(request.headers.get("x-shopify-access-token") ?? "")) {
      const errors = "[API] Invalid API key or access token (unrecognized login or wrong password)";
      return this.#answer(401, { errors }, version);
    }
    let asked: Asked;
    try {
      asked = (await request.json()) as Asked;
    } catch {
      return this.#answer(400, { errors: { query: "Required parameter missing or invalid" } }, version);
    }
    return this.#answer(200, this.#run(asked), version);
  }

  #takes(accessToken: string): boolean {
    return accessToken === this.#accessToken || this.#options.app.takes(accessToken);
  }

  #run(asked: Asked): object {
    try {
      const execution = this.#prepare(asked);
      return this.#within(execution, requestedCost(execution));
    } catch (error) {
      return { errors: [this.#errorOf(error)] };
    }
  }

  #prepare({ query, variables, operationName }: Asked): Execution {
    if (typeof query !== "string") throw new QueryError("BAD_REQUEST", "Required parameter missing or invalid: query");
    const document = this.#parse(query);
    const operation = operationOf(document, operationName);
    return {
      document,
      operation,
      variables: coerceVariables(operation, (variables ?? {}) as Record<string, unknown>),
      types: this.#types,
      connectionCost: this.#options.connectionCost,
      context: { shop: this.#shop },
    };
  }

  /** Executes if the bucket holds what is asked for; takes what it really cost. */
  #within(execution: Execution, requested: number): object {
    if (requested > SINGLE_QUERY_POINTS_MAX) {
      const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${SINGLE_QUERY_POINTS_MAX}).`;
      throw new QueryError("MAX_COST_EXCEEDED", message, { cost: requested, maxCost: SINGLE_QUERY_POINTS_MAX });
    }
    if (requested > this.#bucket.available) {
      this.requests.throttled += 1;
      const extensions = { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/rate-limits" };
      return { errors: [{ message: "Throttled", extensions }], extensions: this.#cost(requested, null) };
    }
    const { data, actualCost } = execute(execution);
    const actual = Math.min(actualCost, requested);
    this.#bucket.take(actual);
    return { data, extensions: this.#cost(requested, actual) };
  }

  #cost(requestedQueryCost: number, actualQueryCost: number | null): object {
    return { cost: { requestedQueryCost, actualQueryCost, throttleStatus: this.#bucket.status() } };
  }

  #parse(text: string): ParsedDocument {
    const known = this.#documents.get(text);
    if (known !== undefined) return known;
    const parsed = parseGraphql(text);
    if (this.#documents.size >= DOCUMENTS_KEPT_MAX) this.#documents.clear();
    this.#documents.set(text, parsed);
    return parsed;
  }

  #errorOf(error: unknown): object {
    if (error instanceof GraphqlSyntaxError) {
      return { message: `Parse error: ${error.message}`, extensions: { code: "GRAPHQL_PARSE_FAILED" } };
    }
    if (error instanceof QueryError) {
      const { locations, ...facts } = error.facts;
      return {
        message: error.message,
        ...(locations === undefined ? {} : { locations }),
        extensions: { code: error.code, ...facts },
      };
    }
    const requestId = `req-${this.#requestNumber}`;
    const message = `Internal error. Looks like something went wrong on our end. (${String(error)})`;
    return { message, extensions: { code: "INTERNAL_SERVER_ERROR", requestId } };
  }

  #answer(status: number, body: object, version: string | undefined): Response {
    const used = version !== undefined && VERSIONS.includes(version) ? version : OLDEST_VERSION;
    return new Response(JSON.stringify(body), {
      status,
      headers: {
        "content-type": "application/json; charset=utf-8",
        date: new Date(this.#shop.clock.now()).toUTCString(),
        "x-shopify-api-version": used,
        "x-request-id": `req-${this.#requestNumber}`,
      },
    });
  }
}

/** At myshopify.com each shop has its own address; anywhere else this is the only one. */
function noSuchShop(): Response {
  const headers = { "content-type": "text/html; charset=utf-8" };
  return new Response("<!DOCTYPE html><title>Store unavailable</title>", { status: 404, headers });
}

function operationOf(document: ParsedDocument, name: unknown): Operation {
  const named = document.operations.find((operation) => operation.name === name);
  const [only, ...others] = document.operations;
  if (named !== undefined) return named;
  if (only === undefined) throw new QueryError("BAD_REQUEST", "A query with at least one operation must be given");
  if (typeof name === "string") throw new QueryError("BAD_REQUEST", `No operation named "${name}"`);
  if (others.length > 0) throw new QueryError("BAD_REQUEST", "An operation name is required");
  return only;
}

// What stands in front of the account's books: who calls and for which account, whether too often, what was asked before
// under the same key, and the headers that every answer carries.
import type { Clock, Random } from "../../../src/world/world.ts";
import { Sabotages } from "../../../src/rehearse/sabotages.ts";
import { CutConnection } from "../../../src/rehearse/serve.ts";
import { pause } from "../../../src/world/pause.ts";
import type { Body } from "./body.ts";
import type { Endpoint } from "./call.ts";
import {
  BROKEN,
  CONFLICTED,
  errorBody,
  LOCKED,
  noAccess,
  noRoute,
  rateLimited,
  StripeFault,
  type Refusal,
} from "./errors.ts";
import { expanded } from "./expand.ts";
import type { Idempotency, Reply } from "./idempotency.ts";
import { newId } from "./ids.ts";
import type { Keys } from "./keys.ts";
import type { Ledger } from "./ledger.ts";
import type { Meter } from "./meter.ts";
import type { OAuth } from "./oauth.ts";
import type { StripeSimulatorSettings } from "./options.ts";
import { Params, treeOf, type Tree } from "./params.ts";
import type { Route } from "./routes.ts";
import type { Sabotage } from "./sabotage.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: StripeSimulatorSettings;
  readonly keys: Keys;
  readonly meter: Meter;
  readonly idempotency: Idempotency;
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly accountId: string;
  readonly route: Route;
  readonly oauth: OAuth;
}

export interface GatewayCounts {
  requestsServed: number;
  /** Objects made by calls, by their kind. */
  readonly created: Record<string, number>;
  /** Refusals, by code or else by type. */
  readonly refused: Record<string, number>;
}

const LATE_MS = 90_000;
const PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

interface Arrived {
  readonly requestId: string;
  readonly key: string;
  readonly ledger: Ledger;
  readonly endpoint: Endpoint;
  readonly ids: readonly string[];
  readonly path: string;
  readonly idempotencyKey: string | undefined;
  readonly form: URLSearchParams;
  readonly version: string;
}

export class Gateway {
  readonly counts: GatewayCounts = { requestsServed: 0, created: {}, refused: {} };
  readonly #parts: GatewayParts;
  readonly #sabotages = new Sabotages<Sabotage>((path, wanted) => path.endsWith(wanted));

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  sabotage(sabotage: Sabotage): void {
    this.#sabotages.add(sabotage);
  }

  async fetch(request: Request): Promise<Response> {
    this.counts.requestsServed += 1;
    const url = new URL(request.url);
    const requestId = newId(this.#parts.random, "req", 14);
    if (url.pathname.startsWith("/oauth/")) return this.#parts.oauth.fetch(request, url);
    const key = this.#parts.keys.of(request);
    const account = request.headers.get("stripe-account") ?? this.#parts.accountId;
    const wrongKey = this.#parts.keys.refuses(key);
    if (wrongKey !== undefined) return this.#refuse(wrongKey, requestId);
    const ledger = this.#parts.ledgers.get(account);
    if (ledger === undefined) return this.#refuse(noAccess(key, account), requestId);
    const found = this.#parts.route(request.method, url.pathname);
    if (found === undefined) return this.#refuse(noRoute(request.method, url.pathname).refusal, requestId);
    const forbidden = this.#parts.keys.forbids(key, account, found.endpoint.permission);
    if (forbidden !== undefined) return this.#refuse(forbidden, requestId);
    const form = new URLSearchParams([...url.searchParams, ...new URLSearchParams(await request.text())]);
    const idempotencyKey =
      request.method === "POST" ? (request.headers.get("idempotency-key") ?? undefined) : undefined;
    const version = request.headers.get("stripe-version") ?? this.#parts.settings.apiVersion;
    return this.#metered({ requestId, key, ledger, ...found, path: url.pathname, idempotencyKey, form, version });
  }

  async #metered(arrived: Arrived): Promise<Response> {
    const { meter, settings } = this.#parts;
    const over = meter.enter(`${arrived.endpoint.method} ${arrived.endpoint.path}`);
    if (over !== undefined) return this.#refuse(rateLimited(over), arrived.requestId);
    try {
      const how = this.#sabotages.take(arrived.endpoint.method, arrived.path);
      const refusal = how === undefined ? undefined : refusalOf(how);
      if (how?.how === "cut-before") throw new CutConnection();
      if (refusal !== undefined) return this.#refuse(refusal, arrived.requestId);
      const begun = this.#begin(arrived, how);
      if (settings.latencyMs > 0) await pause(this.#parts.clock, settings.latencyMs);
      const reply = begun();
      if (how?.how === "late") await pause(this.#parts.clock, how.lateMs ?? LATE_MS);
      return this.#respond(spoiled(reply, how), arrived);
    } finally {
      meter.leave();
    }
  }

  /** Looks the key up at once, and executes when the latency is over: until then a second call finds the key in use. */
  #begin(arrived: Arrived, how: Sabotage | undefined): () => Reply {
    const { idempotency } = this.#parts;
    const { idempotencyKey, ledger, path, form, requestId } = arrived;
    if (idempotencyKey === undefined) return () => this.#execute(arrived, how).reply;
    const scope = ledger.accountId;
    const earlier = idempotency.begin(scope, idempotencyKey, path, canonical(form));
    if (earlier.kind === "refused") return () => this.#refusal(earlier.refusal, requestId);
    if (earlier.kind === "again") {
      const headers = { ...earlier.reply.headers, "idempotent-replayed": "true" };
      return () => ({ ...earlier.reply, headers });
    }
    return () => {
      const { reply, isKept } = this.#execute(arrived, how);
      if (isKept) idempotency.keep(scope, idempotencyKey, reply);
      else idempotency.forget(scope, idempotencyKey);
      return reply;
    };
  }

  #execute(arrived: Arrived, how: Sabotage | undefined): { readonly reply: Reply; readonly isKept: boolean } {
    const { ledger, endpoint, ids, form, requestId, idempotencyKey } = arrived;
    const headers = { "original-request": requestId };
    if (how?.how === "error-before") return { reply: this.#refusal(BROKEN, requestId, headers), isKept: true };
    ledger.cause = { id: requestId, idempotency_key: idempotencyKey ?? null };
    try {
      const answer = run(endpoint, ledger, ids, form);
      if (endpoint.method === "POST" && !endpoint.path.includes("{id}")) this.#count(this.counts.created, answer);
      if (how?.how === "error-after") return { reply: this.#refusal(BROKEN, requestId, headers), isKept: true };
      return { reply: { status: 200, body: JSON.stringify(answer, undefined, 2), headers }, isKept: true };
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
      const isKept = error.refusal.unsaved !== true;
      return { reply: this.#refusal(error.refusal, requestId, isKept ? headers : {}), isKept };
    } finally {
      ledger.cause = { id: null, idempotency_key: null };
    }
  }

  #count(counts: Record<string, number>, { object }: Body): void {
    counts[String(object)] = (counts[String(object)] ?? 0) + 1;
  }

  #refusal(refusal: Refusal, requestId: string, headers: Readonly<Record<string, string>> = {}): Reply {
    const name = refusal.code ?? refusal.type;
    this.counts.refused[name] = (this.counts.refused[name] ?? 0) + 1;
    const body = JSON.stringify(errorBody(refusal, requestId), undefined, 2);
    return { status: refusal.status, body, headers: { ...headers, ...refusal.headers } };
  }

  #refuse(refusal: Refusal, requestId: string): Response {
    const { status, body, headers } = this.#refusal(refusal, requestId);
    return new Response(body, { status, headers: this.#headers(requestId, headers) });
  }

  #respond(reply: Reply, { requestId, version, idempotencyKey, ledger }: Arrived): Response {
    const headers = this.#headers(requestId, { "stripe-version": version, ...reply.headers });
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    if (ledger.accountId !== this.#parts.accountId) headers["stripe-account"] = ledger.accountId;
    if (reply.body.startsWith("<")) headers["content-type"] = "text/html";
    return new Response(reply.body, { status: reply.status, headers });
  }

  #headers(requestId: string, more: Readonly<Record<string, string>>): Record<string, string> {
    const date = new Date(this.#parts.clock.now()).toUTCString();
    return { "content-type": "application/json", "request-id": requestId, date, ...more };
  }
}

function run(endpoint: Endpoint, ledger: Ledger, ids: readonly string[], form: URLSearchParams): Body {
  const { expand, ...tree } = treeOf(form);
  return expanded(ledger, endpoint.run({ ledger, ids, params: new Params(tree) }), pathsOf(expand));
}

function pathsOf(expand: Tree | undefined): readonly string[] {
  return Array.isArray(expand) ? expand.filter((path) => typeof path === "string") : [];
}

/** The parameters of a call, in one order. */
function canonical(form: URLSearchParams): string {
  return [...form]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
}

function refusalOf({ how }: Sabotage): Refusal | undefined {
  if (how === "locked") return LOCKED;
  if (how === "conflict") return CONFLICTED;
  if (how === "limited") return rateLimited("global-rate");
  if (how === "unavailable") return { ...BROKEN, status: 503, headers: { "stripe-should-retry": "true" } };
  return undefined;
}

function spoiled(reply: Reply, sabotage: Sabotage | undefined): Reply {
  if (sabotage?.how === "cut-after") throw new CutConnection();
  if (sabotage?.how === "gateway-after") return { ...reply, status: 502, body: PAGE };
  if (sabotage?.how === "truncated") return { ...reply, body: reply.body.slice(0, reply.body.length / 2) };
  return reply;
}

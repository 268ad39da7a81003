// The API behind the gateway: finds what a path means, and puts calls together that stand in one.
import { Bulk, type BulkAnswer } from "./bulk.ts";
import { Collections } from "./collections.ts";
import { briefOf, describeGlobal, describeObject } from "./describe.ts";
import { NOT_THERE, refuse, Refusal } from "./errors.ts";
import type { Meter } from "./meter.ts";
import type { SalesforceSimulatorSettings } from "./options.ts";
import type { Org } from "./org.ts";
import { Queries } from "./queries.ts";
import { deletedBetween, updatedBetween } from "./replication.ts";
import { Rows, type RowAnswer } from "./rows.ts";
import { search } from "./search.ts";
import { asText } from "./values.ts";
import type { Body, Writes } from "./write.ts";

const SUBREQUESTS_MAX = 25;

/** One call as the API sees it, already signed in and let through. */
export interface Call {
  readonly method: string;
  /** Below the version: "/query", "/sobjects/Account/001…". */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | null;
  readonly body: string;
  /** "67.0" */
  readonly version: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ServiceParts {
  readonly org: Org;
  readonly writes: Writes;
  readonly queries: Queries;
  readonly bulk: Bulk;
  readonly meter: Meter;
  readonly settings: SalesforceSimulatorSettings;
}

export class Service {
  /** Refusals, by code. */
  readonly refused: Record<string, number> = {};
  readonly #parts: ServiceParts;
  readonly #rows: Rows;
  readonly #collections: Collections;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#rows = new Rows(parts.org, parts.writes);
    this.#collections = new Collections(parts.org, parts.writes);
  }

  answer(call: Call): Reply {
    const { status, json, csv, headers = {} } = this.#tried(call);
    if (csv !== undefined) return { status, body: csv, headers: { ...headers, "content-type": "text/csv" } };
    const body = json === undefined ? "" : JSON.stringify(json);
    return { status, body, headers: { ...headers, "content-type": "application/json;charset=UTF-8" } };
  }

  #tried(call: Call): RowAnswer & BulkAnswer {
    try {
      return this.#do(call) as RowAnswer & BulkAnswer;
    } catch (error) {
      if (error instanceof SyntaxError) {
        return { status: 400, json: [{ message: error.message, errorCode: "JSON_PARSER_ERROR" }] };
      }
      if (!(error instanceof Refusal)) throw error;
      for (const { errorCode } of error.errors) this.refused[errorCode] = (this.refused[errorCode] ?? 0) + 1;
      return { status: error.status, json: error.errors as unknown as object };
    }
  }

  #do(call: Call): RowAnswer | BulkAnswer {
    const { org, queries, bulk, meter } = this.#parts;
    const { query, version } = call;
    const base = `/services/data/v${version}`;
    const [head, ...rest] = call.path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
    switch (head) {
      case undefined:
        return {
          status: 200,
          json: { query: `${base}/query`, sobjects: `${base}/sobjects`, limits: `${base}/limits` },
        };
      case "limits":
        return { status: 200, json: { DailyApiRequests: { Max: meter.max, Remaining: meter.remaining } } };
      case "query":
      case "queryAll": {
        const [locator] = rest;
        if (locator !== undefined) return { status: 200, json: queries.more(locator, base) };
        const soql = query.get("q") ?? refuse(400, "MALFORMED_QUERY", "Missing q parameter");
        const options = call.header("sforce-query-options") ?? "";
        return { status: 200, json: queries.begin({ soql, deletedToo: head === "queryAll", options, base }) };
      }
      case "search":
        return { status: 200, json: search(org, query.get("q") ?? "", base) };
      case "sobjects":
        return this.#sobjects(call, rest, base);
      case "composite":
        return this.#composite(call, rest, base);
      case "jobs":
        return bulk.answer({ method: call.method, parts: rest, query, body: call.body, version });
      default:
        throw new Refusal(404, [NOT_THERE]);
    }
  }

  #sobjects(call: Call, parts: readonly string[], base: string): RowAnswer {
    const { org, settings } = this.#parts;
    const [object, what] = parts;
    const isGet = call.method === "GET";
    if (object === undefined) return { status: 200, json: describeGlobal(org, base) };
    if (isGet && what === undefined) return { status: 200, json: briefOf(org, object, base) };
    if (isGet && what === "describe") return { status: 200, json: describeObject(org, object, base) };
    if (isGet && what === "updated") return { status: 200, json: updatedBetween(org, settings, object, call.query) };
    if (isGet && what === "deleted") return { status: 200, json: deletedBetween(org, settings, object, call.query) };
    return this.#rows.answer({ ...call, parts, base, body: bodyOf(call) });
  }

  #composite(call: Call, [what, ...parts]: readonly string[], base: string): RowAnswer {
    if (what === "sobjects") return this.#collections.answer({ ...call, parts, base, body: bodyOf(call) });
    if (what === "batch") return this.#batch(call);
    if (what !== undefined) throw new Refusal(404, [NOT_THERE]);
    const { compositeRequest, allOrNone } = bodyOf(call);
    if (!Array.isArray(compositeRequest)) return refuse(400, "JSON_PARSER_ERROR", "compositeRequest is wanted");
    if (compositeRequest.length > SUBREQUESTS_MAX)
      refuse(400, "LIMIT_EXCEEDED", `at most ${SUBREQUESTS_MAX} subrequests`);
    if (allOrNone === true) refuse(400, "NOT_SIMULATED", "allOrNone is not simulated");
    const answered = new Map<string, RowAnswer>();
    const compositeResponse = (compositeRequest as readonly Body[]).map((part) => {
      const referenceId = String(part["referenceId"]);
      const answer = this.#subrequest(call, part, answered);
      answered.set(referenceId, answer);
      return {
        body: answer.json ?? null,
        httpHeaders: answer.headers ?? {},
        httpStatusCode: answer.status,
        referenceId,
      };
    });
    return { status: 200, json: { compositeResponse } };
  }

  /** `@{account.id}` stands for a part of an earlier answer; where that failed, what needs it is halted. */
  #subrequest(call: Call, part: Body, answered: ReadonlyMap<string, RowAnswer>): RowAnswer {
    let isHalted = false;
    const text = JSON.stringify({ url: part["url"], body: part["body"] }).replace(
      /@\{(\w+)((?:\.\w+)+)\}/g,
      (_, name: string, path: string) => {
        const earlier = answered.get(name);
        if (earlier === undefined || earlier.status >= 300) isHalted = true;
        const value = path
          .slice(1)
          .split(".")
          .reduce<unknown>((inner, key) => (inner as Body | undefined)?.[key], earlier?.json);
        return asText(value);
      },
    );
    if (isHalted) {
      const message = "Invalid reference specified. No value for reference found because the earlier request failed.";
      return { status: 400, json: [{ errorCode: "PROCESSING_HALTED", message }] };
    }
    const { url, body } = JSON.parse(text) as { readonly url: string; readonly body?: unknown };
    const headers = new Headers((part["httpHeaders"] ?? {}) as Record<string, string>);
    return this.#inner(call, asText(part["method"]), url, body, (name) => headers.get(name));
  }

  #batch(call: Call): RowAnswer {
    const { batchRequests } = bodyOf(call);
    if (!Array.isArray(batchRequests)) return refuse(400, "JSON_PARSER_ERROR", "batchRequests is wanted");
    const results = (batchRequests as readonly Body[]).map((part) => {
      const url = `/services/data/${String(part["url"])}`;
      const answer = this.#inner(call, String(part["method"]), url, part["richInput"], () => null);
      return { statusCode: answer.status, result: answer.json ?? null };
    });
    return { status: 200, json: { hasErrors: results.some(({ statusCode }) => statusCode >= 400), results } };
  }

  #inner(call: Call, method: string, address: string, body: unknown, header: Call["header"]): RowAnswer {
    const url = new URL(address, "http://org");
    const path = /^\/services\/data\/v[\d.]+(\/.*)$/.exec(url.pathname)?.[1];
    if (path === undefined) return { status: 404, json: [NOT_THERE] };
    const text = body === undefined ? "" : JSON.stringify(body);
    return this.#tried({ ...call, method, path, query: url.searchParams, header, body: text });
  }
}

function bodyOf({ body }: Call): Body {
  return body === "" ? {} : (JSON.parse(body) as Body);
}

// The accounting service behind the gateway: finds the operation, remembers request ids, turns refusals into faults.
import type { Clock } from "../../../src/world/world.ts";
import { changeDataCapture } from "./cdc.ts";
import type { Company } from "./company.ts";
import { isBody, textOf } from "./fields.ts";
import { LAPSED, Refusal, refuse, serviceFault, type Fault } from "./faults.ts";
import { readJson, writeJson } from "./json.ts";
import { kindOfPath, KIND_NAMES, KINDS, type Body, type Kind } from "./kinds.ts";
import type { QuickBooksSimulatorSettings } from "./options.ts";
import { answerQuery } from "./query.ts";
import type { Reply, RequestIds } from "./request-ids.ts";
import { write, type WriteRequest } from "./write.ts";

const BATCH_ITEMS_MAX = 30;
const REQUEST_ID_MAX = 50;
const BATCH_REQUEST_ID_MAX = 36;
const BATCH_ID_MAX = 10;

/** One call as the service sees it, already signed in and let through. */
export interface Call {
  readonly method: string;
  /** Below the company: "invoice", "invoice/12", "query". */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
}

export interface ServiceCounts {
  readonly created: Record<Kind, number>;
  /** Writes that were refused with a fault, by its code. */
  readonly refused: Record<string, number>;
}

export class Service {
  readonly counts: ServiceCounts = {
    created: Object.fromEntries(KIND_NAMES.map((kind) => [kind, 0])) as Record<Kind, number>,
    refused: {},
  };
  /** The company no longer pays for its subscription: everything is refused. */
  lapsed = false;
  readonly #clock: Clock;
  readonly #company: Company;
  readonly #requestIds: RequestIds;
  readonly #settings: QuickBooksSimulatorSettings;

  constructor(clock: Clock, company: Company, requestIds: RequestIds, settings: QuickBooksSimulatorSettings) {
    this.#clock = clock;
    this.#company = company;
    this.#requestIds = requestIds;
    this.#settings = settings;
  }

  answer(call: Call): Reply {
    const requestId = this.#requestId(call);
    if (this.lapsed) return this.#refused(LAPSED);
    const before = requestId === undefined ? undefined : this.#requestIds.again(requestId);
    if (before !== undefined) return before;
    let reply: Reply;
    let refused = false;
    try {
      reply = { status: 200, body: this.#text(this.#do(call)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused = true;
      reply = this.#refused(error.fault);
    }
    if (requestId !== undefined && (!refused || this.#settings.requestIdReplaysFaults)) {
      this.#requestIds.remember(requestId, reply);
    }
    return reply;
  }

  #refused(fault: Fault): Reply {
    return { status: fault.status, body: this.#text(this.#fault(fault)) };
  }

  #do(call: Call): Body {
    const [head = "", id, ...rest] = call.path.split("/");
    if (head === "query") return { QueryResponse: answerQuery(this.#company, queryText(call)) };
    if (head === "cdc") return this.#cdc(call);
    if (head === "batch") return this.#batch(call);
    if (head === "companyinfo") return { CompanyInfo: { CompanyName: "Simulated Company", Id: "1", SyncToken: "0" } };
    const kind = kindOfPath(head);
    if (kind === undefined || rest.length > 0) return refuse("2010", `Unsupported Operation : ${call.path}`);
    if (call.method === "GET") return { [kind]: this.#company.get(kind, id ?? "") };
    if (call.method !== "POST" || id !== undefined) return refuse("2010", `Unsupported Operation : ${call.method}`);
    return { [kind]: this.#write(kind, call.query.get("operation") ?? "", includes(call.query), jsonBody(call)) };
  }

  #write(kind: Kind, operation: string, include: readonly string[], body: Body): Body {
    const isVoid = operation === "void" || include.includes("void");
    const request: WriteRequest = {
      kind,
      operation: operation === "delete" ? "delete" : isVoid ? "void" : "save",
      body,
      warnDuplicates: this.#settings.warnDuplicateDocNumbers && !include.includes("allowduplicatedocnum"),
    };
    const written = write(this.#company, request);
    if (request.operation === "save" && textOf(body, "Id") === undefined) this.counts.created[kind] += 1;
    return written;
  }

  #cdc({ query }: Call): Body {
    return changeDataCapture(this.#company, {
      entities: query.get("entities") ?? "",
      changedSince: query.get("changedSince") ?? "",
      keeps: this.#settings.cdcKeeps,
      now: this.#clock.now(),
    });
  }

  #batch(call: Call): Body {
    const items = jsonBody(call)["BatchItemRequest"];
    if (!Array.isArray(items)) return refuse("2020", "Required parameter BatchItemRequest is missing in the request");
    if (items.length > BATCH_ITEMS_MAX) refuse("6000", `A batch takes ${BATCH_ITEMS_MAX} items, not ${items.length}`);
    return {
      BatchItemResponse: items.filter(isBody).map((item) => this.#batchItem(item, call.query.has("requestid"))),
    };
  }

  #batchItem(item: Body, named: boolean): Body {
    const bId = textOf(item, "bId") ?? "";
    try {
      if (named && bId.length > BATCH_ID_MAX) refuse("2050", `bId takes ${BATCH_ID_MAX} characters`, "bId");
      const query = textOf(item, "Query");
      if (query !== undefined) return { bId, QueryResponse: answerQuery(this.#company, query) };
      const kind = KIND_NAMES.find((name) => isBody(item[name]));
      if (kind === undefined) return refuse("2010", "The batch item holds no entity that is known");
      const include = (textOf(item, "optionsData") ?? "").split(",");
      return { bId, [kind]: this.#write(kind, textOf(item, "operation") ?? "", include, item[kind] as Body) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { bId, ...this.#fault(error.fault) };
    }
  }

  #fault(fault: Fault): Body {
    this.counts.refused[fault.code] = (this.counts.refused[fault.code] ?? 0) + 1;
    return serviceFault(fault) as Body;
  }

  #text(answer: Body): string {
    const milliseconds = String(this.#clock.now() % 1000).padStart(3, "0");
    const time = this.#company.time(this.#clock.now());
    return writeJson({ ...answer, time: `${time.slice(0, 19)}.${milliseconds}${time.slice(19)}` });
  }

  /** The id under which this call's answer is remembered, if it is. */
  #requestId(call: Call): string | undefined {
    const requestId = call.query.get("requestid") ?? "";
    if (call.method !== "POST" || requestId === "") return undefined;
    const charactersMax = call.path === "batch" ? BATCH_REQUEST_ID_MAX : REQUEST_ID_MAX;
    if (requestId.length > charactersMax) return undefined;
    const kind = kindOfPath(call.path);
    const covered = kind === undefined || !KINDS[kind].list || this.#settings.requestIdCoversLists;
    return covered ? requestId : undefined;
  }
}

function includes(query: URLSearchParams): readonly string[] {
  return (query.get("include") ?? "").split(",");
}

function queryText({ method, query, contentType, body }: Call): string {
  if (method === "POST" && contentType.startsWith("application/text")) return body;
  return query.get("query") ?? "";
}

function jsonBody({ contentType, body }: Call): Body {
  if (!contentType.startsWith("application/json")) {
    return refuse("2010", `Request has invalid or unsupported property : Content-Type ${contentType}`);
  }
  let json: unknown;
  try {
    json = readJson(body);
  } catch {
    return refuse("2010", "The request's body is not JSON");
  }
  return isBody(json) ? json : refuse("2010", "The request's body is not an object");
}

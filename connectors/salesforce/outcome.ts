// Finds what Salesforce objects to in an answer, in whichever of its forms it says so, and says what it means. The code
// decides, not the status: a lock and a missing field are both 400, a spent quota and a missing right both 403.
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome, OutcomeKind } from "../../src/define/outcome.ts";

export interface SalesforceError {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
}

const REASON_CHARACTERS_MAX = 500;
/** Too many long calls at once: it is over as soon as one of them ends. */
const CONCURRENCY_WAIT_MS = 5_000;
/** The day's calls are spent: the window rolls, and a little room comes back all the time. */
const DAY_WAIT_MS = 600_000;

const BY_CODE: Readonly<Record<string, OutcomeKind>> = {
  INVALID_SESSION_ID: "reauthorize",
  INVALID_AUTH_HEADER: "reauthorize",
  Bad_OAuth_Token: "reauthorize",
  Missing_OAuth_Token: "reauthorize",
  REQUEST_LIMIT_EXCEEDED: "throttled",
  EXCEEDED_CONCURRENT_REQUESTS: "throttled",
  INSUFFICIENT_ACCESS: "denied",
  INSUFFICIENT_ACCESS_OR_READONLY: "denied",
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: "denied",
  INVALID_FIELD_FOR_INSERT_UPDATE: "denied",
  API_DISABLED_FOR_ORG: "denied",
  API_CURRENTLY_DISABLED: "denied",
  OAUTH_APP_BLOCKED: "denied",
  FUNCTIONALITY_NOT_ENABLED: "denied",
  // Nothing can be made until an administrator has freed room; then everything can.
  STORAGE_LIMIT_EXCEEDED: "denied",
  GONE: "denied",
  UNSUPPORTED_API_VERSION: "denied",
  ENTITY_IS_DELETED: "missing",
  NOT_FOUND: "missing",
  DUPLICATE_VALUE: "conflict",
  DUPLICATES_DETECTED: "conflict",
  PRECONDITION_FAILED: "conflict",
  UNABLE_TO_LOCK_ROW: "unavailable",
  QUERY_TIMEOUT: "unavailable",
  SERVER_UNAVAILABLE: "unavailable",
};

/** What an answer means; undefined: the engine's table by status holds. */
export function outcome(answer: Answer, request: ApiRequest): Outcome | undefined {
  const writes = request.writes ?? request.method !== "GET";
  const { status } = answer;
  if (status === 300) {
    const reason = "several records have this external id, so nothing was written: make it unique in Salesforce";
    return { kind: "conflict", reason, code: "MULTIPLE_CHOICES" };
  }
  const parts = subresponses(answer.json);
  if (status === 200 && parts !== undefined) return outcomeOfFirst(parts, answer, request);
  const errors = errorsOf(answer.json);
  if (errors.length > 0) return outcomeOfErrors(errors, { status, writes });
  if (status === 304 || status === 412 || status === 428) {
    return { kind: "conflict", reason: `${status}: the record was changed meanwhile`, code: "PRECONDITION_FAILED" };
  }
  if (status === 410)
    return { kind: "denied", reason: "410: this version of the API is served no longer", code: "GONE" };
  // An org that moves, or a stale route to it.
  if (status === 420) return { kind: "unavailable", reason: "420: the org is served from another place just now" };
  return undefined;
}

/** What errors mean, also those of one record inside an answer. The first that is not about another one counts. */
function outcomeOfErrors(
  errors: readonly SalesforceError[],
  { status, writes }: { readonly status: number; readonly writes: boolean },
): Outcome {
  const told = errors.find(({ code }) => !ABOUT_OTHERS.has(code)) ?? errors[0];
  if (told === undefined) return { kind: writes ? "unknown" : "unavailable", reason: "Salesforce gave no reason" };
  const { code } = told;
  const reason = errors.map(wordsOf).join("; ").slice(0, REASON_CHARACTERS_MAX);
  const kind = kindOf(told, status, writes);
  const waitMs = kind === "throttled" ? waitOf(told) : undefined;
  return { kind, reason, ...(code === "" ? {} : { code }), ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
}

const ABOUT_OTHERS = new Set(["PROCESSING_HALTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK"]);

function kindOf({ code, message }: SalesforceError, status: number, writes: boolean): OutcomeKind {
  // Apex in between tells of the same lock under a code of its own.
  if (message.includes("UNABLE_TO_LOCK_ROW")) return "unavailable";
  // A field that the user may not see looks as if there were none.
  if (code === "INVALID_FIELD" && /No such column/i.test(message)) return "denied";
  if (code === "NOT_FOUND" && /external ID field/i.test(message)) return "denied";
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (status === 401) return "reauthorize";
  if (status === 403) return "denied";
  // The Id of a record that was purged leads nowhere; a reference that leads nowhere comes with 400.
  if (status === 404) return "missing";
  if (status === 409 || status === 412) return "conflict";
  if (status === 429) return "throttled";
  if (status === 503) return writes ? "unknown" : "unavailable";
  if (status >= 500 || code === "UNKNOWN_EXCEPTION") return writes ? "unknown" : "unavailable";
  return "invalid";
}

function waitOf({ message }: SalesforceError): number {
  return /concurrent/i.test(message) ? CONCURRENCY_WAIT_MS : DAY_WAIT_MS;
}

function wordsOf({ code, message, fields }: SalesforceError): string {
  const named = fields.filter((field) => !message.includes(field));
  return `${code === "" ? "" : `${code}: `}${message}${named.length === 0 ? "" : ` (${named.join(", ")})`}`;
}

/** A list of errors, one error of the token endpoints, or a result that did not succeed; else none. */
function errorsOf(json: unknown): readonly SalesforceError[] {
  if (Array.isArray(json)) {
    const first: unknown = json[0];
    return isObject(first) && typeof first["errorCode"] === "string" ? json.filter(isObject).map(errorOf) : [];
  }
  if (!isObject(json)) return [];
  if (typeof json["errorCode"] === "string") return [errorOf(json)];
  if (typeof json["error"] === "string") {
    return [{ code: json["error"], message: text(json["error_description"]), fields: [] }];
  }
  if (json["success"] !== false) return [];
  const errors = Array.isArray(json["errors"]) ? json["errors"].filter(isObject).map(errorOf) : [];
  return errors.length > 0 ? errors : [{ code: "", message: "Salesforce says that it did not succeed", fields: [] }];
}

/** REST says `errorCode`, collections say `statusCode`. */
function errorOf(error: Readonly<Record<string, unknown>>): SalesforceError {
  const fields = Array.isArray(error["fields"]) ? error["fields"].map(String) : [];
  return { code: text(error["errorCode"]) || text(error["statusCode"]), message: text(error["message"]), fields };
}

interface Subresponse {
  readonly body: unknown;
  readonly httpStatusCode: number;
}

/** The parts of a composite answer, which is 200 whatever became of them. */
export function subresponses(json: unknown): readonly Subresponse[] | undefined {
  const parts = isObject(json) ? json["compositeResponse"] : undefined;
  return Array.isArray(parts) ? (parts as readonly Subresponse[]) : undefined;
}

/** The first part is the write; what is read after it may fail without undoing it. */
function outcomeOfFirst(parts: readonly Subresponse[], answer: Answer, request: ApiRequest): Outcome | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const part: Answer = { ...answerPart(answer), status: first.httpStatusCode, json: first.body };
  const meant = outcome(part, request);
  if (meant !== undefined || (first.httpStatusCode >= 200 && first.httpStatusCode < 300)) return meant;
  return outcomeOfErrors([{ code: "", message: `status ${first.httpStatusCode}`, fields: [] }], {
    status: first.httpStatusCode,
    writes: request.writes ?? request.method !== "GET",
  });
}

function answerPart({ headers, text: body }: Answer): Pick<Answer, "headers" | "text"> {
  return { headers, text: body };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

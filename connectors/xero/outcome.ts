// What Xero's answers mean: four shapes of errors, some of them inside an answer with status 200.
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome } from "../../src/define/outcome.ts";

const REASON_CHARACTERS_MAX = 500;

/** Somebody else has this name, number or code. */
const TAKEN = /already (assigned to another|exists|been used|in use)|must be unique|is not unique/i;
const OTHER_REQUEST = /idempotency.?key.*different request/is;
const NOT_ALLOWED = /AuthorizationUnsuccessful|insufficient_scope/i;

/** What an answer means; undefined: the engine's table by status holds. */
export function outcome(answer: Answer, request: ApiRequest): Outcome | undefined {
  const writes = request.writes ?? request.method !== "GET";
  const { status } = answer;
  if (status === 429) return throttled(answer);
  if (status === 401 || status === 403) return refused(answer);
  if (status === 400) return invalid(answer);
  if (status === 200 && !isObject(answer.json) && !Array.isArray(answer.json)) {
    const reason = "Xero answered 200 with something else than JSON, such as a page for people";
    return { kind: writes ? "unknown" : "unavailable", reason };
  }
  if (status === 200 && writes) return refusedElement(answer.json);
  return undefined;
}

/** What one record of an answer says of itself; undefined: it was taken. Warnings are no refusals. */
export function elementOutcome(element: unknown): Outcome | undefined {
  if (!isObject(element)) return undefined;
  const messages = messagesOf(element);
  const isRefused = element["StatusAttributeString"] === "ERROR" || element["HasErrors"] === true;
  if (!isRefused && (messages.length === 0 || element["HasValidationErrors"] !== true)) return undefined;
  return validation(messages, "ValidationException");
}

/** A single record that was refused; in a batch each speaks for itself. */
function refusedElement(json: unknown): Outcome | undefined {
  if (!isObject(json)) return undefined;
  const lists = Object.values(json).filter((value): value is unknown[] => Array.isArray(value));
  const [only] = lists;
  return lists.length === 1 && only?.length === 1 ? elementOutcome(only[0]) : undefined;
}

function throttled({ headers }: Answer): Outcome {
  const problem = headers["x-rate-limit-problem"]?.toLowerCase();
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return {
    kind: "throttled",
    reason: `Xero's limit of calls was reached${problem === undefined ? "" : ` (${problem})`}`,
    ...(problem === undefined ? {} : { code: problem }),
    ...(Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1_000 } : {}),
  };
}

/**
 * An expired or revoked token is asked for anew. A scope that is missing, or a role that the person who connected has not,
 * stays missing. An organisation that was disconnected refuses even the newest token: somebody has to connect it again.
 */
function refused({ status, json, headers, text }: Answer): Outcome {
  const detail = textIn(json, "Detail") || textIn(json, "detail") || textIn(json, "error");
  const said = `${detail} ${headers["www-authenticate"] ?? ""}`;
  if (NOT_ALLOWED.test(said)) {
    const reason = "a scope is missing, or the person who connected may not do this in Xero";
    return { kind: "denied", code: "AuthorizationUnsuccessful", reason: `${reason} (${status})` };
  }
  if (status === 401) return { kind: "reauthorize", reason: `401: ${detail || "the token was not taken"}` };
  if (/AuthenticationUnsuccessful/i.test(said)) {
    const reason = "the organisation is not connected to this app any more, or `tenantId` is another's";
    return { kind: "reauthorize", code: "AuthenticationUnsuccessful", reason: `${reason}: connect it again` };
  }
  const words = detail || textIn(json, "Message") || text.slice(0, REASON_CHARACTERS_MAX);
  return { kind: "denied", reason: `403: ${words || "not allowed"}` };
}

function invalid({ json, text }: Answer): Outcome {
  const type = textIn(json, "Type");
  const message = textIn(json, "Message") || textIn(json, "Detail") || text.slice(0, REASON_CHARACTERS_MAX);
  // Something was sent under this key before, and nobody knows how that ended.
  if (OTHER_REQUEST.test(message)) return { kind: "unknown", code: "idempotency-key", reason: message };
  const elements = isObject(json) && Array.isArray(json["Elements"]) ? json["Elements"] : [];
  const messages = elements.flatMap((element: unknown) => messagesOf(element));
  return validation(messages.length > 0 ? messages : [message], type || textIn(json, "ErrorNumber"));
}

function validation(messages: readonly string[], code: string): Outcome {
  const reason = [...new Set(messages)].join("; ").slice(0, REASON_CHARACTERS_MAX) || "Xero does not take this";
  return { kind: TAKEN.test(reason) ? "conflict" : "invalid", reason, ...(code === "" ? {} : { code }) };
}

/** The record's own complaints, and those of its lines. */
function messagesOf(element: unknown): readonly string[] {
  if (!isObject(element)) return [];
  const errors = element["ValidationErrors"];
  const lines = element["LineItems"];
  return [
    ...(Array.isArray(errors) ? errors : []).map((error) => textIn(error, "Message") || textIn(error, "Description")),
    ...(Array.isArray(lines) ? lines : []).flatMap((line: unknown) => messagesOf(line)),
  ].filter((message) => message !== "");
}

function textIn(json: unknown, name: string): string {
  const value = isObject(json) ? json[name] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// What an answer of Shopify's means. Nearly all of them are HTTP 200: the meaning is in the body's `errors`, in the
// mutation's `userErrors`, and in whether there is JSON at all.
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome } from "../../src/define/outcome.ts";
import { readCost } from "./limits.ts";

/** Asked to wait by a bare 430 or 429, which name no time. */
const WAIT_DEFAULT_MS = 2_000;
const SECURITY_WAIT_MS = 60_000;
/** An error's text may quote what was sent; this much of it is enough for a person. */
const REASON_LENGTH_MAX = 300;

export function shopifyOutcome(answer: Answer, request: ApiRequest): Outcome | undefined {
  if (answer.status === 200) return outcomeOfBody(answer, request.writes ?? true);
  return outcomeOfStatus(answer);
}

function outcomeOfStatus(answer: Answer): Outcome | undefined {
  const reason = topLevelMessage(answer);
  switch (answer.status) {
    case 401:
      return { kind: "reauthorize", reason: reason ?? "the access token is not accepted" };
    case 402:
      return { kind: "reauthorize", reason: "the shop is frozen until its Shopify bill is paid" };
    case 423:
      return { kind: "reauthorize", reason: "the shop is locked" };
    case 403:
      return { kind: "denied", reason: reason ?? "the app may not do this" };
    case 429:
      return { kind: "throttled", retryAfterMs: retryAfterMs(answer) ?? WAIT_DEFAULT_MS };
    case 430:
      return { kind: "throttled", retryAfterMs: retryAfterMs(answer) ?? SECURITY_WAIT_MS, code: "430" };
    // There is one path. That it is not there says nothing of any record; taken for `missing`, a delete would seem done.
    case 404:
      return { kind: "reauthorize", reason: "there is no such shop, or it no longer knows this API version" };
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return { kind: "reauthorize", reason: "the shop has moved to another address" };
    default:
      return undefined;
  }
}

interface TopLevelError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown };
}

interface UserError {
  readonly field?: readonly string[] | null;
  readonly message?: string;
  readonly code?: string | null;
}

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly TopLevelError[] | string;
}

function outcomeOfBody(answer: Answer, writes: boolean): Outcome {
  const body = answer.json as Body | undefined;
  // A page of a proxy, or an answer cut short: the mutation may have run.
  if (typeof body !== "object" || body === null || (body.data === undefined && body.errors === undefined)) {
    return { kind: writes ? "unknown" : "unavailable", reason: "the answer is not GraphQL" };
  }
  if (body.errors !== undefined && body.errors.length > 0) return outcomeOfErrors(answer, body, writes);
  if (body.data === null) return { kind: writes ? "unknown" : "unavailable", reason: "the answer holds no data" };
  return outcomeOfUserErrors(body.data ?? {});
}

function outcomeOfErrors(answer: Answer, body: Body, writes: boolean): Outcome {
  const first: TopLevelError = typeof body.errors === "string" ? { message: body.errors } : (body.errors?.[0] ?? {});
  const code = typeof first.extensions?.code === "string" ? first.extensions.code : undefined;
  const reason = short(typeof first.message === "string" ? first.message : "no message");
  const facts = { reason, ...(code === undefined ? {} : { code }) };
  // The mutation itself gave an answer, and only something below it failed: it took place.
  const ran = writes && Object.values(body.data ?? {}).some((field) => field !== null);
  if (ran) return { kind: "unknown", ...facts };
  switch (code) {
    case "THROTTLED":
      return { kind: "throttled", retryAfterMs: waitForPointsMs(answer), ...facts };
    case "ACCESS_DENIED":
      return { kind: "denied", ...facts };
    case "SHOP_INACTIVE":
      return { kind: "reauthorize", ...facts };
    case "INTERNAL_SERVER_ERROR":
    case "TIMEOUT":
      return { kind: writes ? "unknown" : "unavailable", ...facts };
    default:
      if (/^throttled$/i.test(reason)) return { kind: "throttled", retryAfterMs: waitForPointsMs(answer), ...facts };
      if (/internal error|something went wrong|timeout/i.test(reason)) {
        return { kind: writes ? "unknown" : "unavailable", ...facts };
      }
      return { kind: "invalid", ...facts };
  }
}

const CONFLICT_CODES = new Set([
  "TAKEN",
  "HANDLE_NOT_UNIQUE",
  "VARIANT_ALREADY_EXISTS",
  "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
  "CHANGE_FROM_QUANTITY_STALE",
  "COMPARE_QUANTITY_STALE",
]);

const MISSING_CODES = new Set([
  "NOT_FOUND",
  "PRODUCT_DOES_NOT_EXIST",
  "PRODUCT_VARIANT_DOES_NOT_EXIST",
  "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT",
]);

function outcomeOfUserErrors(data: Readonly<Record<string, unknown>>): Outcome {
  const errors = Object.values(data).flatMap(userErrorsOf);
  const [first] = errors;
  if (first === undefined) return { kind: "done" };
  const reason = short(errors.map(sentence).join("; "));
  const code = first.code ?? undefined;
  const facts = { reason, ...(code === undefined ? {} : { code }) };
  // The first try with this key is still running: its end is not known yet.
  if (code === "IDEMPOTENCY_CONCURRENT_REQUEST") return { kind: "unknown", ...facts };
  if (code === "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED") return { kind: "unavailable", ...facts };
  if (code === "INTERNAL_ERROR" || code === "JOB_ERROR") return { kind: "unknown", ...facts };
  if (isConflict(first)) return { kind: "conflict", ...facts };
  if (isMissing(first)) return { kind: "missing", ...facts };
  return { kind: "invalid", ...facts };
}

function userErrorsOf(payload: unknown): readonly UserError[] {
  if (typeof payload !== "object" || payload === null) return [];
  const { userErrors, orderCancelUserErrors } = payload as Record<string, readonly UserError[] | undefined>;
  return [...(userErrors ?? []), ...(orderCancelUserErrors ?? [])];
}

function isConflict({ code, message = "" }: UserError): boolean {
  return CONFLICT_CODES.has(code ?? "") || /\btaken\b|already exists/i.test(message);
}

/** Only the record itself being gone is `missing`; a reference to something that is not there is bad content. */
function isMissing({ code, message = "", field }: UserError): boolean {
  const ofTheRecord = field === null || field === undefined || /^(id|.+Id|.+Ids)$/.test(field.at(-1) ?? "");
  return MISSING_CODES.has(code ?? "") || (ofTheRecord && /does not exist|not found|can't be found/i.test(message));
}

function sentence({ field, message }: UserError): string {
  return field === null || field === undefined || field.length === 0 ? `${message}` : `${field.join(".")}: ${message}`;
}

/** How long until the bucket holds what the query asked for. */
function waitForPointsMs(answer: Answer): number {
  const cost = readCost(answer);
  if (cost?.requested === undefined || cost.available === undefined || !cost.perSecond) {
    return retryAfterMs(answer) ?? WAIT_DEFAULT_MS;
  }
  return Math.max(0, Math.ceil(((cost.requested - cost.available) / cost.perSecond) * 1000));
}

function retryAfterMs(answer: Answer): number | undefined {
  const seconds = Number(answer.headers["retry-after"]);
  return answer.headers["retry-after"] !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? Math.ceil(seconds * 1000)
    : undefined;
}

function topLevelMessage(answer: Answer): string | undefined {
  const errors = (answer.json as { readonly errors?: unknown } | undefined)?.errors;
  if (typeof errors === "string") return short(errors);
  const message = Array.isArray(errors) ? (errors[0] as TopLevelError | undefined)?.message : undefined;
  return typeof message === "string" ? short(message) : undefined;
}

function short(text: string): string {
  return text.length <= REASON_LENGTH_MAX ? text : `${text.slice(0, REASON_LENGTH_MAX - 1)}…`;
}

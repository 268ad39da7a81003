// What an answer of Stripe means, where the table by status does not say it. The question behind most lines: could the
// call have been executed, and is its answer now kept under the idempotency key?
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome } from "../../src/define/outcome.ts";

const REASON_CHARACTERS_MAX = 500;

/** A kept 500: repeating the call with the same key will only ever show it again. */
export const REPLAYED = "idempotent_replay";
/** The key was used with other parameters, so something was sent under it before. */
export const MISMATCHED = "idempotency_mismatch";

interface StripeError {
  readonly type: string;
  readonly code: string;
  readonly param: string;
  readonly message: string;
  readonly declineCode: string;
}

/** Undefined: the engine's table by status holds. */
export function stripeOutcome(answer: Answer, request: ApiRequest): Outcome | undefined {
  const { status } = answer;
  if (status < 400) return undefined;
  const error = errorOf(answer.json);
  const writes = request.writes ?? request.method !== "GET";
  const told = { reason: reasonOf(error, status), ...(error.code === "" ? {} : { code: error.code }) };
  const unsure: Outcome = { ...told, kind: writes ? "unknown" : "unavailable" };
  if (error.type === "idempotency_error") return { ...unsure, code: error.code === "" ? MISMATCHED : error.code };
  switch (status) {
    case 400:
    case 404:
      return refused(status, error, told, request);
    case 401:
      return { ...told, kind: "reauthorize" };
    case 402:
      // The bank's word on a payment: sending the same again changes nothing.
      return { ...told, kind: "invalid" };
    case 403:
      return { ...told, kind: error.code === "account_invalid" ? "reauthorize" : "denied" };
    case 409:
      // Another call holds the object. Nothing was executed or kept, so it is sent again as it is.
      return { ...told, kind: "unavailable" };
    case 424:
      return unsure;
    case 429:
      return throttled(answer, error, told);
    default:
      if (status < 500) return undefined;
      return answer.headers["idempotent-replayed"] === "true"
        ? { ...unsure, code: REPLAYED }
        : unless503(answer, unsure);
  }
}

type Told = Pick<Outcome, "reason" | "code">;

function refused(status: number, error: StripeError, told: Told, { method, path }: ApiRequest): Outcome {
  if (error.code === "rate_limit") return { ...told, kind: "throttled" };
  if (error.code === "resource_already_exists") return { ...told, kind: "conflict" };
  // 404 is about what the path names. A parameter that leads nowhere is 400, and a collection is always there.
  const namesOne = method !== "POST" || path.split("/").length > 2;
  return { ...told, kind: status === 404 && namesOne ? "missing" : "invalid" };
}

/** Only a call too many pauses the connection; an object that somebody else holds delays nobody but its own record. */
function throttled({ headers }: Answer, { code }: StripeError, told: Told): Outcome {
  const isOfOne = code === "lock_timeout" || headers["stripe-rate-limited-reason"] === "resource-specific";
  return { ...told, kind: isOfOne ? "unavailable" : "throttled" };
}

/** A 503 that says when to come back was not worked on; the engine reads that by itself. */
function unless503({ status, headers }: Answer, unsure: Outcome): Outcome | undefined {
  return status === 503 && headers["retry-after"] !== undefined ? undefined : unsure;
}

function errorOf(json: unknown): StripeError {
  const error = part(json, "error");
  // OAuth answers in its own form: the error is a word beside its description.
  if (typeof error === "string") {
    return { type: error, code: "", param: "", message: text(part(json, "error_description")), declineCode: "" };
  }
  return {
    type: text(part(error, "type")),
    code: text(part(error, "code")),
    param: text(part(error, "param")),
    message: text(part(error, "message")),
    declineCode: text(part(error, "decline_code")),
  };
}

function reasonOf({ message, code, param, declineCode, type }: StripeError, status: number): string {
  const words = message === "" ? `Stripe answered ${status} without saying why` : message;
  const details = [code || type, declineCode, param === "" ? "" : `parameter ${param}`].filter(
    (detail) => detail !== "",
  );
  return `${words}${details.length === 0 ? "" : ` (${details.join(", ")})`}`.slice(0, REASON_CHARACTERS_MAX);
}

function part(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

// Every way in which Stripe refuses a call, in its own words and shapes.
import type { Body } from "./body.ts";

export interface Refusal {
  readonly status: number;
  readonly type: "invalid_request_error" | "card_error" | "api_error" | "idempotency_error";
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  /** Further fields of the error, such as `decline_code`. */
  readonly more?: Body;
  /** Found before the endpoint began its work: then nothing is kept under the idempotency key. */
  readonly unsaved?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export class StripeFault extends Error {
  override readonly name = "StripeFault";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function errorBody({ type, message, code, param, more }: Refusal, requestId: string): Body {
  return {
    error: {
      ...(code === undefined
        ? {}
        : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }),
      message,
      ...(param === undefined ? {} : { param }),
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
      type,
      ...more,
    },
  };
}

type Detail = Partial<Omit<Refusal, "message" | "type">>;

export function invalid(message: string, detail: Detail = {}): StripeFault {
  return new StripeFault({ status: 400, type: "invalid_request_error", message, ...detail });
}

export function unknownParameter(param: string): StripeFault {
  return invalid(`Received unknown parameter: ${param}`, { code: "parameter_unknown", param, unsaved: true });
}

export function missingParameter(param: string): StripeFault {
  return invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param, unsaved: true });
}

export function invalidInteger(param: string, given: string): StripeFault {
  return invalid(`Invalid integer: ${given}`, { code: "parameter_invalid_integer", param, unsaved: true });
}

/** 404 where the path names it, 400 where a parameter does. */
export function noSuch(word: string, id: string, param: string, status: 400 | 404): StripeFault {
  return invalid(`No such ${word}: '${id}'`, { status, code: "resource_missing", param });
}

export function noRoute(method: string, path: string): StripeFault {
  return invalid(`Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs.`, { status: 404 });
}

export function declined(more: Body): StripeFault {
  return new StripeFault({
    status: 402,
    type: "card_error",
    code: "card_declined",
    message: "Your card was declined.",
    more: { decline_code: "generic_decline", ...more },
  });
}

const SHOULD_RETRY = { "stripe-should-retry": "true" };
const MUST_NOT_RETRY = { "stripe-should-retry": "false" };

export const LOCKED: Refusal = {
  status: 429,
  type: "invalid_request_error",
  code: "lock_timeout",
  message: "This object cannot be accessed right now because another API request or process is accessing it.",
  unsaved: true,
  headers: SHOULD_RETRY,
};

export const CONFLICTED: Refusal = {
  status: 409,
  type: "invalid_request_error",
  message: "The request conflicts with another request that is under way.",
  unsaved: true,
};

export const BROKEN: Refusal = {
  status: 500,
  type: "api_error",
  message: "An unknown error occurred",
  headers: MUST_NOT_RETRY,
};

export function rateLimited(reason: string): Refusal {
  return {
    status: 429,
    type: "invalid_request_error",
    code: "rate_limit",
    message: "Request rate limit exceeded.",
    unsaved: true,
    headers: { "stripe-rate-limited-reason": reason },
  };
}

export function noKey(): Refusal {
  return unauthorized("You did not provide an API key. Provide it in the Authorization header, as a Bearer token.");
}

export function wrongKey(key: string): Refusal {
  return unauthorized(`Invalid API Key provided: ${masked(key)}`);
}

export function expiredKey(key: string): Refusal {
  return { ...unauthorized(`Expired API Key provided: ${masked(key)}`), code: "api_key_expired" };
}

export function publishableKey(): Refusal {
  const message = "This API call cannot be made with a publishable API key. Please use a secret API key.";
  return { ...unauthorized(message), code: "secret_key_required" };
}

export function notPermitted(key: string, account: string, permission: string): Refusal {
  const message =
    `The provided key '${masked(key)}' does not have the required permissions for this endpoint on account '${account}'. ` +
    `Having the 'rak_${permission}' permission would allow this request to continue.`;
  return { status: 403, type: "invalid_request_error", message, unsaved: true };
}

export function noAccess(key: string, account: string): Refusal {
  const message =
    `The provided key '${masked(key)}' does not have access to account '${account}' (or that account does not exist). ` +
    "Application access may have been revoked.";
  return { status: 403, type: "invalid_request_error", code: "account_invalid", message, unsaved: true };
}

export function keyInUse(key: string): Refusal {
  const message = `There is currently another in-progress request using this Idempotent Key: ${key}. Please try again later.`;
  return { status: 409, type: "idempotency_error", code: "idempotency_key_in_use", message, unsaved: true };
}

export function otherParameters(key: string): Refusal {
  const message =
    "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
    `Try using a key other than '${key}' if you meant to execute a different request.`;
  return { status: 400, type: "idempotency_error", message, unsaved: true };
}

export function otherEndpoint(key: string, now: string, first: string): Refusal {
  const message =
    "Keys for idempotent requests can only be used for the same endpoint they were first used for " +
    `('${now}' vs '${first}'). Try using a key other than '${key}' if you meant to execute a different request.`;
  return { status: 400, type: "idempotency_error", message, unsaved: true };
}

function unauthorized(message: string): Refusal {
  return { status: 401, type: "invalid_request_error", message, unsaved: true };
}

function masked(key: string): string {
  return `${key.slice(0, 8)}${"*".repeat(Math.max(4, key.length - 12))}${key.slice(-4)}`;
}

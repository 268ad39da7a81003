// Refusals in the forms in which Salesforce gives them.

export interface ErrorBody {
  readonly message: string;
  readonly errorCode: string;
  readonly fields?: readonly string[];
  readonly duplicateResult?: object;
}

/** Thrown anywhere below the gateway, answered as a list. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly ErrorBody[];

  constructor(status: number, errors: readonly ErrorBody[]) {
    super(errors.map(({ errorCode, message }) => `${errorCode}: ${message}`).join("; "));
    this.status = status;
    this.errors = errors;
  }
}

export function refuse(status: number, errorCode: string, message: string, fields?: readonly string[]): never {
  throw new Refusal(status, [{ message, errorCode, ...(fields === undefined ? {} : { fields }) }]);
}

export const SESSION_INVALID: ErrorBody = { message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" };
export const DAY_SPENT: ErrorBody = { message: "TotalRequests Limit exceeded.", errorCode: "REQUEST_LIMIT_EXCEEDED" };
export const TOO_MANY_AT_ONCE: ErrorBody = {
  message: "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
  errorCode: "REQUEST_LIMIT_EXCEEDED",
};
export const NOT_THERE: ErrorBody = { message: "The requested resource does not exist", errorCode: "NOT_FOUND" };
export const LOCKED: ErrorBody = {
  message: "unable to obtain exclusive access to this record or 1 records",
  errorCode: "UNABLE_TO_LOCK_ROW",
  fields: [],
};

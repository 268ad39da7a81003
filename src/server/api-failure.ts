// How a failed call of the API is told over HTTP, and how the one who asked makes the same error of it again.
import { ZodError } from "zod";
import { ControlError } from "../control.ts";
import { StoreError } from "../store/store.ts";

export interface ApiFailure {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 421 | 500 | 503;
  /** Stable, for programs. */
  readonly code: string;
  readonly message: string;
}

/** Thrown where a request cannot be taken; carries what is answered. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly failure: ApiFailure;

  constructor(status: ApiFailure["status"], code: string, message: string) {
    super(message);
    this.failure = { status, code, message };
  }
}

const CONTROL_STATUS: Readonly<Record<ControlError["code"], 404 | 409>> = {
  "unknown-sync": 404,
  "unknown-connection": 404,
  "unknown-resource": 404,
  "unknown-record": 404,
  "unknown-request": 404,
  "not-now": 409,
  "not-possible": 409,
};

const STORE_CODES: Readonly<Record<StoreError["code"], true>> = {
  "in-use": true,
  "newer-version": true,
  full: true,
  damaged: true,
  closed: true,
  io: true,
};

export function failureOf(error: unknown): ApiFailure {
  if (error instanceof Refusal) return error.failure;
  if (error instanceof ControlError) {
    return { status: CONTROL_STATUS[error.code], code: error.code, message: error.message };
  }
  if (error instanceof StoreError) return { status: 503, code: `store-${error.code}`, message: error.message };
  if (error instanceof ZodError) {
    const faults = error.issues.map(({ path, message }) => `${path.join(".") || "the input"}: ${message}`);
    return { status: 400, code: "bad-input", message: `could not take the input: ${faults.join("; ")}` };
  }
  // What went wrong inside is for our log; it may quote a record.
  return { status: 500, code: "bug", message: "could not do it: a fault in Bowline itself; see its log" };
}

/** The error that the other side had. */
export function errorOf(code: string, message: string): Error {
  if (code in CONTROL_STATUS) return new ControlError(code as ControlError["code"], message);
  const storeCode = code.replace(/^store-/, "");
  if (code.startsWith("store-") && storeCode in STORE_CODES) {
    return new StoreError(storeCode as StoreError["code"], message);
  }
  return new Error(message);
}

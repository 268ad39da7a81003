// What goes between the caller's thread and the store's: plain values, and errors that are still what they were.
import { LinkTaken, NotForRecord, StoreError, type Store } from "../store.ts";
import { NotArmed } from "../two-way.ts";
import type { Call, Outcome } from "./group-commit.ts";
import { packListed } from "./listed.ts";

/** To the thread; undefined: close. */
export type ToThread = { readonly calls: readonly Call[] } | { readonly close: true };

export type FromThread =
  | { readonly is: "open" }
  | { readonly is: "refused"; readonly error: WireError }
  | { readonly is: "performed"; readonly outcomes: readonly WireOutcome[] }
  | { readonly is: "closed" };

export type WireOutcome = { readonly value: unknown } | { readonly error: WireError };

/** Structured cloning keeps an error's message but not its class and code. */
export interface WireError {
  readonly message: string;
  readonly stack: string | undefined;
  readonly code?: StoreError["code"];
  readonly linkTaken?: readonly [sync: string, key: string, targetKey: string, takenBy: string];
  readonly notArmed?: NotArmed["why"];
  readonly notForRecord?: NotForRecord["why"];
}

/** A buffer's slack that is not worth a copy, in bytes. */
const SLACK_BYTES = 1024;

/** Cloning a view clones all of the buffer below it, such as a socket's; so a body leaves its surroundings behind first. */
export function callToWire(call: Call): Call {
  if (call.method === "observe") {
    const [batch] = call.given as Parameters<Store["observe"]>;
    return { method: "observe", given: [packListed(batch)] };
  }
  if (call.method !== "ingest") return call;
  const [arrivals] = call.given as Parameters<Store["ingest"]>;
  return { method: "ingest", given: [arrivals.map((arrival) => ({ ...arrival, body: alone(arrival.body) }))] };
}

function alone(body: Uint8Array): Uint8Array {
  return body.buffer.byteLength - body.byteLength > SLACK_BYTES ? Uint8Array.from(body) : body;
}

export function toWire(outcome: Outcome): WireOutcome {
  return outcome.ok ? { value: outcome.value } : { error: errorToWire(outcome.error) };
}

export function fromWire(outcome: WireOutcome): Outcome {
  return "error" in outcome ? { ok: false, error: errorFromWire(outcome.error) } : { ok: true, value: outcome.value };
}

export function errorToWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  const { message, stack } = error;
  if (error instanceof StoreError) return { message, stack, code: error.code };
  if (error instanceof LinkTaken) {
    return { message, stack, linkTaken: [error.sync, error.key, error.targetKey, error.takenBy] };
  }
  if (error instanceof NotArmed) return { message, stack, notArmed: error.why };
  if (error instanceof NotForRecord) return { message, stack, notForRecord: error.why };
  return { message, stack };
}

export function errorFromWire(wired: WireError): Error {
  const error = revived(wired);
  const { stack } = wired;
  if (stack !== undefined) error.stack = stack;
  return error;
}

function revived({ message, code, linkTaken, notArmed, notForRecord }: WireError): Error {
  if (notForRecord !== undefined) return new NotForRecord(notForRecord, message);
  if (notArmed !== undefined) return new NotArmed(notArmed, message);
  if (linkTaken !== undefined) return new LinkTaken(...linkTaken);
  return code === undefined ? new Error(message) : new StoreError(code, message);
}

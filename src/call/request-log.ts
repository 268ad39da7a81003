// One outgoing call as it is kept for people: of its headers only those that the connector set for it, no secrets, and bodies
// only as long as is read.
import type { Repeat, RequestEntry } from "../store/store.ts";
import type { OutcomeKind } from "../define/outcome.ts";
import { redactor, type RedactorOptions } from "./redact.ts";

export interface LogLimits {
  /** The most characters of a request's body that are kept. Default 4,000. */
  readonly requestCharsMax?: number;
  /** The most characters of an answer that are kept when the call did not end well. Default 4,000. */
  readonly failedCharsMax?: number;
  /** The most characters of an answer that are kept when it did. Default 500: the record itself is kept elsewhere. */
  readonly doneCharsMax?: number;
}

/** What a call was and became, as it is. */
export interface LoggedCall {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status?: number | undefined;
  readonly outcome: OutcomeKind;
  readonly reason?: string | undefined;
  readonly durationMs: number;
  readonly sync?: string | undefined;
  readonly key?: string | undefined;
  readonly requestBody?: string | undefined;
  readonly responseBody?: string | undefined;
  readonly requestHeaders?: Readonly<Record<string, string>> | undefined;
  readonly repeat?: Repeat | undefined;
  readonly repeats?: number | undefined;
}

export interface RequestLog {
  entry(call: LoggedCall): RequestEntry;
  /** Words for people, without secrets. */
  words(text: string): string;
}

export function requestLog(
  connection: string,
  secrets: readonly string[],
  { requestCharsMax = 4_000, failedCharsMax = 4_000, doneCharsMax = 500 }: LogLimits = {},
  options: RedactorOptions = {},
): RequestLog {
  const clean = redactor(secrets, options);
  const margin = clean.formCharsMax;

  /**
   * A secret that the cut goes through would not be found: what comes after is cleaned too, and the last stretch, which may
   * hold a piece of one, is left out.
   */
  function cut(text: string, charsMax: number): string {
    if (text.length <= charsMax) return clean.text(text);
    const ahead = apart(text.slice(0, charsMax + margin));
    const cleaned = clean.text(ahead);
    const whole = ahead.length === text.length ? cleaned : cleaned.slice(0, Math.max(0, cleaned.length - margin));
    return short(whole, charsMax, text.length);
  }

  return {
    entry(call) {
      return {
        connection,
        at: call.at,
        method: call.method,
        url: clean.text(call.url),
        outcome: call.outcome,
        durationMs: call.durationMs,
        ...(call.status === undefined ? {} : { status: call.status }),
        ...(call.reason === undefined ? {} : { reason: call.reason }),
        ...(call.sync === undefined ? {} : { sync: call.sync }),
        ...(call.key === undefined ? {} : { key: call.key }),
        ...(call.requestBody === undefined ? {} : { requestBody: cut(call.requestBody, requestCharsMax) }),
        ...(call.responseBody === undefined || call.responseBody === ""
          ? {}
          : { responseBody: cut(call.responseBody, call.outcome === "done" ? doneCharsMax : failedCharsMax) }),
        ...(call.requestHeaders === undefined
          ? {}
          : { requestHeaders: short(JSON.stringify(clean.values(call.requestHeaders)), requestCharsMax) }),
        ...(call.repeat === undefined
          ? {}
          : { repeat: (call.requestBody?.length ?? 0) > requestCharsMax ? "unkept" : call.repeat }),
        ...(call.repeats === undefined ? {} : { repeats: call.repeats }),
      };
    },
    words: (text) => clean.text(text),
  };
}

/** `length`: of the text that it is the beginning of. */
function short(text: string, charsMax: number, length = text.length): string {
  return length <= charsMax ? text : `${text.slice(0, charsMax)}… (${length} characters)`;
}

/** A piece of a text keeps all of it in memory: an entry may wait a while, and the answer that it begins with be of megabytes. */
function apart(piece: string): string {
  return Buffer.from(piece, "utf16le").toString("utf16le");
}

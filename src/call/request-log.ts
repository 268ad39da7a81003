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

type Made = { -readonly [Name in keyof RequestEntry]: RequestEntry[Name] };

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
      const { at, method, outcome, durationMs, status, reason, sync, key, repeat, repeats } = call;
      const { requestBody, responseBody, requestHeaders } = call;
      // Set one by one: it is made of every call, and spreading what may be absent takes several times as long.
      const entry: Made = { connection, at, method, url: clean.text(call.url), outcome, durationMs };
      if (status !== undefined) entry.status = status;
      if (reason !== undefined) entry.reason = reason;
      if (sync !== undefined) entry.sync = sync;
      if (key !== undefined) entry.key = key;
      if (requestBody !== undefined) entry.requestBody = cut(requestBody, requestCharsMax);
      if (responseBody !== undefined && responseBody !== "") {
        entry.responseBody = cut(responseBody, outcome === "done" ? doneCharsMax : failedCharsMax);
      }
      if (requestHeaders !== undefined) {
        entry.requestHeaders = short(JSON.stringify(clean.values(requestHeaders)), requestCharsMax);
      }
      if (repeat !== undefined) entry.repeat = (requestBody?.length ?? 0) > requestCharsMax ? "unkept" : repeat;
      if (repeats !== undefined) entry.repeats = repeats;
      return entry;
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

// What an answer means where the connector does not know better. The question behind each line is one: may the provider
// have executed the call? Only when it certainly did not may the call simply be made again.
import type { Answer } from "../define/connector.ts";
import type { Outcome, OutcomeKind } from "../define/outcome.ts";
import type { WireFailure } from "../world/world.ts";
import { retryAfterMs } from "./retry-after.ts";

/** An answer, and whether its body is what it says it is. */
export interface JudgedAnswer extends Answer {
  /** Set when JSON was due and something else came: a proxy's page, half a body. */
  readonly unreadable?: string;
}

export function outcomeOfAnswer(answer: JudgedAnswer, writes: boolean, now: number): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return answer.unreadable === undefined ? DONE : lost(writes, answer.unreadable);
  if (status >= 300 && status < 400) return outcomeOfRedirect(answer, writes);
  const kind = KINDS[status] ?? (status >= 500 ? "lost" : "invalid");
  const waitMs = kind === "throttled" || status === 503 ? retryAfterMs(answer.headers, now) : undefined;
  const reason = reasonOf(answer);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  // A provider that says when to come back decided not to work on the call; one that just breaks may have done it.
  if (status === 503 && waitMs !== undefined) return { kind: "unavailable", reason, ...wait };
  if (kind === "lost") return lost(writes, reason);
  return { kind, reason, ...wait };
}

export function outcomeOfFailure(failure: WireFailure, writes: boolean): Outcome {
  const reason = `${WIRE_WORDS[failure.kind]}: ${failure.message}`;
  return failure.sent === "no" ? { kind: "unavailable", reason } : lost(writes, reason);
}

const DONE: Outcome = { kind: "done" };

/** The answer is lost or says nothing: a read is made again, a write has to be looked up. */
function lost(writes: boolean, reason: string): Outcome {
  return { kind: writes ? "unknown" : "unavailable", reason };
}

const KINDS: Readonly<Record<number, OutcomeKind | "lost">> = {
  401: "reauthorize",
  402: "denied",
  403: "denied",
  404: "missing",
  // The provider stopped waiting for the request; what it had done by then it does not say.
  408: "lost",
  409: "conflict",
  410: "missing",
  412: "conflict",
  421: "unavailable",
  // By definition not worked on.
  425: "unavailable",
  429: "throttled",
  451: "denied",
  501: "invalid",
  505: "invalid",
  509: "throttled",
};

/**
 * A redirect is never followed: no credential goes to another address than the connection's own. Reads that are sent
 * elsewhere for now are tried later; what has moved for good needs a person. For a write, 302 and 303 are what a server
 * answers after it did the work, so they leave it unknown; 301, 307 and 308 ask for the same request elsewhere: not done.
 */
function outcomeOfRedirect(answer: Answer, writes: boolean): Outcome {
  const reason = `redirect refused: ${answer.status} to ${hostOf(answer.headers["location"])}`;
  if (answer.status === 302 || answer.status === 303) return lost(writes, reason);
  if (answer.status === 307 && !writes) return { kind: "unavailable", reason };
  return { kind: "invalid", reason };
}

/** Only the host is told: the rest of a location may hold tokens. */
function hostOf(location: string | undefined): string {
  if (location === undefined) return "nowhere";
  const host = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(location)?.[1];
  return host ?? "another path of the same host";
}

const WIRE_WORDS: Readonly<Record<WireFailure["kind"], string>> = {
  resolve: "the host's name could not be resolved",
  connect: "no connection could be made",
  tls: "no secure connection could be made",
  timeout: "no answer came in time",
  reset: "the connection was cut before the answer",
  truncated: "the answer was cut short",
  "too-large": "the answer was too large",
  "refused-address": "the address is not allowed",
};

const REASON_CHARS_MAX = 300;

/** The provider's own words, from where providers put them; else the status. */
function reasonOf(answer: Answer): string {
  const said = wordsIn(answer.json, 0);
  if (said !== undefined) return `${answer.status}: ${said.slice(0, REASON_CHARS_MAX)}`;
  return `${answer.status} ${STATUS_WORDS[answer.status] ?? "from the provider"}`;
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: "bad request",
  401: "not signed in",
  403: "not allowed",
  404: "not found",
  409: "conflict",
  422: "not accepted",
  429: "too many requests",
  500: "the provider failed",
  502: "the provider's gateway failed",
  503: "the provider is not available",
  504: "the provider's gateway waited in vain",
};

const WORD_KEYS = ["message", "Message", "detail", "Detail", "error_description", "title", "error", "errors", "Error"];
const NESTED_KEYS = ["fault", "Fault", "data", "body"];
const WORDS_DEPTH_MAX = 5;

function wordsIn(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value !== "object" || value === null || depth >= WORDS_DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return wordsIn(value[0], depth + 1);
  const fields = value as Record<string, unknown>;
  for (const key of WORD_KEYS) {
    const words = wordsIn(fields[key], depth + 1);
    if (words !== undefined) return words;
  }
  for (const key of NESTED_KEYS) {
    const nested = fields[key];
    const words = typeof nested === "object" ? wordsIn(nested, depth + 1) : undefined;
    if (words !== undefined) return words;
  }
  // { "errors": { "email": ["is taken"] } }: the first field and what is wrong with it.
  const first = depth === 0 ? undefined : Object.entries(fields)[0];
  const words = first === undefined ? undefined : wordsIn(first[1], depth + 1);
  return first === undefined || words === undefined ? undefined : `${first[0]}: ${words}`;
}

// What an answer of HubSpot means. Errors come as JSON with a category and often the real cause as JSON inside the message;
// inside an answer of several results (207); and from the edge in front of it as pages for people.
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome, OutcomeKind } from "../../src/define/outcome.ts";

export interface HubSpotError {
  readonly category: string;
  readonly message: string;
  /** The codes inside, such as PROPERTY_DOESNT_EXIST. */
  readonly codes: readonly string[];
  readonly scopes: readonly string[];
}

const REASON_CHARACTERS_MAX = 500;
/** Records are locked for two seconds when they are written too fast. */
const LOCKED_MS = 2_000;
const MIGRATION_MS = 60_000;
/** How long to stay away when nothing tells when the limit ends. The day ends at midnight in the account's own zone. */
const PAUSES_MS: Readonly<Record<string, number>> = {
  DAILY: 15 * 60_000,
  TEN_SECONDLY_ROLLING: 10_000,
  SECONDLY: 1_000,
};

/** What a category means; undefined: the status tells. */
const BY_CATEGORY: Readonly<Record<string, OutcomeKind>> = {
  VALIDATION_ERROR: "invalid",
  CONFLICT: "conflict",
  OBJECT_ALREADY_EXISTS: "conflict",
  OBJECT_NOT_FOUND: "missing",
  EXPIRED_AUTHENTICATION: "reauthorize",
  INVALID_AUTHENTICATION: "reauthorize",
  MISSING_SCOPES: "denied",
  BANNED: "denied",
};

/** Cloudflare could not reach HubSpot at all, so nothing was done. 520, 522 and 524 leave it open. */
const NEVER_REACHED: ReadonlySet<number> = new Set([521, 523, 525, 526, 530]);

/** What an answer means; undefined: the engine's table by status holds. */
export function outcome(answer: Answer, request: ApiRequest): Outcome | undefined {
  const { status, json } = answer;
  if (status === 429) return limited(answer);
  if (status === 423) return wait(answer, "throttled", LOCKED_MS, "the record is locked for a moment");
  if (status === 477) return wait(answer, "unavailable", MIGRATION_MS, "the account is being moved");
  if (NEVER_REACHED.has(status)) return { kind: "unavailable", reason: `HubSpot could not be reached (${status})` };
  if (status >= 200 && status < 300) return outcomeOfOnlyItem(json, request);
  if (status >= 300 && status < 400) return undefined;
  const error = errorOf(json);
  // A page of the edge, or of an API version that is no longer served: it says nothing about any record.
  if (error === undefined) {
    return status === 404 ? { kind: "unavailable", reason: "HubSpot does not serve this address (404)" } : undefined;
  }
  return outcomeOfError(error, { status, request });
}

/** What an error means, also one inside a batch. */
export function outcomeOfError(
  error: HubSpotError,
  { status, request }: { readonly status: number; readonly request: ApiRequest },
): Outcome | undefined {
  const kind = error.codes.includes("CONFLICTING_UNIQUE_VALUE")
    ? "conflict"
    : (BY_CATEGORY[error.category] ?? BY_STATUS[status]);
  if (kind === undefined) return undefined;
  const code = error.codes[0] ?? error.category;
  const needed = error.scopes.length > 0 ? ` (needs ${error.scopes.join(", ")})` : "";
  const said = { reason: `${error.message}${needed}`.slice(0, REASON_CHARACTERS_MAX), ...(code !== "" && { code }) };
  // Only a call that names one record can find that record missing; else it is one that the content refers to.
  return kind === "missing" && !namesRecord(request) ? { ...said, kind: "invalid" } : { ...said, kind };
}

const BY_STATUS: Readonly<Record<number, OutcomeKind>> = {
  400: "invalid",
  401: "reauthorize",
  403: "denied",
  404: "missing",
  409: "conflict",
  414: "invalid",
  415: "invalid",
  422: "invalid",
};

export function errorOf(json: unknown): HubSpotError | undefined {
  const body = part(json);
  const message = text(body?.["message"]);
  if (body === undefined || (message === "" && text(body["category"]) === "")) return undefined;
  const details = [...list(body["errors"]), ...causesIn(message)];
  return {
    category: text(body["category"]),
    message: readable(message),
    codes: details.map((one) => text(one["code"]) || text(one["error"])).filter((code) => code !== ""),
    scopes: [body, ...details].flatMap((one) => scopesIn(part(one["context"]))),
  };
}

/** A write of one item that was sent as a batch fails as that item did. */
function outcomeOfOnlyItem(json: unknown, request: ApiRequest): Outcome | undefined {
  const items = typeof request.body === "object" ? list(part(request.body)?.["inputs"]) : [];
  if (request.writes === false || request.method !== "POST" || items.length !== 1) return undefined;
  const first = list(part(json)?.["errors"])[0];
  if (first === undefined || list(part(json)?.["results"]).length > 0) return undefined;
  const error = errorOf(first);
  if (error === undefined) return { kind: "invalid", reason: "HubSpot refused it and did not say why" };
  const { status } = first;
  const code = typeof status === "string" && /^\d{3}$/.test(status) ? Number(status) : 400;
  return outcomeOfError(error, { status: code, request });
}

function limited(answer: Answer): Outcome {
  const body = part(answer.json);
  const policy = text(body?.["policyName"]);
  const reason = text(body?.["message"]) || "HubSpot's limit of calls was reached";
  const pauseMs = retryAfterMs(answer) ?? PAUSES_MS[policy];
  return {
    kind: "throttled",
    reason,
    ...(policy !== "" && { code: policy }),
    ...(pauseMs !== undefined && { retryAfterMs: pauseMs }),
  };
}

function wait(answer: Answer, kind: "throttled" | "unavailable", atLeastMs: number, reason: string): Outcome {
  return { kind, reason, code: String(answer.status), retryAfterMs: Math.max(atLeastMs, retryAfterMs(answer) ?? 0) };
}

function retryAfterMs({ headers }: Answer): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

const ONE_RECORD = /\/crm\/objects\/[^/]+\/[^/]+\/(?!batch$|batch\/|search$|merge$|gdpr-delete$)[^/]+$/;

function namesRecord({ path }: ApiRequest): boolean {
  return ONE_RECORD.test(path) || path.endsWith("/gdpr-delete");
}

/** `Property values were not valid: [{"error":"INVALID_EMAIL", …}]` */
function causesIn(message: string): readonly Body[] {
  const start = message.indexOf("[{");
  if (start === -1) return [];
  try {
    return list(JSON.parse(message.slice(start)));
  } catch {
    return [];
  }
}

/** The causes' own words instead of the JSON that holds them. */
function readable(message: string): string {
  const words = causesIn(message).map((one) => text(one["message"]));
  return words.length === 0 ? message : `${message.slice(0, message.indexOf("[{")).trim()} ${words.join("; ")}`;
}

function scopesIn(context: Body | undefined): readonly string[] {
  const named = context?.["requiredGranularScopes"] ?? context?.["requiredScopes"] ?? context?.["missingScopes"];
  return Array.isArray(named) ? named.filter((scope): scope is string => typeof scope === "string") : [];
}

type Body = Readonly<Record<string, unknown>>;

function part(value: unknown): Body | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
}

function list(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.filter((one): one is Body => part(one) !== undefined) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

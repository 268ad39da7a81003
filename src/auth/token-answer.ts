// Reads what a token endpoint answers as real providers do it, not only as the standard has it: no token type, other names
// and places, times as text or as dates, errors with status 200, forms instead of JSON. What it must never do is take an
// outage for a refusal: that would cost the connection.
import { parseJsonStrict } from "../call/json.ts";
import { retryAfterMs } from "../call/retry-after.ts";
import type { WireResponse } from "../world/world.ts";

export type TokenAnswer =
  | TokenGiven
  /** The provider will not take this grant, or this client, any more. `grant`: it is the grant. */
  | { readonly kind: "refused"; readonly grant: boolean; readonly reason: string }
  /** Nothing is known of the token; ask again later. `answered`: the provider did answer, and certainly gave none. */
  | { readonly kind: "later"; readonly answered: boolean; readonly reason: string; readonly retryAfterMs?: number };

export interface TokenGiven {
  readonly kind: "token";
  readonly accessToken: string;
  /** Absent: the provider did not say. */
  readonly expiresInMs?: number;
  /** Absent: the old one stays. */
  readonly refreshToken?: string;
  readonly refreshExpiresInMs?: number;
  /** What was granted, when the provider says. */
  readonly scopes?: readonly string[];
  /** The whole answer, for what a connector knows of it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** `own`: nothing was presented but what the settings hold, and asking again would present the same. */
export function readTokenAnswer(response: WireResponse, now: number, { own = false } = {}): TokenAnswer {
  const { status } = response;
  const whole = fieldsOf(response);
  const code = errorCodeOf(whole) || (status >= 400 ? statusCodeOf(whole) : "");
  const token = status >= 200 && status < 300 && code === "" ? tokenIn(whole, now) : undefined;
  if (token !== undefined) return token;
  const reason = `the token endpoint answered ${status}${code === "" ? "" : ` ${code}`}`;
  const isClear = status < 500 && status !== 429;
  if (isClear && GRANT_REFUSED.has(code)) return { kind: "refused", grant: true, reason };
  const isClientRefused = CLIENT_REFUSED.has(code) || (own && OWN_REFUSED.has(code));
  if (isClear && isClientRefused) return { kind: "refused", grant: false, reason };
  const waitMs = retryAfterMs(response.headers, now);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  if (isCutShort(response)) return { kind: "later", answered: false, reason: `${reason} and was cut short`, ...wait };
  return { kind: "later", answered: true, reason, ...wait };
}

/** It was done, and there were tokens in what is missing. A web page in its place is not the provider's answer. */
function isCutShort({ status, body }: WireResponse): boolean {
  return status >= 200 && status < 300 && body[0] === BRACE && parsedJson(body) === undefined;
}

const BRACE = 123;

const GRANT_REFUSED = new Set([
  "invalid_grant",
  "invalid_refresh_token",
  "bad_refresh_token",
  "refresh_token_expired",
  "expired_token",
  "token_expired",
  "token_revoked",
  "bad_verification_code",
  "bad_auth_code",
  "invalid_code",
]);
const CLIENT_REFUSED = new Set([
  "invalid_client",
  "invalid_client_id",
  "bad_client_id",
  "bad_client_secret",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "access_denied",
  "application_cannot_be_found",
  "app_not_installed",
  "shop_not_permitted",
]);
/** Of a refresh token it may mean a request that was spoiled on its way; of what the settings hold, that they are wrong. */
const OWN_REFUSED = new Set(["invalid_request"]);

function tokenIn(whole: Fields, now: number): TokenGiven | undefined {
  const fields = withToken(whole);
  const accessToken = fields === undefined ? undefined : headerText(first(fields, ACCESS_TOKEN));
  if (fields === undefined || accessToken === undefined) return undefined;
  const expiresInMs = lifetimeMs(first(fields, EXPIRES), now);
  const refreshToken = headerText(first(fields, ["refreshtoken"]));
  const refreshExpiresInMs = lifetimeMs(first(fields, REFRESH_EXPIRES), now);
  const scopes = scopesOf(first(fields, ["scope", "scopes", "grantedscopes"]));
  return {
    kind: "token",
    accessToken,
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(refreshExpiresInMs === undefined ? {} : { refreshExpiresInMs }),
    ...(scopes === undefined ? {} : { scopes }),
    fields: whole,
  };
}

const ACCESS_TOKEN = ["accesstoken"];
const EXPIRES = ["expiresin", "expires", "expiresat", "expireson", "expirydate", "accesstokenexpiresat", "expiry"];
const REFRESH_EXPIRES = [
  "refreshtokenexpiresin",
  "xrefreshtokenexpiresin",
  "refreshexpiresin",
  "refreshtokenexpiresat",
  "refreshtokenexpiry",
];
/** How deep in the answer a token is looked for: `{"data":{"token":{…}}}`. */
const DEPTH_MAX = 2;

function withToken(fields: Fields, depth = 0): Fields | undefined {
  if (headerText(first(fields, ACCESS_TOKEN)) !== undefined) return fields;
  if (depth === DEPTH_MAX) return undefined;
  for (const value of Object.values(fields)) {
    const found = isFields(value) ? withToken(value, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `access_token`, `accessToken` and `AccessToken` are one name. */
function first(fields: Fields, names: readonly string[]): unknown {
  const found = new Map(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase().replaceAll(/[_-]/g, ""), value]),
  );
  for (const name of names) {
    const value = found.get(name);
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

/** The error's code, wherever it stands; "" when there is none. */
function errorCodeOf(fields: Fields): string {
  const error = first(fields, ["error", "errors", "errorcode"]) ?? (fields["ok"] === false ? "not_ok" : undefined);
  const one: unknown = Array.isArray(error) ? error[0] : error;
  const code = isFields(one) ? first(one, ["code", "type", "error", "status", "id"]) : one;
  if (code === undefined || code === null || code === false || code === 0) return "";
  return typeof code === "string" || typeof code === "number" ? codeText(String(code)) : "error";
}

/** Some name the error in a status beside their words: `{"status":"BAD_REFRESH_TOKEN","message":…}`. */
function statusCodeOf(fields: Fields): string {
  const status = first(fields, ["status"]);
  return typeof status === "string" ? codeText(status) : "";
}

const CODE_CHARS_MAX = 60;
const codeText = (code: string): string =>
  code
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "_")
    .slice(0, CODE_CHARS_MAX);

function fieldsOf({ body }: WireResponse): Fields {
  const parsed = parsedJson(body);
  if (parsed !== undefined) return isFields(parsed) ? parsed : {};
  const answer = Buffer.from(body).toString("utf8");
  return /^[\w.~%+-]+=/.test(answer) ? Object.fromEntries(new URLSearchParams(answer)) : {};
}

/** Undefined: it is no JSON. */
function parsedJson(body: Uint8Array): unknown {
  try {
    return parseJsonStrict(body, { strictKeys: false });
  } catch {
    return undefined;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text that may stand in a header. */
function headerText(value: unknown): string | undefined {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}

function scopesOf(value: unknown): readonly string[] | undefined {
  const parts: readonly unknown[] | undefined = Array.isArray(value)
    ? value
    : typeof value === "string"
      ? value.split(/[\s,]+/)
      : undefined;
  return parts?.filter((part): part is string => typeof part === "string" && part !== "");
}

/** Numbers from here on are times, in seconds or milliseconds since 1970, and not lifetimes: 31 years. */
const TIME_SECONDS_MIN = 1e9;
const TIME_MS_MIN = 1e11;

function lifetimeMs(value: unknown, now: number): number | undefined {
  const number = typeof value === "string" ? numberOrTime(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number <= 0) return undefined;
  if (number < TIME_SECONDS_MIN) return number * 1000;
  const leftMs = (number < TIME_MS_MIN ? number * 1000 : number) - now;
  return leftMs > 0 ? leftMs : undefined;
}

function numberOrTime(text: string): number {
  // As a date "+3600" would be the year 3600.
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Date.parse(text);
}

// Asks a provider for a new access token, and takes the answer as real providers give it, not only as the standard has it:
// no token type, times as text, the old refresh token left out, errors with status 200, forms instead of JSON.
import { parseJsonStrict } from "../call/json.ts";
import { retryAfterMs } from "../call/retry-after.ts";
import { WireFailure, type Clock, type Network, type WireResponse, type WireTimeouts } from "../world/world.ts";

export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuth: "basic" | "body";
  readonly scopes?: readonly string[];
  readonly refreshToken: string;
}

export type TokenAnswer =
  | {
      readonly kind: "token";
      readonly accessToken: string;
      /** Absent: the provider did not say. */
      readonly expiresInMs?: number;
      /** Absent: the old one stays. */
      readonly refreshToken?: string;
    }
  /** The provider will not take this refresh token, or this client, any more. `grant`: it is the refresh token. */
  | { readonly kind: "refused"; readonly grant: boolean; readonly reason: string }
  /** Nothing is known of the token; ask again later. */
  | { readonly kind: "later"; readonly reason: string; readonly retryAfterMs?: number };

export const TOKEN_TIMEOUTS: WireTimeouts = {
  connectMs: 5_000,
  headersMs: 30_000,
  bodyIdleMs: 15_000,
  totalMs: 60_000,
};
const TOKEN_ANSWER_BYTES_MAX = 262_144;

export async function refreshAccessToken(network: Network, clock: Clock, request: TokenRequest): Promise<TokenAnswer> {
  const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: request.refreshToken });
  if (request.scopes !== undefined && request.scopes.length > 0) form.set("scope", request.scopes.join(" "));
  if (request.clientAuth === "body") {
    form.set("client_id", request.clientId);
    form.set("client_secret", request.clientSecret);
  }
  let response: WireResponse;
  try {
    response = await network.send({
      method: "POST",
      url: request.tokenUrl,
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        ...(request.clientAuth === "basic" ? { authorization: basic(request) } : {}),
      },
      body: form.toString(),
      timeouts: TOKEN_TIMEOUTS,
      bodyBytesMax: TOKEN_ANSWER_BYTES_MAX,
    });
  } catch (error) {
    if (!(error instanceof WireFailure)) throw error;
    return { kind: "later", reason: `the token endpoint did not answer: ${error.message}` };
  }
  return readTokenAnswer(response, clock.now());
}

/** As providers document it: id and secret as they are. (The standard encodes them first; hardly anybody decodes.) */
function basic({ clientId, clientSecret }: TokenRequest): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
}

export function readTokenAnswer(response: WireResponse, now: number): TokenAnswer {
  const { status } = response;
  const fields = fieldsOf(response);
  const accessToken = text(fields["access_token"]);
  if (status >= 200 && status < 300 && accessToken !== undefined) {
    const expiresInMs = durationMs(fields["expires_in"] ?? fields["expires"]);
    const refreshToken = text(fields["refresh_token"]);
    return {
      kind: "token",
      accessToken,
      ...(expiresInMs === undefined ? {} : { expiresInMs }),
      ...(refreshToken === undefined ? {} : { refreshToken }),
    };
  }
  const code = text(fields["error"]) ?? "";
  const reason = `the token endpoint answered ${status}${code === "" ? "" : ` ${code}`}`;
  // Only a clear word counts: an outage that looks like a refusal would cost the connection.
  if (status < 500 && status !== 429 && GRANT_REFUSED.has(code)) return { kind: "refused", grant: true, reason };
  if (status < 500 && status !== 429 && CLIENT_REFUSED.has(code)) return { kind: "refused", grant: false, reason };
  const waitMs = retryAfterMs(response.headers, now);
  return { kind: "later", reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
}

const GRANT_REFUSED = new Set([
  "invalid_grant",
  "invalid_refresh_token",
  "bad_refresh_token",
  "token_expired",
  "token_revoked",
]);
const CLIENT_REFUSED = new Set([
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "access_denied",
]);

function fieldsOf({ body }: WireResponse): Readonly<Record<string, unknown>> {
  try {
    const parsed = parseJsonStrict(body, { strictKeys: false });
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    const answer = Buffer.from(body).toString("utf8");
    return /^[\w.~%+-]+=/.test(answer) ? Object.fromEntries(new URLSearchParams(answer)) : {};
  }
}

/** Text that may stand in a header. */
function text(value: unknown): string | undefined {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}

function durationMs(value: unknown): number | undefined {
  const seconds = typeof value === "string" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

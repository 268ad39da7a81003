// One authorisation at a provider's page (pure): the address that a person is sent to, and what is made of the way back. A
// callback is believed only when everything about it fits the one journey that it claims to end (RFC 9700).
import { createHash, timingSafeEqual } from "node:crypto";
import type { OAuth2 } from "../define/auth.ts";
import type { Random } from "../world/world.ts";
import type { OAuthAccount } from "./oauth-account.ts";

/** An account that is connected on a provider's page. */
export interface Connectable {
  readonly auth: OAuth2 & Required<Pick<OAuth2, "authorize">>;
  readonly account: OAuthAccount;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A person is at the provider's page. */
export interface Journey {
  readonly connection: string;
  readonly redirectUri: string;
  /** Known to the provider and to us; ends the journey, once. */
  readonly state: string;
  /** Known to the browser that set out, and to us. */
  readonly session: string;
  /** Proves at the token endpoint that it was us who set out (PKCE). */
  readonly verifier: string;
  readonly endsAt: number;
}

/** The callback's parameters, each with all its values. */
export type Callback = ReadonlyMap<string, readonly string[]>;

export type Judged = { readonly ok: true; readonly code: string } | { readonly ok: false; readonly reason: string };

const SECRET_BYTES = 32;

export const drawSecret = (random: Random): string => Buffer.from(random.bytes(SECRET_BYTES)).toString("base64url");

/** Where the person is sent. What the connector adds can replace nothing of ours. */
export function authorizationUrl({ auth, account, settings }: Connectable, journey: Journey): string {
  const { authorize } = auth;
  const url = new URL(authorize.url(settings));
  for (const [name, value] of Object.entries(authorize.parameters?.(settings) ?? {})) url.searchParams.set(name, value);
  const scopes = account.scopes ?? [];
  const own: Record<string, string> = {
    response_type: "code",
    client_id: account.clientId,
    redirect_uri: journey.redirectUri,
    state: journey.state,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(authorize.scopeSeparator ?? " ") }),
    ...(authorize.pkce === false
      ? {}
      : { code_challenge: challengeOf(journey.verifier), code_challenge_method: "S256" }),
  };
  for (const [name, value] of Object.entries(own)) url.searchParams.set(name, value);
  return url.href;
}

function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

/** May this callback end that journey? `came`: what the browser and the address say. */
export function judgeCallback(
  journey: Journey,
  callback: Callback,
  came: { readonly connection: string; readonly session: string | undefined; readonly now: number },
  issuer: string | undefined,
): Judged {
  const refused = (reason: string): Judged => ({ ok: false, reason });
  const repeated = [...callback].find(([, values]) => values.length !== 1)?.[0];
  if (repeated !== undefined) return refused(`the callback names "${shown(repeated)}" more than once`);
  const one = (name: string): string | undefined => callback.get(name)?.[0];
  if (came.connection !== journey.connection) return refused("the callback came to another connection's address");
  if (!isSame(came.session ?? "", journey.session)) return refused("the callback came in another browser session");
  if (came.now >= journey.endsAt) return refused("the callback came too late");
  const named = one("iss");
  if (issuer !== undefined && named !== issuer) {
    return refused(`the callback is of another issuer: expected ${issuer}, got ${shown(named ?? "none")}`);
  }
  const error = one("error");
  if (error !== undefined) return refused(`the provider answered ${shown(error)}`);
  const code = one("code");
  if (code === undefined || code === "") return refused("the callback holds no code");
  return { ok: true, code };
}

/** What the provider tells of the account, where the settings say something else. */
export function contradiction(
  told: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, value] of Object.entries(told)) {
    const wanted = settings[name];
    if (typeof wanted === "string" && wanted !== "" && !isSameSetting(wanted, value)) {
      return `the person agreed for another account: the settings have ${name} ${shown(wanted)}, and the provider says ${shown(value)}`;
    }
  }
  return undefined;
}

const isSameSetting = (one: string, other: string): boolean => one.replace(/\/$/, "") === other.replace(/\/$/, "");

/** Constant time, whatever the lengths. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return expected !== "" && timingSafeEqual(digest(given), digest(expected));
}

const SHOWN_MAX = 120;
/** What came from outside, fit for a log and a page. */
const shown = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, "?").slice(0, SHOWN_MAX);

// Asks a provider for a token, whatever we have to show for it, and takes tokens back.
import { redactor } from "../call/redact.ts";
import {
  WireFailure,
  type Clock,
  type Network,
  type Random,
  type WireRequest,
  type WireTimeouts,
} from "../world/world.ts";
import type { OAuthAccount } from "./oauth-account.ts";
import { signedJwt } from "./signed-jwt.ts";
import { readTokenAnswer, type TokenAnswer } from "./token-answer.ts";

export interface TokenWorld {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a token is asked for with. `own`: the account's grant that needs no person. */
export type Grant =
  | { readonly kind: "refresh"; readonly refreshToken: string }
  | { readonly kind: "code"; readonly code: string; readonly redirectUri: string; readonly verifier?: string }
  | { readonly kind: "own" };

export const TOKEN_TIMEOUTS: WireTimeouts = {
  connectMs: 5_000,
  headersMs: 30_000,
  bodyIdleMs: 15_000,
  totalMs: 60_000,
};
const TOKEN_ANSWER_BYTES_MAX = 262_144;
const CLIENT_ASSERTION_MS = 60_000;
const ASSERTION_MS = 180_000;

export async function requestToken(world: TokenWorld, account: OAuthAccount, grant: Grant): Promise<TokenAnswer> {
  const send = await prepareToken(world, account, grant);
  return send();
}

/** Makes the request and its proofs, which fails where a key is none; nothing is presented before it is sent. */
export async function prepareToken(
  world: TokenWorld,
  account: OAuthAccount,
  grant: Grant,
): Promise<() => Promise<TokenAnswer>> {
  const form = new URLSearchParams(await grantForm(world, account, grant));
  for (const [name, value] of Object.entries(account.tokenParameters ?? {})) form.set(name, value);
  const secrets = [account.clientSecret ?? "", ...secretsOf(grant)];
  const request = await requestOf(world, account, account.tokenUrl, form);
  return async () => {
    try {
      return readTokenAnswer(await world.network.send(request), world.clock.now(), { own: grant.kind === "own" });
    } catch (error) {
      if (!(error instanceof WireFailure)) throw error;
      const reason = redactor(secrets).text(`the token endpoint did not answer: ${error.message}`);
      return { kind: "later", answered: error.sent === "no", reason };
    }
  };
}

export type Revoked = { readonly revoked: true } | { readonly revoked: false; readonly reason: string };

/** Takes a token back at the provider (RFC 7009). One that it does not know any more is as good as taken back. */
export async function revokeToken(
  world: TokenWorld,
  account: OAuthAccount,
  token: string,
  hint: "refresh_token" | "access_token",
): Promise<Revoked> {
  if (account.revokeUrl === undefined) return { revoked: false, reason: "the connector names no place to do so" };
  try {
    const form = new URLSearchParams({ token, token_type_hint: hint });
    const { status } = await world.network.send(await requestOf(world, account, account.revokeUrl, form));
    const isGone = (status >= 200 && status < 300) || status === 400;
    return isGone ? { revoked: true } : { revoked: false, reason: `the provider answered ${status}` };
  } catch (error) {
    if (!(error instanceof WireFailure)) throw error;
    return { revoked: false, reason: "the provider did not answer" };
  }
}

async function requestOf(
  world: TokenWorld,
  account: OAuthAccount,
  url: string,
  form: URLSearchParams,
): Promise<WireRequest> {
  const headers = await proveClient(world, account, form);
  return {
    method: "POST",
    url,
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded", ...headers },
    body: form.toString(),
    timeouts: TOKEN_TIMEOUTS,
    bodyBytesMax: TOKEN_ANSWER_BYTES_MAX,
    ...(account.certificate === undefined ? {} : { certificate: account.certificate }),
  };
}

/** Puts the client's proof into the form, or gives the headers that carry it. */
async function proveClient(
  world: TokenWorld,
  { clientAuth, clientId, clientSecret = "", tokenUrl }: OAuthAccount,
  form: URLSearchParams,
): Promise<Readonly<Record<string, string>>> {
  // As providers document it: id and secret as they are. (The standard encodes them first; hardly anybody decodes.)
  if (clientAuth === "basic") {
    return { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` };
  }
  form.set("client_id", clientId);
  if (clientAuth === "body") form.set("client_secret", clientSecret);
  if (typeof clientAuth === "object") {
    const claims = { iss: clientId, sub: clientId, aud: tokenUrl };
    form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.set("client_assertion", await signedJwt(world, clientAuth, claims, CLIENT_ASSERTION_MS));
  }
  return {};
}

async function grantForm(
  world: TokenWorld,
  account: OAuthAccount,
  grant: Grant,
): Promise<Readonly<Record<string, string>>> {
  // Without `scope` a refresh asks for what was granted before; asking again for what has changed since would fail it.
  if (grant.kind === "refresh") return { grant_type: "refresh_token", refresh_token: grant.refreshToken };
  if (grant.kind === "code") {
    const { code, redirectUri, verifier } = grant;
    const proof = verifier === undefined ? {} : { code_verifier: verifier };
    return { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...proof };
  }
  const scopes = account.scopes ?? [];
  return { ...(await ownGrant(world, account)), ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }) };
}

async function ownGrant(world: TokenWorld, account: OAuthAccount): Promise<Readonly<Record<string, string>>> {
  switch (account.grant) {
    case "client-credentials":
      return { grant_type: "client_credentials" };
    case "jwt-bearer":
      return {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: await assertionOf(world, account),
      };
    case "token-exchange":
      return {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        // Without an assertion of our own the connector's `tokenParameters` say what is exchanged.
        ...(account.assertion === undefined
          ? {}
          : {
              subject_token: await assertionOf(world, account),
              subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
            }),
      };
    default:
      throw new TypeError(`could not ask for a token of ${account.connection}: expected a grant that needs no person`);
  }
}

async function assertionOf(world: TokenWorld, { assertion, connection }: OAuthAccount): Promise<string> {
  if (assertion === undefined) {
    throw new TypeError(`could not ask for a token of ${connection}: expected the connector to declare an assertion`);
  }
  return signedJwt(world, assertion, assertion.claims(), assertion.lifetimeMs ?? ASSERTION_MS);
}

function secretsOf(grant: Grant): readonly string[] {
  if (grant.kind === "refresh") return [grant.refreshToken];
  return grant.kind === "code" ? [grant.code, grant.verifier ?? ""] : [];
}

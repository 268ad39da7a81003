// What is kept of a token answer: when the access token ends and the next is due, and what the answer left as it was.
import type { Clock, Random } from "../world/world.ts";
import type { Tokens } from "./kept-tokens.ts";
import { needsNobody, type OAuthAccount } from "./oauth-account.ts";
import type { TokenGiven } from "./token-answer.ts";

const REFRESH_AHEAD_MS = 120_000;
/** How long an access token lives when the provider does not say. */
const LIFETIME_MS = 3_600_000;
/** So much earlier, at the most, that not all connections of an application come at the same moment. */
const AHEAD_JITTER = 0.25;
/** An access token that comes alone and without an end has none. */
const NEVER = Number.MAX_SAFE_INTEGER;

export function tokensOf(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  account: OAuthAccount,
  before: Tokens,
  given: TokenGiven,
): Tokens {
  const now = clock.now();
  // Where nobody is needed for a token, one that can be superseded is only a risk.
  const refreshToken = needsNobody(account) ? undefined : (given.refreshToken ?? before.refreshToken);
  const scopes = given.scopes ?? before.scopes;
  const refreshExpiresAt =
    given.refreshExpiresInMs === undefined ? before.refreshExpiresAt : now + given.refreshExpiresInMs;
  const rotates = rotatesAfter(before, given);
  const canRenew = refreshToken !== undefined || needsNobody(account);
  return {
    seed: before.seed,
    access: accessOf(account, given, now, canRenew, random.next()),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(rotates === undefined ? {} : { rotates }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(refreshExpiresAt === undefined ? {} : { refreshExpiresAt }),
  };
}

function accessOf(
  account: OAuthAccount,
  { accessToken, expiresInMs }: TokenGiven,
  now: number,
  canRenew: boolean,
  chance: number,
): NonNullable<Tokens["access"]> {
  const lifetimeMs = expiresInMs ?? account.lifetimeMs ?? (canRenew ? LIFETIME_MS : undefined);
  if (lifetimeMs === undefined) return { token: accessToken, refreshAt: NEVER, expiresAt: NEVER };
  const aheadMs = (account.refreshAheadMs ?? REFRESH_AHEAD_MS) * (1 + AHEAD_JITTER * chance);
  const refreshAt = now + lifetimeMs - Math.min(aheadMs, lifetimeMs / 2);
  return { token: accessToken, refreshAt, expiresAt: now + lifetimeMs };
}

/** Once seen to give another one each time, it is taken to do so for good. */
function rotatesAfter({ refreshToken, rotates }: Tokens, given: TokenGiven): boolean | undefined {
  if (refreshToken === undefined) return rotates;
  const another = given.refreshToken !== undefined && given.refreshToken !== refreshToken;
  return another || rotates === true;
}

// Gives each connection an access token that works, and refreshes it by one at a time. A refresh token is worth more than
// any call: the attempt is written down before it is made, the old token is kept until the new one is committed, and only
// the provider's clear refusal, after looking once more whether somebody else refreshed it, gives a connection up.
import { backoffMs } from "../call/backoff.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Store } from "../store/store.ts";
import type { Clock, Network, Random } from "../world/world.ts";
import { readTokens, saveTokens, seedOf, type AccessToken, type KeptTokens, type Tokens } from "./kept-tokens.ts";
import { refreshAccessToken, type TokenAnswer } from "./oauth2.ts";
import { VaultError, type Vault } from "./vault.ts";

/** One connection's OAuth 2 client. */
export interface OAuthAccount {
  readonly connection: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuth: "basic" | "body";
  readonly scopes?: readonly string[];
  /** The refresh token in the settings; used when none is kept, or when it is another than the one it began with. */
  readonly firstRefreshToken?: string;
  /** Default 120,000. */
  readonly refreshAheadMs?: number;
  /** Default 0. */
  readonly graceMs?: number;
}

export interface Credentials {
  /** At once where there is a token that works. Rejects with CallFailed: `reauthorize`, or `unavailable` and held. */
  accessToken(account: OAuthAccount): string | Promise<string>;
  /** The provider did not take this access token: the next one is another. */
  refused(connection: string, accessToken: string): void;
  /** Puts in the refresh token that a new authorisation gave. */
  replaceRefreshToken(account: OAuthAccount, refreshToken: string): Promise<void>;
}

export interface CredentialsOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
}

const REFRESH_AHEAD_MS = 120_000;
/** How long an access token lives when the provider does not say. */
const LIFETIME_MS = 3_600_000;
/** How soon tokens that could not be committed are committed again. */
const COMMIT_AGAIN_MS = 5_000;
/** Turns of losing against others who refresh the same token. */
const TURNS_MAX = 3;

/** What is known of one connection in memory. */
interface Known {
  access?: AccessToken;
  refusedToken?: string;
  refreshing?: Promise<string>;
  failures: number;
  notBefore: number;
  /** Received, and not committed: the store failed. */
  uncommitted?: KeptTokens;
}

export function createCredentials(options: CredentialsOptions): Credentials {
  const { clock, store, vault } = options;
  const known = new Map<string, Known>();

  function knownOf(connection: string): Known {
    let found = known.get(connection);
    if (found === undefined) known.set(connection, (found = { failures: 0, notBefore: 0 }));
    return found;
  }

  return {
    accessToken(account) {
      const mine = knownOf(account.connection);
      const token = usable(mine, clock.now());
      if (token !== undefined) return token;
      mine.refreshing ??= refresh(options, account, mine).finally(() => delete mine.refreshing);
      return mine.refreshing;
    },
    refused(connection, accessToken) {
      const mine = knownOf(connection);
      mine.refusedToken = accessToken;
      if (mine.access?.token === accessToken) delete mine.access;
    },
    async replaceRefreshToken(account, refreshToken) {
      const version = (await store.credential(account.connection))?.version ?? 0;
      const tokens: Tokens = { refreshToken, seed: seedOf(account.firstRefreshToken ?? refreshToken) };
      const saved = await saveTokens(store, vault, account.connection, version, tokens);
      if (saved === undefined) {
        throw new Error(
          `could not replace the refresh token of ${account.connection}: it was just refreshed; try again`,
        );
      }
      known.set(account.connection, { failures: 0, notBefore: 0 });
    },
  };
}

/** The token in memory, while it need not be refreshed, or while that must wait. */
function usable({ access, notBefore }: Known, now: number): string | undefined {
  if (access === undefined || now >= access.expiresAt) return undefined;
  return now < access.refreshAt || now < notBefore ? access.token : undefined;
}

async function refresh(options: CredentialsOptions, account: OAuthAccount, mine: Known): Promise<string> {
  const { clock, store } = options;
  if (clock.now() < mine.notBefore) throw later(account, "its last refresh failed", mine.notBefore - clock.now());
  let refusedGrant: { readonly version: number; readonly reason: string } | undefined;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const kept = await load(options, account, mine);
    const access = kept.tokens.access;
    if (access !== undefined && access.token !== mine.refusedToken && clock.now() < access.refreshAt) {
      return remember(mine, access);
    }
    if (refusedGrant !== undefined && kept.version === refusedGrant.version) {
      throw broken(account, refusedGrant.reason, kept.refreshBeganAt);
    }
    if (!(await store.beginRefresh(account.connection, kept.version, clock.now()))) continue;
    const answer = await refreshAccessToken(options.network, clock, {
      ...account,
      refreshToken: kept.tokens.refreshToken,
    });
    if (answer.kind === "token") {
      const token = await commit(options, account, mine, kept, answer);
      if (token !== undefined) return token;
    } else if (answer.kind === "later") {
      return postpone(options, account, mine, kept, answer);
    } else if (answer.grant) {
      // Somebody else may have refreshed it meanwhile: look once more before giving it up.
      refusedGrant = { version: kept.version, reason: answer.reason };
    } else {
      throw broken(account, answer.reason);
    }
  }
  throw later(account, "others keep refreshing it", COMMIT_AGAIN_MS);
}

/** The tokens as kept; the settings' refresh token when there are none, or when the settings hold a new one. */
async function load(options: CredentialsOptions, account: OAuthAccount, mine: Known): Promise<KeptTokens> {
  const { store, vault } = options;
  const { connection, firstRefreshToken } = account;
  if (mine.uncommitted !== undefined) await commitAgain(options, account, mine, mine.uncommitted);
  if (mine.uncommitted !== undefined) return mine.uncommitted;
  const kept = await open(options, account);
  const seed = firstRefreshToken === undefined ? undefined : seedOf(firstRefreshToken);
  if (kept !== undefined && (seed === undefined || seed === kept.tokens.seed)) return kept;
  if (firstRefreshToken === undefined || seed === undefined) throw broken(account, "there is no refresh token yet");
  const begun = { refreshToken: firstRefreshToken, seed };
  const saved = await saveTokens(store, vault, connection, kept?.version ?? 0, begun);
  if (saved !== undefined) return saved;
  const others = await open(options, account);
  if (others === undefined) throw later(account, "its tokens could not be kept", COMMIT_AGAIN_MS);
  return others;
}

async function open({ store, vault }: CredentialsOptions, account: OAuthAccount): Promise<KeptTokens | undefined> {
  try {
    return await readTokens(store, vault, account.connection);
  } catch (error) {
    if (error instanceof VaultError) throw broken(account, error.message, undefined, error);
    throw error;
  }
}

/** Makes the new tokens durable; undefined when others were quicker, whose tokens then count. */
async function commit(
  options: CredentialsOptions,
  account: OAuthAccount,
  mine: Known,
  kept: KeptTokens,
  answer: Extract<TokenAnswer, { kind: "token" }>,
): Promise<string | undefined> {
  const now = options.clock.now();
  const lifetimeMs = answer.expiresInMs ?? LIFETIME_MS;
  const aheadMs = Math.min(account.refreshAheadMs ?? REFRESH_AHEAD_MS, lifetimeMs / 2);
  const access = { token: answer.accessToken, refreshAt: now + lifetimeMs - aheadMs, expiresAt: now + lifetimeMs };
  const tokens: Tokens = {
    refreshToken: answer.refreshToken ?? kept.tokens.refreshToken,
    access,
    seed: kept.tokens.seed,
  };
  const uncommitted: KeptTokens = { tokens, version: kept.version };
  mine.uncommitted = uncommitted;
  return (await commitAgain(options, account, mine, uncommitted)) === "others" ? undefined : remember(mine, access);
}

async function commitAgain(
  { store, vault, clock }: CredentialsOptions,
  { connection }: OAuthAccount,
  mine: Known,
  { tokens, version }: KeptTokens,
): Promise<"committed" | "others" | "not-yet"> {
  try {
    const saved = await saveTokens(store, vault, connection, version, tokens);
    delete mine.uncommitted;
    return saved === undefined ? "others" : "committed";
  } catch {
    // The disk may be full: the new tokens stay in memory, work meanwhile, and are committed as soon as it goes.
    mine.notBefore = clock.now() + COMMIT_AGAIN_MS;
    return "not-yet";
  }
}

function remember(mine: Known, access: AccessToken): string {
  // What is not committed yet comes back soon to try that again.
  mine.access = mine.uncommitted === undefined ? access : { ...access, refreshAt: mine.notBefore };
  if (mine.uncommitted === undefined) mine.notBefore = 0;
  mine.failures = 0;
  return access.token;
}

/** The provider cannot just now: an access token that still lives is used meanwhile. */
function postpone(
  { clock, random }: CredentialsOptions,
  account: OAuthAccount,
  mine: Known,
  { tokens }: KeptTokens,
  answer: Extract<TokenAnswer, { kind: "later" }>,
): string {
  const waitMs = Math.max(1_000, answer.retryAfterMs ?? backoffMs(mine.failures, random.next()));
  mine.failures += 1;
  mine.notBefore = clock.now() + waitMs;
  const { access } = tokens;
  if (access === undefined || access.token === mine.refusedToken || clock.now() >= access.expiresAt) {
    throw later(account, answer.reason, waitMs);
  }
  mine.access = access;
  return access.token;
}

function later({ connection }: OAuthAccount, reason: string, waitMs: number): CallFailed {
  const outcome: Outcome = {
    kind: "unavailable",
    held: true,
    retryAfterMs: waitMs,
    reason: `no access token: ${reason}`,
  };
  return new CallFailed(outcome, `cannot sign in to ${connection} just now: ${reason}`);
}

function broken({ connection, graceMs = 0 }: OAuthAccount, why: string, beganAt?: number, cause?: unknown): CallFailed {
  const lost =
    beganAt === undefined
      ? ""
      : `; a refresh begun at ${new Date(beganAt).toISOString()} was not answered, and a superseded token works for ${graceMs} ms`;
  const reason = `${why}${lost}; authorise the connection again`;
  return new CallFailed({ kind: "reauthorize", reason }, `cannot sign in to ${connection}: ${reason}`, { cause });
}

// Refreshes a connection's access token, by one at a time in this process and in all others. A refresh token is worth more
// than any call: the attempt is written down before it is made, the old token is kept until the new one is committed, and
// only the provider's clear refusal, after looking once more whether somebody else refreshed it, gives a connection up.
import { backoffMs } from "../call/backoff.ts";
import { Hold } from "../call/hold.ts";
import { thrownText } from "../define/thrown-text.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Clock } from "../world/world.ts";
import type { Known, Refresher } from "./credentials.ts";
import { doubtOf, type Doubt } from "./doubt.ts";
import { readTokens, saveTokens, seedOf, type AccessToken, type KeptTokens, type Tokens } from "./kept-tokens.ts";
import { needsNobody, type OAuthAccount } from "./oauth-account.ts";
import type { TokenAnswer, TokenGiven } from "./token-answer.ts";
import { revokeTokens } from "./revoke-tokens.ts";
import { prepareToken, TOKEN_TIMEOUTS } from "./token-client.ts";
import { tokensOf } from "./tokens-of.ts";
import { VaultError } from "./vault.ts";

/** Longer than a call for a token can take: whoever holds it is either done by then or no longer at it. */
const LEASE_MS = TOKEN_TIMEOUTS.totalMs + 30_000;
const ABANDONED_AFTER_MS = 600_000;
/** How soon tokens that could not be committed are committed again. */
const COMMIT_AGAIN_MS = 5_000;
/** How long one call waits for another process's refresh. */
const WAIT_MS_MAX = 10_000;
const LOOK_AGAIN_MS = 50;
/** Turns of losing against others who refresh the same token. */
const TURNS_MAX = 20;

type GrantRefused = { readonly version: number; readonly reason: string };

export async function refresh(refresher: Refresher, account: OAuthAccount, mine: Known): Promise<string> {
  const { clock } = refresher;
  const pausedMs = mine.pause.until(clock.now()) - clock.now();
  if (pausedMs > 0) throw later(account, "its last refresh failed", pausedMs);
  const waitUntil = clock.now() + WAIT_MS_MAX;
  let refused: GrantRefused | undefined;
  for (let turn = 0; turn < TURNS_MAX;) {
    const kept = await load(refresher, account, mine);
    if (isFresh(kept.tokens.access, mine, clock.now())) return remember(mine, kept.tokens.access);
    if (isLeased(refresher, kept)) {
      const living = livingToken(kept, mine, clock.now());
      if (living !== undefined) return living;
      if (clock.now() >= waitUntil) throw later(account, "another process is refreshing it", LOOK_AGAIN_MS);
      await pause(clock, LOOK_AGAIN_MS * (1 + refresher.random.next()));
      continue;
    }
    turn += 1;
    const result = await attempt(refresher, account, mine, kept, refused);
    if (typeof result === "string") return result;
    refused = result ?? refused;
  }
  throw later(account, "others keep refreshing it", COMMIT_AGAIN_MS);
}

/** One turn: the token; why the provider refuses the grant; or undefined, when others changed it meanwhile. */
async function attempt(
  refresher: Refresher,
  account: OAuthAccount,
  mine: Known,
  kept: KeptTokens,
  refused: GrantRefused | undefined,
): Promise<string | GrantRefused | undefined> {
  const { store, clock, leaseMs = LEASE_MS, shared = false } = refresher;
  if (kept.version === refused?.version) throw broken(account, refused.reason, kept.refreshBeganAt);
  mustBeRenewable(account, kept.tokens);
  const { abandonedAfterMs = ABANDONED_AFTER_MS } = refresher;
  const doubtNow = (): Doubt => doubtOf(account, kept, { ...refresher, abandonedAfterMs });
  const doubt = doubtNow();
  if (doubt.is === "wait") return postpone(refresher, account, mine, kept, doubt);
  if (doubt.is === "lost") throw broken(account, doubt.reason);
  const ask = await prepare(refresher, account, kept.tokens);
  const at = clock.now();
  const begun = await store.beginRefresh(account.connection, kept.version, {
    owner: refresher.owner,
    at,
    until: at + leaseMs,
    alone: !shared,
    ...(kept.refreshBeganAt === undefined ? {} : { seenBeganAt: kept.refreshBeganAt }),
  });
  if (begun.is !== "begun") return undefined;
  const { epoch } = begun;
  if (clock.now() >= at + leaseMs / 2 || doubtNow().is !== "none") {
    // This process was stopped meanwhile: others may have begun since, or the grace is over; and nothing was sent yet.
    await store.endRefresh(account.connection, epoch, { at, answered: true });
    return undefined;
  }
  const answer = await ask();
  if (answer.kind === "token") return commit(refresher, account, mine, { ...kept, epoch }, answer);
  const answered = answer.kind === "refused" || answer.answered;
  await store.endRefresh(account.connection, epoch, { at, answered });
  if (answer.kind === "later") {
    const waitMs = backOff(refresher, mine, answer.retryAfterMs);
    return postpone(refresher, account, mine, kept, { reason: answer.reason, waitMs });
  }
  // Somebody else may have refreshed it meanwhile: look once more before giving it up.
  if (answer.grant) return { version: kept.version, reason: answer.reason };
  throw broken(account, answer.reason);
}

/** Before the attempt is written down: where it cannot even be made, as with a private key that is none, nothing was presented. */
async function prepare(
  refresher: Refresher,
  account: OAuthAccount,
  { refreshToken }: Tokens,
): Promise<() => Promise<TokenAnswer>> {
  try {
    return await prepareToken(
      refresher,
      account,
      refreshToken === undefined ? { kind: "own" } : { kind: "refresh", refreshToken },
    );
  } catch (error) {
    throw gaveUp(account, `could not ask for a token: ${thrownText(error)}`, error);
  }
}

function mustBeRenewable(account: OAuthAccount, { refreshToken, disconnectedAt, forgottenAt }: Tokens): void {
  if (disconnectedAt !== undefined) {
    throw broken(account, `it was disconnected at ${new Date(disconnectedAt).toISOString()}`);
  }
  if (forgottenAt !== undefined && !needsNobody(account)) {
    throw broken(account, `its tokens, which no key opened, were forgotten at ${new Date(forgottenAt).toISOString()}`);
  }
  if (refreshToken === undefined && !needsNobody(account)) {
    throw broken(account, "the access token is no longer taken, and the provider gave no refresh token");
  }
}

/** The tokens as kept; the settings' refresh token when there are none, or when the settings hold a new one. */
async function load(refresher: Refresher, account: OAuthAccount, mine: Known): Promise<KeptTokens> {
  const { store, vault } = refresher;
  const { connection, firstRefreshToken } = account;
  if (mine.uncommitted !== undefined) await commitAgain(refresher, account, mine, mine.uncommitted);
  if (mine.uncommitted !== undefined) return mine.uncommitted;
  const kept = await open(refresher, account);
  const seed = firstRefreshToken === undefined ? undefined : seedOf(firstRefreshToken);
  if (kept !== undefined && (seed === undefined || seed === kept.tokens.seed)) return kept;
  const begun = firstTokens(account);
  if (begun === undefined) throw broken(account, "there is no refresh token yet");
  const saved = await saveTokens(store, vault, connection, kept?.version ?? 0, begun);
  if (saved !== undefined) return saved;
  const others = await open(refresher, account);
  if (others === undefined) throw later(account, "its tokens could not be kept", COMMIT_AGAIN_MS);
  return others;
}

function firstTokens(account: OAuthAccount): Tokens | undefined {
  if (needsNobody(account)) return { seed: seedOf(account.firstRefreshToken ?? "") };
  const { firstRefreshToken } = account;
  return firstRefreshToken === undefined
    ? undefined
    : { refreshToken: firstRefreshToken, seed: seedOf(firstRefreshToken) };
}

async function open({ store, vault }: Refresher, account: OAuthAccount): Promise<KeptTokens | undefined> {
  try {
    return await readTokens(store, vault, account.connection);
  } catch (error) {
    if (error instanceof VaultError)
      throw gaveUp(account, `${error.message}: bowline connect ${account.connection}`, error);
    throw error;
  }
}

/** Makes the new tokens durable; undefined when others were quicker, whose tokens then count. */
async function commit(
  refresher: Refresher,
  account: OAuthAccount,
  mine: Known,
  kept: KeptTokens & { readonly epoch: number },
  given: TokenGiven,
): Promise<string | undefined> {
  const tokens = tokensOf(refresher, account, kept.tokens, given);
  const uncommitted = { tokens, version: kept.version, epoch: kept.epoch };
  mine.uncommitted = uncommitted;
  const end = await commitAgain(refresher, account, mine, uncommitted);
  if (end === "others") await takeBackLate(refresher, account, tokens);
  return end === "others" || tokens.access === undefined ? undefined : remember(mine, tokens.access);
}

/** Whoever disconnected it while these were asked for could take back only what there was then. */
async function takeBackLate(refresher: Refresher, account: OAuthAccount, tokens: Tokens): Promise<void> {
  const { disconnectedAt } = (await open(refresher, account))?.tokens ?? {};
  if (disconnectedAt === undefined) return;
  const revoked = await revokeTokens(refresher, account, tokens);
  if (revoked.revoked) return;
  const since = new Date(disconnectedAt).toISOString();
  const reason = `it was disconnected at ${since}, and a token that the provider gave at that moment could not be taken back: ${revoked.reason}`;
  throw gaveUp(account, `${reason}; take it back at the provider`);
}

async function commitAgain(
  { store, vault, clock }: Refresher,
  { connection }: OAuthAccount,
  mine: Known,
  { tokens, version, epoch }: NonNullable<Known["uncommitted"]>,
): Promise<"committed" | "others" | "not-yet"> {
  try {
    const saved = await saveTokens(store, vault, connection, version, tokens, epoch);
    delete mine.uncommitted;
    return saved === undefined ? "others" : "committed";
  } catch {
    // The disk may be full: the new tokens stay in memory, work meanwhile, and are committed as soon as it goes.
    mine.pause.extend(clock.now(), clock.now() + COMMIT_AGAIN_MS);
    return "not-yet";
  }
}

function isFresh(access: AccessToken | undefined, { refusedToken }: Known, now: number): access is AccessToken {
  return access !== undefined && access.token !== refusedToken && now < access.refreshAt;
}

/** Does another process refresh it just now? */
function isLeased({ shared = false, owner, clock }: Refresher, { lease }: KeptTokens): boolean {
  return shared && lease !== undefined && lease.owner !== owner && clock.now() < lease.until;
}

/** The access token, when it still lives, though the next one is due. */
function livingToken({ tokens: { access } }: KeptTokens, { refusedToken }: Known, now: number): string | undefined {
  return access !== undefined && access.token !== refusedToken && now < access.expiresAt ? access.token : undefined;
}

function remember(mine: Known, access: AccessToken): string {
  // What is not committed yet comes back soon to try that again.
  mine.access = mine.uncommitted === undefined ? access : { ...access, refreshAt: 0 };
  if (mine.uncommitted === undefined) mine.pause = new Hold();
  mine.failures = 0;
  return access.token;
}

/** There is no new token just now: an access token that still lives is used meanwhile. */
function postpone(
  { clock }: Refresher,
  account: OAuthAccount,
  mine: Known,
  kept: KeptTokens,
  { reason, waitMs }: { readonly reason: string; readonly waitMs: number },
): string {
  mine.pause.extend(clock.now(), clock.now() + waitMs);
  const { access } = kept.tokens;
  const living = livingToken(kept, mine, clock.now());
  if (living === undefined || access === undefined) throw later(account, reason, waitMs);
  mine.access = access;
  return living;
}

/** The provider cannot just now. */
function backOff({ random }: Refresher, mine: Known, retryAfterMs: number | undefined): number {
  const waitMs = Math.max(WAIT_MS_MIN, retryAfterMs ?? backoffMs(mine.failures, random.next()));
  mine.failures += 1;
  return waitMs;
}

const WAIT_MS_MIN = 1_000;

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.timer(ms, resolve);
  });

function later({ connection }: OAuthAccount, reason: string, waitMs: number): CallFailed {
  const outcome: Outcome = {
    kind: "unavailable",
    held: true,
    retryAfterMs: waitMs,
    reason: `no access token: ${reason}`,
  };
  return new CallFailed(outcome, `cannot sign in to ${connection} just now: ${reason}`);
}

function broken(account: OAuthAccount, why: string, beganAt?: number): CallFailed {
  const { connection, graceMs = 0 } = account;
  const lost =
    beganAt === undefined
      ? ""
      : `; a refresh begun at ${new Date(beganAt).toISOString()} was not answered, and a superseded token works for ${graceMs} ms`;
  const todo = needsNobody(account)
    ? "put the connection's settings right, and start again"
    : `authorise the connection again: bowline connect ${connection}`;
  return gaveUp(account, `${why}${lost}; ${todo}`);
}

function gaveUp({ connection }: OAuthAccount, reason: string, cause?: unknown): CallFailed {
  return new CallFailed({ kind: "reauthorize", reason }, `cannot sign in to ${connection}: ${reason}`, { cause });
}

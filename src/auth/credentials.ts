// Gives each connection an access token that works, from memory where it can; the refresh itself is `refresh.ts`. It also
// puts in what a new authorisation gave, and forgets what a person disconnected.
import { Hold } from "../call/hold.ts";
import type { CredentialStore } from "../store/store.ts";
import type { Clock, Network, Random } from "../world/world.ts";
import { readTokens, saveTokens, seedOf, type AccessToken, type KeptTokens, type Tokens } from "./kept-tokens.ts";
import { needsNobody, type OAuthAccount } from "./oauth-account.ts";
import { refresh } from "./refresh.ts";
import { revokeTokens } from "./revoke-tokens.ts";
import type { TokenGiven } from "./token-answer.ts";
import type { Revoked } from "./token-client.ts";
import { tokensOf } from "./tokens-of.ts";
import { VaultError, type Vault } from "./vault.ts";

export type { OAuthAccount } from "./oauth-account.ts";

export interface Credentials {
  /** At once where there is a token that works. Rejects with CallFailed: `reauthorize`, or `unavailable` and held. */
  accessToken(account: OAuthAccount): string | Promise<string>;
  /** The provider did not take this access token: the next one is another. */
  refused(connection: string, accessToken: string): void;
  /** Puts in the refresh token that a new authorisation gave. */
  replaceRefreshToken(account: OAuthAccount, refreshToken: string): Promise<void>;
}

/** Credentials that are kept, and so can be put in, looked at and taken away. */
export interface KeptCredentials extends Credentials {
  /** Puts in what a new authorisation gave, in place of whatever is there, even of what cannot be opened any more. */
  install(account: OAuthAccount, given: TokenGiven): Promise<void>;
  /** Takes the tokens back at the provider and forgets them. */
  forget(account: OAuthAccount): Promise<Revoked>;
  /** A person takes a disconnection back. Where a token is asked for without a person, there is no other way to. */
  takeUpAgain(account: OAuthAccount): Promise<void>;
  /**
   * Lets go of tokens that no key opens, so that the connection can begin anew: with the refresh token in its settings, where the
   * account is given and has one. Those that open are left.
   */
  letGo(connection: string, account: OAuthAccount | undefined): Promise<"forgotten" | "readable" | "none">;
  /** What is known of a connection's tokens, without the tokens. */
  view(connection: string): Promise<CredentialView>;
}

export interface CredentialView {
  /** `unreadable`: sealed with a key that is not there. */
  readonly kept: "none" | "tokens" | "disconnected" | "unreadable";
  readonly scopes?: readonly string[];
  readonly accessExpiresAt?: number;
  readonly refreshExpiresAt?: number;
}

export interface CredentialsOptions {
  readonly store: CredentialStore;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  /** Other processes refresh the same credentials. Default false: a lease that is left over is a dead process's. */
  readonly shared?: boolean;
  /** How long nobody else may refresh once one has begun; longer than a call for a token may take. Default 90,000. */
  readonly leaseMs?: number;
  /** How long others wait for whoever began a refresh and may yet commit it. Default 600,000. */
  readonly abandonedAfterMs?: number;
}

/** What is known of one connection in memory. */
export interface Known {
  access?: AccessToken;
  refusedToken?: string;
  refreshing?: Promise<string>;
  failures: number;
  /** How long a refresh that failed is not tried again. */
  pause: Hold;
  /** Received, and not committed: the store failed. */
  uncommitted?: KeptTokens & { readonly epoch: number };
}

/** The options, and this process's name among those that refresh. */
export interface Refresher extends CredentialsOptions {
  readonly owner: string;
}

/** Turns of losing against others who change the same credential. */
const TURNS_MAX = 5;

export function createCredentials(options: CredentialsOptions): KeptCredentials {
  const { clock, store, vault, random } = options;
  const refresher: Refresher = { ...options, owner: Buffer.from(random.bytes(12)).toString("base64url") };
  const known = new Map<string, Known>();

  function knownOf(connection: string): Known {
    let found = known.get(connection);
    if (found === undefined) known.set(connection, (found = { failures: 0, pause: new Hold() }));
    return found;
  }

  /**
   * Whatever is kept now, these take its place. A refresh under way elsewhere then commits nothing. `before` is done with each that
   * is to be replaced.
   */
  async function replace(connection: string, tokens: Tokens, before?: () => Promise<void>): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const version = (await store.credential(connection))?.version ?? 0;
      await before?.();
      if ((await saveTokens(store, vault, connection, version, tokens)) === undefined) continue;
      known.set(connection, { failures: 0, pause: new Hold() });
      return;
    }
    throw new Error(`could not replace the tokens of ${connection}: others keep changing them; try again`);
  }

  async function takeBack(account: OAuthAccount): Promise<Revoked> {
    const kept = await readTokens(store, vault, account.connection).then(
      (read) => read?.tokens,
      () => undefined,
    );
    // Of tokens that were given and could not be kept yet, the provider knows no older ones any more.
    return revokeTokens(refresher, account, knownOf(account.connection).uncommitted?.tokens ?? kept);
  }

  return {
    accessToken(account) {
      const mine = knownOf(account.connection);
      const token = usable(mine, clock.now());
      if (token !== undefined) return token;
      mine.refreshing ??= refresh(refresher, account, mine).finally(() => delete mine.refreshing);
      return mine.refreshing;
    },
    refused(connection, accessToken) {
      const mine = knownOf(connection);
      mine.refusedToken = accessToken;
      if (mine.access?.token === accessToken) delete mine.access;
    },
    replaceRefreshToken: (account, refreshToken) =>
      replace(account.connection, { refreshToken, seed: seedFor(account, refreshToken) }),
    async install(account, given) {
      const seed = seedFor(account, given.refreshToken ?? given.accessToken);
      await replace(account.connection, tokensOf(refresher, account, { seed }, given));
    },
    async forget(account) {
      let revoked: Revoked = { revoked: false, reason: "the provider was not asked" };
      const seed = seedFor(account, "");
      // What is kept anew while the provider is asked, as by somebody who connects it, is taken back, too.
      await replace(account.connection, { seed, disconnectedAt: clock.now() }, async () => {
        revoked = await takeBack(account);
      });
      return revoked;
    },
    async takeUpAgain(account) {
      if (!needsNobody(account)) return;
      const tokens = await openedTokens(store, vault, account.connection);
      if (tokens === undefined || tokens === "unreadable" || tokens.disconnectedAt === undefined) return;
      await replace(account.connection, { seed: seedFor(account, "") });
    },
    async letGo(connection, account) {
      const tokens = await openedTokens(store, vault, connection);
      if (tokens !== "unreadable") return tokens === undefined ? "none" : "readable";
      const first = account?.firstRefreshToken;
      const anew = first === undefined ? { forgottenAt: clock.now() } : { refreshToken: first };
      await replace(connection, { seed: seedOf(first ?? ""), ...anew });
      return "forgotten";
    },
    view: async (connection) => viewOf(await openedTokens(store, vault, connection)),
  };
}

function seedFor({ firstRefreshToken }: OAuthAccount, otherwise: string): string {
  return seedOf(firstRefreshToken ?? otherwise);
}

/** The token in memory, while it need not be refreshed, or while that must wait. */
function usable({ access, pause }: Known, now: number): string | undefined {
  if (access === undefined || now >= access.expiresAt) return undefined;
  return now < access.refreshAt || now < pause.until(now) ? access.token : undefined;
}

async function openedTokens(
  store: CredentialStore,
  vault: Vault,
  connection: string,
): Promise<Tokens | "unreadable" | undefined> {
  try {
    return (await readTokens(store, vault, connection))?.tokens;
  } catch (error) {
    if (error instanceof VaultError) return "unreadable";
    throw error;
  }
}

function viewOf(tokens: Tokens | "unreadable" | undefined): CredentialView {
  if (tokens === undefined) return { kept: "none" };
  if (tokens === "unreadable") return { kept: "unreadable" };
  const { scopes, access, refreshExpiresAt, disconnectedAt, forgottenAt } = tokens;
  if (forgottenAt !== undefined) return { kept: "none" };
  if (disconnectedAt !== undefined) return { kept: "disconnected" };
  return {
    kept: "tokens",
    ...(scopes === undefined ? {} : { scopes }),
    ...(access === undefined ? {} : { accessExpiresAt: access.expiresAt }),
    ...(refreshExpiresAt === undefined ? {} : { refreshExpiresAt }),
  };
}

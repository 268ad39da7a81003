// The tokens of one connection as they are kept: sealed, each version for itself.
import { createHash } from "node:crypto";
import type { Store } from "../store/store.ts";
import type { Vault } from "./vault.ts";

export interface Tokens {
  readonly refreshToken: string;
  /** Absent until the first refresh. */
  readonly access?: AccessToken;
  /** Which setting's refresh token all this began with, as a hash: a new one in the settings takes its place. */
  readonly seed: string;
}

export interface AccessToken {
  readonly token: string;
  /** When to get the next one. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

export interface KeptTokens {
  readonly tokens: Tokens;
  readonly version: number;
  /** A refresh was begun and its end is not known. */
  readonly refreshBeganAt?: number;
}

/** What the tokens of a connection are sealed as. */
export const TOKENS_FIELD = "oauth2";

/** Throws VaultError when what is kept cannot be opened. */
export async function readTokens(store: Store, vault: Vault, connection: string): Promise<KeptTokens | undefined> {
  const kept = await store.credential(connection);
  if (kept === undefined) return undefined;
  const plain = vault.open(kept.sealed, { connection, field: TOKENS_FIELD, version: kept.version });
  return {
    tokens: JSON.parse(plain) as Tokens,
    version: kept.version,
    ...(kept.refreshBeganAt === undefined ? {} : { refreshBeganAt: kept.refreshBeganAt }),
  };
}

/** Puts tokens in place of those of `version` (0: none yet); undefined when others were quicker. */
export async function saveTokens(
  store: Store,
  vault: Vault,
  connection: string,
  version: number,
  tokens: Tokens,
): Promise<KeptTokens | undefined> {
  const sealed = vault.seal(JSON.stringify(tokens), { connection, field: TOKENS_FIELD, version: version + 1 });
  return (await store.saveCredential(connection, version, sealed)) ? { tokens, version: version + 1 } : undefined;
}

export function seedOf(refreshToken: string): string {
  return createHash("sha256").update(refreshToken).digest("hex");
}

// The tokens of one connection as they are kept: sealed, each version for itself.
import { createHash } from "node:crypto";
import type { CredentialStore } from "../store/store.ts";
import type { Vault } from "./vault.ts";

export interface Tokens {
  /** Absent where the provider gives none, and where a token is asked for without a person. */
  readonly refreshToken?: string;
  /** Absent until the first refresh. */
  readonly access?: AccessToken;
  /** Which setting's refresh token all this began with, as a hash: a new one in the settings takes its place. */
  readonly seed: string;
  /** Does the provider give another refresh token each time? Absent: it has not been seen. */
  readonly rotates?: boolean;
  /** What was granted, when the provider said. */
  readonly scopes?: readonly string[];
  readonly refreshExpiresAt?: number;
  /** A person disconnected it; there are no tokens any more. */
  readonly disconnectedAt?: number;
  /** Nobody could open those that were, and a person let them go. */
  readonly forgottenAt?: number;
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
  /** A refresh was begun and its answer is not known. */
  readonly refreshBeganAt?: number;
  /** Who may refresh it now. */
  readonly lease?: { readonly owner: string; readonly until: number };
}

/** What the tokens of a connection are sealed as. */
export const TOKENS_FIELD = "oauth2";

/** Throws VaultError when what is kept cannot be opened. */
export async function readTokens(
  store: CredentialStore,
  vault: Vault,
  connection: string,
): Promise<KeptTokens | undefined> {
  const kept = await store.credential(connection);
  if (kept === undefined) return undefined;
  const { sealed, ...rest } = kept;
  const plain = vault.open(sealed, { connection, field: TOKENS_FIELD, version: kept.version });
  return { ...rest, tokens: JSON.parse(plain) as Tokens };
}

/** Puts tokens in place of those of `version` (0: none yet); undefined when others were quicker. */
export async function saveTokens(
  store: CredentialStore,
  vault: Vault,
  connection: string,
  version: number,
  tokens: Tokens,
  epoch?: number,
): Promise<KeptTokens | undefined> {
  const sealed = vault.seal(JSON.stringify(tokens), { connection, field: TOKENS_FIELD, version: version + 1 });
  const saved = await store.saveCredential(connection, version, sealed, epoch);
  return saved ? { tokens, version: version + 1 } : undefined;
}

export function seedOf(refreshToken: string): string {
  return createHash("sha256").update(refreshToken).digest("hex");
}

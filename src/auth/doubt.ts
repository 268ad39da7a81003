// May a refresh token be presented when an earlier attempt with it was never answered? The provider may have taken it and
// given another in its place, which nobody has. Nothing can tell: the answer was lost together with whoever waited for it.
import type { Clock } from "../world/world.ts";
import type { KeptTokens } from "./kept-tokens.ts";
import type { OAuthAccount } from "./oauth-account.ts";

export type Doubt =
  | { readonly is: "none" }
  /** Whoever began it may yet commit what it was given. */
  | { readonly is: "wait"; readonly reason: string; readonly waitMs: number }
  /** Presenting it again could make the provider take everything back. */
  | { readonly is: "lost"; readonly reason: string };

export interface DoubtOptions {
  readonly owner: string;
  readonly clock: Clock;
  readonly shared?: boolean;
  readonly abandonedAfterMs: number;
}

/** How soon it is looked again whether the other process has come back. */
const LOOK_AGAIN_MS = 250;

export function doubtOf(
  { graceMs = 0, afterLostAnswer = "within-grace" }: OAuthAccount,
  { tokens, refreshBeganAt, lease }: KeptTokens,
  { owner, clock, shared = false, abandonedAfterMs }: DoubtOptions,
): Doubt {
  if (refreshBeganAt === undefined || tokens.refreshToken === undefined) return { is: "none" };
  if (afterLostAnswer === "always" || tokens.rotates === false) return { is: "none" };
  const now = clock.now();
  // The provider's grace began when it took the token, which is later than this.
  if (now < refreshBeganAt + graceMs) return { is: "none" };
  const began = `a refresh begun at ${new Date(refreshBeganAt).toISOString()} was not answered`;
  const mayCommit = shared && lease !== undefined && lease.owner !== owner;
  if (mayCommit && now < refreshBeganAt + abandonedAfterMs) {
    return { is: "wait", reason: `${began}; waiting for the process that began it`, waitMs: LOOK_AGAIN_MS };
  }
  const reason = `${began}, and its refresh token may be superseded: presented again after ${graceMs} ms it could cost every token`;
  return { is: "lost", reason };
}

// Takes all tokens of a connection back at the provider.
import type { Tokens } from "./kept-tokens.ts";
import type { OAuthAccount } from "./oauth-account.ts";
import { revokeToken, type Revoked, type TokenWorld } from "./token-client.ts";

/** With the refresh token everything goes that came of it; without one the access token is what there is. */
export async function revokeTokens(
  world: TokenWorld,
  account: OAuthAccount,
  tokens: Tokens | undefined,
): Promise<Revoked> {
  const refreshToken = tokens?.refreshToken ?? (tokens === undefined ? account.firstRefreshToken : undefined);
  const accessToken = tokens?.access?.token;
  if (refreshToken === undefined && accessToken === undefined) {
    return { revoked: false, reason: "there was no token to take back" };
  }
  const ofAccess =
    accessToken === undefined ? undefined : await revokeToken(world, account, accessToken, "access_token");
  if (refreshToken === undefined) return ofAccess ?? { revoked: true };
  return revokeToken(world, account, refreshToken, "refresh_token");
}

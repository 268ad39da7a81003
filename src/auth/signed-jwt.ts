// Signs the JSON Web Tokens by which we prove who we are: as a client, as an application, or for one call.
import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import type { JwtAlgorithm } from "../define/auth.ts";
import type { Clock, Random } from "../world/world.ts";

export interface JwtKey {
  /** The private key (PEM) or, for HS256, the shared secret. */
  readonly key: string;
  readonly algorithm: JwtAlgorithm;
  readonly keyId?: string;
}

export interface JwtMakers {
  readonly clock: Clock;
  readonly random: Random;
}

/** Adds `iat`, `exp` and `jti`; what `claims` says of them wins. Throws when the key is none for the algorithm. */
export async function signedJwt(
  { clock, random }: JwtMakers,
  { key, algorithm, keyId }: JwtKey,
  claims: Readonly<Record<string, unknown>>,
  lifetimeMs: number,
): Promise<string> {
  const issuedAt = Math.floor(clock.now() / 1000);
  const payload = {
    iat: issuedAt,
    exp: issuedAt + Math.ceil(lifetimeMs / 1000),
    jti: Buffer.from(random.bytes(16)).toString("base64url"),
    ...claims,
  };
  const header = { alg: algorithm, typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  return new SignJWT(payload).setProtectedHeader(header).sign(keyOf(key, algorithm));
}

function keyOf(key: string, algorithm: JwtAlgorithm): KeyObject | Uint8Array {
  if (algorithm === "HS256") return new TextEncoder().encode(key);
  try {
    // Environments hold one line: "\n" stands for the ends of lines there.
    return createPrivateKey(key.replaceAll("\\n", "\n"));
  } catch (cause) {
    // The cause may quote the key.
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new TypeError(
      `could not sign with the key: expected a private key in PEM for ${algorithm}, and got something else${reason}`,
    );
  }
}

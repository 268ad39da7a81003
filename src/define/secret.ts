// A secret in code is only a reference to where it is kept: it never prints itself, and is read just before its use.

/** Where a secret is kept. Made by {@link env}. */
export interface Secret {
  readonly secret: "env";
  readonly variable: string;
}

/** Refers to the secret in an environment variable: `accessToken: env("SHOPIFY_TOKEN")`. */
export function env(variable: string): Secret {
  return { secret: "env", variable };
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && (value as Partial<Secret>).secret === "env";
}

/** Reads references to secrets; the engine's own reads the environment it was given. */
export type SecretReader = (secret: Secret) => string | undefined;

// Which of a connection's settings are secrets, besides those that are kept elsewhere and only referred to: whatever the
// connector signs in with, or checks webhooks with, even when somebody wrote it down in the code.
import type { Auth, ClientAuth } from "../define/auth.ts";
import type { Connector } from "../define/connector.ts";

type Settings = Readonly<Record<string, unknown>>;

export function secretSettings(connector: Connector, settings: Settings): ReadonlySet<string> {
  const auth = typeof connector.auth === "function" ? connector.auth(settings) : connector.auth;
  const names = [
    ...secretsOfAuth(auth),
    ...(connector.webhook?.secretSettings ?? []),
    connector.certificate?.privateKeySetting,
    connector.certificate?.passphraseSetting,
  ];
  return new Set(names.filter((name) => name !== undefined));
}

function secretsOfAuth(auth: Auth): readonly (string | undefined)[] {
  switch (auth.kind) {
    case "none":
      return [];
    case "header":
    case "query":
      return [auth.setting];
    case "basic":
      // Without a password the name is the whole credential.
      return [auth.passwordSetting ?? auth.usernameSetting];
    case "jwt":
      return [auth.keySetting];
    case "signature":
      return auth.secretSettings;
    case "oauth2":
      return [auth.clientSecretSetting, auth.refreshTokenSetting, keyOf(auth.clientAuth), auth.assertion?.keySetting];
  }
}

function keyOf(clientAuth: ClientAuth): string | undefined {
  return typeof clientAuth === "string" ? undefined : clientAuth.keySetting;
}

/** Shorter lines of a longer secret are met by chance. */
const LINE_CHARS_MIN = 12;

/** A secret, and each line of one that has several, such as a private key: tools like to quote just one. */
export function withLines(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\\n/);
  if (lines.length === 1) return [secret];
  return [secret, ...lines.filter((line) => line.length >= LINE_CHARS_MIN && !line.startsWith("-----"))];
}

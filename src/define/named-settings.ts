// The settings that a connector names outside their schema: how it signs in, its certificate, what signs webhooks. A misspelt name is
// a credential that nobody can set.
import type { Auth, ClientCertificate } from "./auth.ts";
import { knownFields } from "./check-fields.ts";
import { type Fault, suggestion } from "./fault.ts";
import type { Schema } from "./schema.ts";

/** Where a setting is named, and its name. */
export type NamedSetting = readonly [place: string, name: string];

/** None where the schema does not tell its settings: then nobody knows which names are right. */
export function settingFaults(named: readonly NamedSetting[], settings: Schema): readonly Fault[] {
  const known = knownFields(settings);
  if (known === undefined) return [];
  return named
    .filter(([, name]) => !known.includes(name))
    .map(([place, name]) => ({
      place,
      message: `there is no setting ${JSON.stringify(name) ?? "without a name"}.${suggestion(String(name), known)}`,
    }));
}

const AUTH_KINDS = {
  none: true,
  header: true,
  query: true,
  basic: true,
  jwt: true,
  signature: true,
  oauth2: true,
} satisfies Readonly<Record<Auth["kind"], true>>;

export function authFaults(auth: Auth, settings: Schema): readonly Fault[] {
  if (Object.hasOwn(AUTH_KINDS, auth.kind)) return settingFaults(namedByAuth(auth), settings);
  const message = `there is no such way of signing in.${suggestion(String(auth.kind), Object.keys(AUTH_KINDS))}`;
  return [{ place: "auth › kind", message }];
}

function namedByAuth(auth: Auth): readonly NamedSetting[] {
  switch (auth.kind) {
    case "none":
      return [];
    case "header":
    case "query":
      return [["auth › setting", auth.setting]];
    case "basic":
      return [
        ["auth › usernameSetting", auth.usernameSetting],
        ...ifNamed("auth › passwordSetting", auth.passwordSetting),
      ];
    case "jwt":
      return [["auth › keySetting", auth.keySetting]];
    case "signature":
      return auth.secretSettings.map((name) => ["auth › secretSettings", name]);
    case "oauth2": {
      const { clientAuth, assertion } = auth;
      return [
        ["auth › clientIdSetting", auth.clientIdSetting],
        ...ifNamed("auth › clientSecretSetting", auth.clientSecretSetting),
        ...ifNamed("auth › refreshTokenSetting", auth.refreshTokenSetting),
        ...(typeof clientAuth === "object" ? [["auth › clientAuth › keySetting", clientAuth.keySetting] as const] : []),
        ...(assertion === undefined ? [] : [["auth › assertion › keySetting", assertion.keySetting] as const]),
      ];
    }
  }
}

export function namedByCertificate(certificate: ClientCertificate): readonly NamedSetting[] {
  return [
    ["certificate › certificateSetting", certificate.certificateSetting],
    ["certificate › privateKeySetting", certificate.privateKeySetting],
    ...ifNamed("certificate › passphraseSetting", certificate.passphraseSetting),
  ];
}

function ifNamed(place: string, name: string | undefined): readonly NamedSetting[] {
  return name === undefined ? [] : [[place, name]];
}

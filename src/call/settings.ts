// Reads a connection's settings: references to secrets are replaced by the secrets, and the connector's schema has its say.
import type { ConnectionBase } from "../define/connector.ts";
import { issueText } from "../define/schema.ts";
import { isSecret, type SecretReader } from "../define/secret.ts";
import { quietSettings } from "./quiet-settings.ts";
import { secretSettings, withLines } from "./secret-settings.ts";

export interface ReadSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  /** The values that must never be seen. */
  readonly secrets: readonly string[];
  /** Variables of the environment that hold nothing. */
  readonly missing: readonly string[];
}

/** Of several secrets in one setting each. */
function secretsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  return typeof value === "string" && value !== "" ? withLines(beyondOrigin(value)) : [];
}

/** Of an address what comes after its origin: the origin is in the address of every call, and people need to read that. */
function beyondOrigin(value: string): string {
  return value.replace(/^https?:\/\/[^/?#@]+(?=[/?#])/, "");
}

/** Throws when the settings, all secrets being there, do not fit the connector. */
export function readSettings(connection: ConnectionBase<any, any>, reader: SecretReader): ReadSettings {
  const settings: Record<string, unknown> = {};
  const secretNames = new Set<string>();
  const missing: string[] = [];
  for (const [name, value] of Object.entries(connection.settings as Record<string, unknown>)) {
    const plain = isSecret(value) ? reader(value) : value;
    if (isSecret(value)) {
      if (typeof plain !== "string" || plain === "") missing.push(value.variable);
      else if (!isOrigin(plain)) secretNames.add(name);
    }
    settings[name] = plain;
  }
  const read = missing.length > 0 ? settings : checked(connection, settings);
  if (missing.length === 0) for (const name of secretSettings(connection.connector, read)) secretNames.add(name);
  const secrets = [...secretNames].flatMap((name) => secretsIn(settings[name]));
  return { settings: quietSettings(read, secretNames), secrets, missing };
}

/** Where a provider is, such as "http://127.0.0.1:4321", may be read from the environment too; it is no secret. */
function isOrigin(value: string): boolean {
  return /^https?:\/\/[^/?#@]+\/?$/.test(value);
}

function checked(connection: ConnectionBase<any, any>, settings: Record<string, unknown>): Record<string, unknown> {
  const result = connection.connector.settings["~standard"].validate(settings);
  if (result instanceof Promise) {
    throw new TypeError(
      `cannot read the settings of "${connection.connectionName}": wanted a schema that answers at once, got a promise`,
    );
  }
  if (result.issues !== undefined) {
    const faults = result.issues.map(issueText);
    throw new TypeError(`cannot read the settings of "${connection.connectionName}": ${faults.join("; ")}`);
  }
  return result.value as Record<string, unknown>;
}

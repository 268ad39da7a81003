// The keys that wrap the data keys. They are never in the file of state: they come from a file beside it, from the
// environment, or from a command that asks a key store. One is current; old ones still open what they once wrapped.
import { createHash, createSecretKey, type KeyObject } from "node:crypto";
import { KEY_BYTES, KEY_ID_BYTES } from "./sealed.ts";
import { keyLinesFromCommand } from "./key-command.ts";
import { keyLines, makeKeyFile } from "./key-file.ts";
import { VaultError } from "./vault-error.ts";

export interface WrappingKey {
  /** Tells keys apart, and nothing of them. */
  readonly id: string;
  /** Where it came from, for people: a path, or the name of a variable. */
  readonly from: string;
  /** Node keeps its bytes where nothing prints them. */
  readonly key: KeyObject;
}

export interface KeyRing {
  /** New data keys are wrapped with it. */
  readonly current: WrappingKey;
  readonly old: readonly WrappingKey[];
  /** The key file, when the current key is its first: only then can a new key be made by us. */
  readonly file?: string;
}

export interface KeyRingOptions {
  /** Default of BOWLINE_KEY_FILE. */
  readonly keyFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables that a command for the key does not get: secrets of the project's own. Default: none. */
  readonly withheld?: readonly string[];
}

/**
 * BOWLINE_KEY, or else the first line that BOWLINE_KEY_COMMAND says, or else the first line of the key file, which is made
 * when there is none. Whatever else these and BOWLINE_KEY_OLD hold is old.
 */
export async function readKeyRing({ keyFile, env, withheld = [] }: KeyRingOptions): Promise<KeyRing> {
  const given = env["BOWLINE_KEY"]?.trim() ?? "";
  const command = env["BOWLINE_KEY_COMMAND"]?.trim() ?? "";
  const path = env["BOWLINE_KEY_FILE"]?.trim() || keyFile;
  if (given !== "" && command !== "") {
    throw new VaultError(
      "key",
      "cannot tell which key to use: BOWLINE_KEY and BOWLINE_KEY_COMMAND are both set; keep one",
    );
  }
  const elsewhere =
    given !== ""
      ? [wrappingKey(given, "BOWLINE_KEY")]
      : command !== ""
        ? wrappingKeys(await keyLinesFromCommand(command, without(env, withheld)), "BOWLINE_KEY_COMMAND")
        : [];
  const inFile = wrappingKeys((await keyLines(path)) ?? (elsewhere.length > 0 ? [] : await makeKeyFile(path)), path);
  const inOld = wrappingKeys((env["BOWLINE_KEY_OLD"] ?? "").split(/[\s,]+/).filter(Boolean), "BOWLINE_KEY_OLD");
  const [current, ...old] = [...elsewhere, ...inFile, ...inOld];
  if (current === undefined) throw noKey(path);
  const known = new Set([current.id]);
  const others = old.filter(({ id }) => !known.has(id) && known.add(id));
  return { current, old: others, ...(elsewhere.length > 0 ? {} : { file: path }) };
}

function wrappingKeys(lines: readonly string[], from: string): readonly WrappingKey[] {
  return lines.map((line) => wrappingKey(line, from));
}

export function wrappingKey(text: string, from: string): WrappingKey {
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length !== KEY_BYTES) {
    throw new VaultError(
      "key",
      `cannot use the key in ${from}: wanted ${KEY_BYTES} bytes in base64, got ${bytes.length}; ` +
        "make one with: openssl rand -base64 32",
    );
  }
  return wrappingKeyOf(bytes, from);
}

export function wrappingKeyOf(bytes: Uint8Array, from: string): WrappingKey {
  const hash = createHash("sha256").update("bowline key id").update(bytes).digest();
  return { id: hash.subarray(0, KEY_ID_BYTES).toString("hex"), from, key: createSecretKey(bytes) };
}

function noKey(path: string): VaultError {
  return new VaultError(
    "key",
    `cannot use the key in ${path}: wanted ${KEY_BYTES} bytes in base64, got 0; make one with: openssl rand -base64 32`,
  );
}

function without(env: KeyRingOptions["env"], withheld: readonly string[]): KeyRingOptions["env"] {
  const kept = { ...env };
  for (const name of [...withheld, "BOWLINE_KEY_OLD"]) delete kept[name];
  return kept;
}

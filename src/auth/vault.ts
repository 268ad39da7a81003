// Seals credentials for the file of state. Whoever copies the file cannot read them, and whoever can write to it cannot
// put one in another's place or bring an old one back: each is bound to its connection, field and version.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";

/** What a sealed secret belongs to; it opens for nothing else. */
export interface SealedFor {
  readonly connection: string;
  readonly field: string;
  readonly version: number;
}

export interface Vault {
  seal(plain: string, place: SealedFor): Uint8Array;
  /** Throws {@link VaultError}. */
  open(sealed: Uint8Array, place: SealedFor): string;
  /** The first characters of the key's hash: tells keys apart, and nothing of them. */
  readonly keyId: string;
}

export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: "key" | "sealed-otherwise";

  constructor(code: VaultError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** The first byte of everything sealed, so that another way of sealing can come later. */
const FORMAT = 1;

/**
 * The key is the environment's BOWLINE_KEY (32 bytes in base64), or else the key file, which is made with a new key when
 * there is none, readable by its owner only.
 */
export async function openVault({
  keyFile,
  env,
}: {
  readonly keyFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<Vault> {
  const given = env["BOWLINE_KEY"];
  return vaultOf(given === undefined || given === "" ? await keyFromFile(keyFile) : keyFromText(given, "BOWLINE_KEY"));
}

/** A vault with this key of 32 bytes. Its randomness is always the machine's: a seeded one would repeat itself. */
export function vaultOf(key: Uint8Array): Vault {
  const secret = Buffer.from(key);
  return {
    keyId: createHash("sha256").update("bowline key id").update(secret).digest("hex").slice(0, 8),
    seal(plain, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", secret, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(place));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), body]);
    },
    open(sealed, place) {
      if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== FORMAT) throw cannotOpen(place);
      const iv = sealed.subarray(1, 1 + IV_BYTES);
      const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv("aes-256-gcm", secret, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(associated(place));
        decipher.setAuthTag(tag);
        const body = decipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES));
        return Buffer.concat([body, decipher.final()]).toString("utf8");
      } catch (error) {
        throw cannotOpen(place, error);
      }
    },
  };
}

/** JSON keeps the parts apart whatever they hold. */
function associated({ connection, field, version }: SealedFor): Buffer {
  return Buffer.from(`v1|${JSON.stringify(connection)}|${JSON.stringify(field)}|${version}`);
}

function cannotOpen(place: SealedFor, cause?: unknown): VaultError {
  return new VaultError(
    "sealed-otherwise",
    `cannot open the ${place.field} of the connection "${place.connection}": it was sealed with another key, for another ` +
      "place, or was changed; bring the key file back, or authorise the connection again",
    { cause },
  );
}

function keyFromText(text: string, from: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== KEY_BYTES) {
    throw new VaultError(
      "key",
      `cannot use the key in ${from}: wanted ${KEY_BYTES} bytes in base64, got ${key.length}; ` +
        "make one with: openssl rand -base64 32",
    );
  }
  return key;
}

async function keyFromFile(keyFile: string): Promise<Buffer> {
  const text = (await textOf(keyFile)) ?? (await makeKeyFile(keyFile)) ?? (await textOf(keyFile));
  return keyFromText(text ?? "", keyFile);
}

async function textOf(keyFile: string): Promise<string | undefined> {
  try {
    return await readFile(keyFile, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Written whole beside its place and put there at once: of two that start together one does, and the other reads it. */
async function makeKeyFile(keyFile: string): Promise<string | undefined> {
  const text = `${randomBytes(KEY_BYTES).toString("base64")}\n`;
  const beside = `${keyFile}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(beside, text, { mode: 0o600, flush: true, flag: "wx" });
    await link(beside, keyFile);
    return text;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

// The key file: one key a line in base64, the current one first. It is readable by its owner only, and always replaced whole.
import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { KEY_BYTES } from "./sealed.ts";
import { VaultError } from "./vault-error.ts";

const OTHERS = 0o077;

/** Its keys, the current one first; undefined: there is no such file. */
export async function keyLines(path: string): Promise<readonly string[] | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const { mode } = await stat(path);
  if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
    const found = (mode & 0o777).toString(8).padStart(4, "0");
    throw new VaultError(
      "key",
      `cannot use the key in ${path}: wanted a file that only its owner may read (0600 or 0400), got ${found}; ` +
        `chmod 600 it, and rotate the key if others could read it`,
    );
  }
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.length === 0 ? [""] : lines;
}

/** Written whole beside its place and put there at once: of two that start together one does, and the other reads it. */
export async function makeKeyFile(path: string): Promise<readonly string[]> {
  const line = newKey();
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await write(beside, [line]);
    await link(beside, path);
    await settled(dirname(path));
    return [line];
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw refused(path, error);
    return (await keyLines(path)) ?? [];
  } finally {
    await rm(beside, { force: true });
  }
}

/** Puts a new key first; the others stay until nothing is wrapped with them. Says the new one. */
export async function addKey(path: string): Promise<string> {
  const line = newKey();
  await replace(path, [line, ...((await keyLines(path)) ?? [])]);
  return line;
}

/** Leaves only its first key: the others are gone for good. */
export async function keepFirstKey(path: string): Promise<void> {
  const lines = (await keyLines(path)) ?? [];
  if (lines.length > 1) await replace(path, lines.slice(0, 1));
}

/** Always by the same name beside it: what a cut-off rotation left there, keys and all, goes with the next one. */
async function replace(path: string, lines: readonly string[]): Promise<void> {
  const beside = `${path}.next`;
  try {
    await rm(beside, { force: true });
    await write(beside, lines);
    await rename(beside, path);
    await settled(dirname(path));
  } catch (error) {
    throw refused(path, error);
  }
}

async function write(path: string, lines: readonly string[]): Promise<void> {
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o600, flush: true, flag: "wx" });
}

/** Without it a power cut may leave the folder with the old name, after data keys were wrapped with the new key. */
async function settled(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw refused(path, error);
  }
}

/** The file system's own refusal, such as a full disk: it is no fault of ours, and says which file it is about. */
function refused(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  return new VaultError(
    "key",
    `could not read or write the key in ${path}: expected a file and a folder of this user and room on the disk, got: ` +
      `${error.message}; check the path, the rights and the disk, then try again`,
    { cause: error },
  );
}

const newKey = (): string => randomBytes(KEY_BYTES).toString("base64");
const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

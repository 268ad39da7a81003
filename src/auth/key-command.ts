// Asks a program for the key, such as the command line of a key store: run once at the start, without a shell, for a bounded
// time. What it says on standard error is not repeated, since nobody knows what a key store prints.
import { execFile } from "node:child_process";
import { VaultError } from "./vault-error.ts";

const TIMEOUT_MS = 30_000;
const OUTPUT_BYTES_MAX = 65_536;

/** The lines it says: the current key, then old ones. */
export async function keyLinesFromCommand(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<readonly string[]> {
  const [program = "", ...args] = wordsOf(command);
  const output = await new Promise<string>((resolve, reject) => {
    const limits = { timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX, killSignal: "SIGKILL", shell: false } as const;
    const child = execFile(program, args, { ...limits, env, encoding: "utf8", windowsHide: true }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(commandFault(program, error, timeoutMs));
    });
    child.stdin?.end();
  });
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === 0) throw fault(program, "wanted a key in base64 on its standard output, got nothing");
  return lines;
}

/** Words between spaces; or a JSON array of them, where a word has a space in it. */
function wordsOf(command: string): readonly string[] {
  if (!command.startsWith("[")) return command.split(/\s+/);
  try {
    const words: unknown = JSON.parse(command);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string")) return words;
  } catch {
    // Told below, as every other array that is not one of texts.
  }
  throw new VaultError(
    "key",
    'cannot use BOWLINE_KEY_COMMAND: wanted words, or a JSON array of texts such as ["op", "read", "op://vault/key"]',
  );
}

function commandFault(program: string, error: Error, timeoutMs: number): VaultError {
  const { code, killed } = error as { readonly code?: unknown; readonly killed?: boolean };
  if (killed === true && code !== "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return fault(program, `it took longer than ${timeoutMs} ms`);
  return fault(program, `it ended with ${String(code)}`);
}

/** Without the error as its cause: that one quotes the arguments and what was printed. */
function fault(program: string, reason: string): VaultError {
  return new VaultError(
    "key",
    `cannot have the key from BOWLINE_KEY_COMMAND (${program}): ${reason}; run it by hand to see`,
  );
}

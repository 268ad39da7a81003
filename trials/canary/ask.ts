// All that people and programs can ask of Bowline: commands in processes of their own, the JSON API, the pages, and webhooks
// that are wrong in every way.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNTS, variableOf, type Canaries } from "./canaries.ts";
import { hookSignature } from "./connector.ts";
import type { Scanner } from "./scan.ts";

const CLI = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const AT_ONCE = 2;

export interface Asker {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly scanner: Scanner;
}

const RECORD = ["record", "t3"];
const COMMANDS: readonly (readonly string[])[] = [
  ["status"],
  ["status", "--json"],
  ["connections"],
  ["connections", "--json"],
  ["parked"],
  ["parked", "--json"],
  ["parked", "show", "header-0", "t3"],
  ["parked", "show", "header-0", "t1", "--json"],
  ["parked", "retry", "--cause", "mapping", "--json"],
  RECORD,
  [...RECORD, "--json"],
  ["requests", "--limit", "10000"],
  ["requests", "--limit", "10000", "--bodies"],
  ["requests", "--limit", "10000", "--json"],
  ["keys", "status", "--json"],
  ["keys", "verify"],
  ["keys", "verify", "--json"],
  ["keys", "rotate", "--data", "--json"],
  ["check"],
  ["sync", "nothing", "--json"],
  ["replay", "--since", "2h", "--json"],
];

/** Once more when nothing runs, and the command opens the file itself. */
export const COMMANDS_AFTERWARDS: readonly (readonly string[])[] = [
  ["status"],
  ["parked", "--json"],
  [...RECORD, "--json"],
  ["requests", "--limit", "10000", "--bodies"],
  ["keys", "status"],
  ["keys", "rotate", "--data"],
];

export async function askCommands({ folder, environment, scanner }: Asker, commands = COMMANDS): Promise<number> {
  const waiting = [...commands];
  const work = async (): Promise<void> => {
    for (let words = waiting.shift(); words !== undefined; words = waiting.shift()) {
      const { out, words: argv } = await run(process.execPath, [CLI, ...words], folder, environment);
      const name = words.slice(0, 2).join(" ");
      scanner.scan(`command ${name}`, out);
      scanner.scan("arguments of commands", argv);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return commands.length;
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Asker["environment"],
): Promise<{ readonly out: Buffer; readonly words: Buffer }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...env, BOWLINE_DEBUG: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    const words = argumentsOf(child.pid);
    const pieces: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr.on("data", (piece: Buffer) => pieces.push(piece));
    child.once("error", reject);
    child.once("close", () => resolve({ out: Buffer.concat(pieces), words }));
  });
}

/** As everybody on the machine can see them. */
export function argumentsOf(processId: number | undefined): Buffer {
  try {
    return readFileSync(`/proc/${processId}/cmdline`);
  } catch {
    return Buffer.alloc(0);
  }
}

const PATHS = [
  "/health",
  "/",
  "/record?key=t3",
  "/record?key=t1",
  "/api/status",
  "/api/parked?limit=10000",
  "/api/requests?limit=10000",
  "/api/story?key=t2",
  "/api/story?key=t9",
  "/api/keys",
  "/api/nothing",
  "/api/parked?limit=none",
  "/metrics",
];

export async function askPages({ folder, scanner }: Asker, url: string): Promise<number> {
  const { token } = JSON.parse(readFileSync(join(folder, "bowline.db.control"), "utf8")) as { readonly token: string };
  const authorization = `Bearer ${token}`;
  for (const path of PATHS) {
    for (const headers of [{ authorization }, { authorization, accept: "text/html" }, { authorization: "Bearer no" }]) {
      await scanned(scanner, `page ${path.split("?")[0]}`, await fetch(url + path, { headers }));
    }
  }
  const verify = { method: "POST", headers: { authorization, "content-type": "application/json" }, body: "{}" };
  await scanned(scanner, "page /api/keys/verify", await fetch(`${url}/api/keys/verify`, verify));
  return 3 * PATHS.length + 1;
}

/** Good ones, forged ones, ones that make the connector throw, and signed ones that make no sense. */
export async function sendHooks({ scanner }: Asker, url: string, { settings }: Canaries): Promise<number> {
  let sent = 0;
  for (const { name } of ACCOUNTS) {
    const secret = settings[variableOf(name, "hookSecret")]!;
    const deliver = async (body: string, headers: Readonly<Record<string, string>>): Promise<void> => {
      sent += 1;
      const all = { "content-type": "application/json", "x-id": `${name} ${sent}`, ...headers };
      await scanned(
        scanner,
        "answers to webhooks",
        await fetch(`${url}/hooks/${name}`, { method: "POST", headers: all, body }),
      );
    };
    const body = JSON.stringify({ id: "t0" });
    await deliver(body, { "x-hook": hookSignature(secret, Buffer.from(body)) });
    await deliver(body, { "x-hook": "forged" });
    await deliver(body, { "x-throw": "yes" });
    const senseless = JSON.stringify({ other: 1 });
    await deliver(senseless, { "x-hook": hookSignature(secret, Buffer.from(senseless)) });
    await deliver("{", { "x-hook": hookSignature(secret, Buffer.from("{")) });
  }
  return sent;
}

async function scanned(scanner: Scanner, where: string, response: Response): Promise<void> {
  scanner.scan(where, `${response.status} ${JSON.stringify([...response.headers])}\n${await response.text()}`);
}

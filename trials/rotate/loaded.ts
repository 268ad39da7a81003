// The process under load: reads and saves tokens at a steady rate, as an engine with many connections does, and rotates its
// keys when it is told to, without pausing. It can end itself with SIGKILL at a named point.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { keepFirstKey } from "../../src/auth/key-file.ts";
import { readKeyRing } from "../../src/auth/key-ring.ts";
import { readTokens, saveTokens } from "../../src/auth/kept-tokens.ts";
import { verifyKeys } from "../../src/auth/inspect-keys.ts";
import { rotateKeys } from "../../src/auth/rotate-keys.ts";
import { openVault } from "../../src/auth/vault.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { realClock } from "../../src/world/real.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import { throughPoints } from "./kill-points.ts";
import type { Command, Line, Orders } from "./lines.ts";

/** 50 a second. */
const EVERY_MS = 20;

const { dataPath, connections, seed, plant }: Orders = JSON.parse(process.argv[2] ?? "{}");
const keyFile = `${dataPath}.key`;
const random = new SeededRandom(seed);
let kill: Command["kill"];
let passed = 0;

const opened = await openSqliteStore({ path: dataPath });
await opened.declare({ connections, resources: [], syncs: [] });
const store = planted(
  throughPoints(opened, (point) => {
    if (point !== kill?.point) return;
    passed += 1;
    if (passed < kill.time) return;
    say({ is: "at", point });
    process.kill(process.pid, "SIGKILL");
  }),
);
const vault = await openVault({ ring: await readKeyRing({ keyFile, env: {} }), store, clock: realClock });
const last = new Map<string, string>();
const { unreadable } = await verifyKeys(vault);
for (const connection of connections) {
  const kept = await readTokens(store, vault, connection).catch(() => undefined);
  const token = kept?.tokens.refreshToken;
  if (token !== undefined) last.set(connection, token);
}
say({ is: "ready", kept: Object.fromEntries(last), unreadable });

let counter = 0;
let working = true;
const load = setInterval(() => void readAndSave(), EVERY_MS);

const commands = createInterface({ input: process.stdin });
commands.on("line", (text) => void rotate(JSON.parse(text) as Command));
commands.on("close", () => {
  working = false;
  clearInterval(load);
  setTimeout(() => void opened.close().then(() => process.exit(0)), 2 * EVERY_MS);
});

async function rotate(command: Command): Promise<void> {
  kill = command.kill;
  passed = 0;
  say({ is: "rotated", ...(await rotateKeys(vault, { newKey: true, data: command.data })) });
}

async function readAndSave(): Promise<void> {
  const connection = connections[Math.floor(random.next() * connections.length)]!;
  counter += 1;
  const token = `token ${process.pid}-${counter}`;
  try {
    const kept = await readTokens(store, vault, connection);
    const found = kept?.tokens.refreshToken;
    if (kept !== undefined && !isOwn(connection, found)) say({ is: "wrong", connection, reason: `read ${found}` });
    if (!working) return;
    say({ is: "saving", connection, token });
    const saved = await saveTokens(store, vault, connection, kept?.version ?? 0, { refreshToken: token, seed: "" });
    if (saved === undefined) return;
    last.set(connection, token);
    say({ is: "saved", connection, token });
  } catch (error) {
    say({ is: "wrong", connection, reason: String(error) });
  }
}

/** What it saved last, or what another turn of it is just saving. */
function isOwn(connection: string, found: string | undefined): boolean {
  return found === last.get(connection) || found?.startsWith(`token ${process.pid}-`) === true;
}

/** Written at once, so that the line is out before the kill that may follow. */
function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function planted(real: Store): Store {
  if (plant === "skip-reseal") return { ...real, reseal: async () => true };
  if (plant !== "forget-early") return real;
  return {
    ...real,
    async rewrapDataKey(...given) {
      await keepFirstKey(keyFile);
      return real.rewrapDataKey(...given);
    },
  };
}

// Starts an example on an empty file of state beside its configuration, where `bowline --config …` finds it from another
// terminal. A file or a port that somebody else uses is left alone, and said in one line.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { openEngine, type Engine, type EngineOptions } from "../../src/engine.ts";
import { ListenError } from "../../src/server/server.ts";
import { ownerLock } from "../../src/store/sqlite/owner-lock.ts";
import { StoreError } from "../../src/store/store.ts";

export interface FreshOptions extends Omit<EngineOptions, "dataPath" | "port" | "log"> {
  /** The example's own folder. */
  readonly folder: string;
  /** The port that was asked for. */
  readonly port: string | undefined;
  /** Runs until everything agrees: any free port will do. */
  readonly settle: boolean;
}

/** As those of `bowline` itself: wrong usage, and what cannot work now. */
const EXIT = { usage: 2, inUse: 4 } as const;

export async function startFresh({ folder, port, settle, ...options }: FreshOptions): Promise<Engine> {
  const dataPath = resolve(folder, options.project.data);
  const given = portOf(port) ?? (settle ? 0 : undefined);
  try {
    emptyState(dataPath);
    const engine = await openEngine({
      ...options,
      dataPath,
      ...(given === undefined ? {} : { port: given }),
      log: (level, message, facts) => {
        if (level !== "info") say(`  ${level}: ${message} ${facts === undefined ? "" : JSON.stringify(facts)}`);
      },
    });
    await engine.start();
    return engine;
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof ListenError)) throw error;
    say(error.message);
    process.exit(EXIT.inUse);
  }
}

/** Says where it is seen, on the page and from another terminal. */
export function greet(engine: Engine, example: string): void {
  process.stdout.write(`Bowline is running: ${engine.pageUrl}
In another terminal: npm run -s bowline -- status --config examples/${example}/bowline.config.ts
`);
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  say(`could not read --port "${text}": expected a whole number from 0 to 65535`);
  process.exit(EXIT.usage);
}

/** Throws where another process uses it: taking it away would take that one's work. */
export function emptyState(dataPath: string): void {
  mkdirSync(dirname(dataPath), { recursive: true });
  ownerLock(dataPath, process.pid).release();
  rmSync(dirname(dataPath), { recursive: true });
  mkdirSync(dirname(dataPath));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

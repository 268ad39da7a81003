// A child process that speaks in lines of JSON, as subjects, the generator and the fakes all do.
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

const STOP_WAIT_MS = 20_000;
const LINE_WAIT_MAX_MS = 180_000;

/** How long a run over so many records may take: a thousand a second is a slow machine's. */
export function runWaitMs(records: number): number {
  return Math.max(LINE_WAIT_MAX_MS, records);
}

export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;

  constructor(name: string, program: string, words: readonly string[]) {
    this.#name = name;
    this.#process = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve, reject) => {
      this.#process.once("exit", () => resolve());
      this.#process.once("error", reject);
    });
    this.#ended.catch(() => {});
    this.#process.stdin!.on("error", () => {}); // it ended before us: the next line that is awaited says so
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The next line it says, as JSON. */
  async next<Line>(waitMs: number = LINE_WAIT_MAX_MS): Promise<Line> {
    const line = await within(waitMs, `${this.#name} said nothing`, this.#lines.next());
    if (line.done === true) throw new Error(`${this.#name} ended early: expected a line of JSON, its error is above`);
    return JSON.parse(line.value) as Line;
  }

  async ask<Line>(command: string, waitMs?: number): Promise<Line> {
    this.#process.stdin!.write(`${command}\n`);
    return this.next<Line>(waitMs);
  }

  /** Resolves when it has ended by itself. */
  ended(): Promise<void> {
    return within(STOP_WAIT_MS, `${this.#name} did not end`, this.#ended);
  }

  /** Ends its input, takes its last line, and sees it gone. */
  async stop<Line>(): Promise<Line> {
    this.#process.stdin!.end();
    try {
      const last = await this.next<Line>(STOP_WAIT_MS);
      await this.ended();
      return last;
    } finally {
      this.kill();
    }
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

async function within<T>(waitMs: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: expected within ${waitMs} ms`)), waitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

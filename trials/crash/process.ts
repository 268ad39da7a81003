// One life of Bowline under trial: a process that is started, watched, asked and killed.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { KillPoint } from "./kill-points.ts";
import type { ChildLine, ChildStatus, Orders } from "./child-lines.ts";

const PROGRAM = join(import.meta.dirname, "bowline.ts");

export interface Ending {
  readonly at: number;
  readonly signal: string | null;
  readonly code: number | null;
  /** The point at which it killed itself. */
  readonly point: KillPoint | undefined;
}

export interface LifeOptions {
  readonly orders: Orders;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called for each line that it says. */
  readonly heard: (line: ChildLine) => void;
  /** It answers webhooks, and cleared its first record. */
  readonly onRecovered: (at: number) => void;
}

export class Life {
  readonly startedAt = Date.now();
  recoveredAt: number | undefined;
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  readonly #options: LifeOptions;
  readonly #asked: ((status: ChildStatus) => void)[] = [];
  #answersAt: number | undefined;
  #clearedAt: number | undefined;
  #point: KillPoint | undefined;

  constructor(options: LifeOptions) {
    this.#options = options;
    const { orders, environment } = options;
    this.#process = spawn(process.execPath, [...process.execArgv, PROGRAM, JSON.stringify(orders)], {
      env: environment,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: this.#process.stdout! });
    lines.on("line", (line) => this.#hear(line));
    this.#process.stdin!.on("error", () => {}); // it was killed while it was asked
    const read = new Promise<void>((resolve) => lines.once("close", resolve));
    const gone = new Promise<Omit<Ending, "point">>((resolve, reject) => {
      this.#process.once("error", reject);
      this.#process.once("exit", (code, signal) => resolve({ at: Date.now(), code, signal }));
    });
    this.ended = Promise.all([gone, read]).then(([ending]) => ({ ...ending, point: this.#point }));
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Ends its input, on which it stops in an orderly way. */
  stop(): void {
    this.#process.stdin!.end();
  }

  status(): Promise<ChildStatus> {
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#process.stdin!.write("status\n");
    });
  }

  #hear(text: string): void {
    const line = JSON.parse(text) as ChildLine;
    this.#options.heard(line);
    if (line.is === "ready") void this.#knock();
    else if (line.is === "at") this.#point = line.point;
    else if (line.is === "status") this.#asked.shift()?.(line);
    else if (line.is === "cleared") {
      this.#clearedAt = Date.now();
      this.#recovered();
    }
  }

  /** Does it really answer? */
  async #knock(): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.#options.orders.port}/health`).catch(() => undefined);
    await answer?.body?.cancel().catch(() => {});
    if (answer === undefined) return;
    this.#answersAt = Date.now();
    this.#recovered();
  }

  #recovered(): void {
    if (this.#answersAt === undefined || this.#clearedAt === undefined) return;
    this.recoveredAt = Math.max(this.#answersAt, this.#clearedAt);
    this.#options.onRecovered(this.recoveredAt);
  }
}

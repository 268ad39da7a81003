// One life of the process under load: started, told to rotate, killed, and watched.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { KillPoint } from "./kill-points.ts";
import type { Command, Line, Orders } from "./lines.ts";

const PROGRAM = join(import.meta.dirname, "loaded.ts");

export type Of<Is extends Line["is"]> = Extract<Line, { readonly is: Is }>;

export interface Ending {
  readonly signal: string | null;
  readonly code: number | null;
  readonly point: KillPoint | undefined;
}

export class Life {
  readonly ready: Promise<Of<"ready"> | undefined>;
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  #rotated = Promise.withResolvers<Of<"rotated"> | undefined>();
  #point: KillPoint | undefined;

  constructor(orders: Orders, heard: (line: Line) => void, compileCache: string) {
    this.#process = spawn(process.execPath, [...process.execArgv, PROGRAM, JSON.stringify(orders)], {
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process.stdin!.on("error", () => {}); // it was killed while it was told
    const lines = createInterface({ input: this.#process.stdout! });
    const ready = Promise.withResolvers<Of<"ready"> | undefined>();
    lines.on("line", (text) => {
      const line = JSON.parse(text) as Line;
      heard(line);
      if (line.is === "ready") ready.resolve(line);
      if (line.is === "at") this.#point = line.point;
      if (line.is === "rotated") this.#rotated.resolve(line);
    });
    this.ready = ready.promise;
    const read = new Promise<void>((resolve) => lines.once("close", resolve));
    const gone = new Promise<Omit<Ending, "point">>((resolve, reject) => {
      this.#process.once("error", reject);
      this.#process.once("exit", (code, signal) => resolve({ code, signal }));
    });
    this.ended = Promise.all([gone, read]).then(([ending]) => {
      ready.resolve(undefined);
      this.#rotated.resolve(undefined);
      return { ...ending, point: this.#point };
    });
  }

  /** What came of it; undefined: it ended before. */
  rotate(command: Command): Promise<Of<"rotated"> | undefined> {
    this.#rotated = Promise.withResolvers();
    this.#process.stdin!.write(`${JSON.stringify(command)}\n`);
    return this.#rotated.promise;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  stop(): void {
    this.#process.stdin!.end();
  }
}

// A process under trial, as the trial sees it: told what to do, heard, stopped, woken, and started again when it was killed.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { STOP_MS, type ChildLine, type Orders, type Task } from "./child-lines.ts";
import { isKill, type Plan } from "./plan.ts";

const PROGRAM = join(import.meta.dirname, "process-under-trial.ts");

export interface Counts {
  kills: number;
  stops: number;
}

export type Answer = Extract<ChildLine, { is: "token" | "lost" }>;

export class Process {
  readonly #orders: Orders;
  readonly #counts: Counts;
  /** What it has been told and has not answered. */
  readonly #tasks = new Map<string, { readonly task: Task; readonly answered: (answer: Answer) => void }>();
  #child: ChildProcess;
  #ready = Promise.withResolvers<void>();
  #closing = false;
  readonly #failed: (reason: string) => void;

  constructor(orders: Orders, counts: Counts, failed: (reason: string) => void) {
    this.#orders = orders;
    this.#counts = counts;
    this.#failed = failed;
    this.#child = this.#start();
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  perform(task: Task): Promise<Answer> {
    return new Promise((answered) => {
      this.#tasks.set(task.plan.connection, { task, answered });
      this.#tell(task);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGCONT");
    this.#child.kill("SIGKILL");
    await gone;
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [...process.execArgv, PROGRAM, JSON.stringify(this.#orders)], {
      env: { ...process.env, NODE_COMPILE_CACHE: join(this.#orders.folder, "..", "compiled") },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.on("error", () => {}); // it was killed while it was told
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(JSON.parse(line) as ChildLine));
    child.once("exit", (code, signal) => this.#ended(signal ?? String(code)));
    return child;
  }

  #tell(task: Task): void {
    this.#child.stdin?.write(`${JSON.stringify(task)}\n`);
  }

  #hear(line: ChildLine): void {
    if (line.is === "ready") return this.#ready.resolve();
    if (line.is === "at") return this.#reached(this.#tasks.get(line.connection)?.task.plan);
    const asked = this.#tasks.get(line.connection);
    this.#tasks.delete(line.connection);
    asked?.answered(line);
  }

  #reached(plan: Plan | undefined): void {
    if (plan === undefined || isKill(plan)) return;
    this.#counts.stops += 1;
    setTimeout(() => this.#child.kill("SIGCONT"), STOP_MS);
  }

  /** Killed: another takes its place and is told the same. */
  #ended(how: string): void {
    if (this.#closing) return;
    if (how !== "SIGKILL") return this.#failed(`a process ended by itself with ${how}`);
    this.#counts.kills += 1;
    this.#ready = Promise.withResolvers();
    this.#child = this.#start();
    for (const { task } of this.#tasks.values()) this.#tell(task);
  }
}

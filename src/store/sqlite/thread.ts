// The store in a thread of its own: the caller's thread only passes calls on. While the thread is busy calls gather here, and
// go over together, so that a message and a commit are shared by many.
import { Worker } from "node:worker_threads";
import { StoreError } from "../store.ts";
import { answer, type PerformCall, type WaitingCall } from "./calls.ts";
import { callToWire, errorFromWire, fromWire, type FromThread, type ToThread, type WireOutcome } from "./wire.ts";
import type { WorkerData } from "./worker.ts";

export interface StoreThread {
  readonly perform: PerformCall;
  close(): Promise<void>;
}

/** While one is performed the next is on its way, so that the thread never idles between two. */
const MESSAGES_UNDER_WAY_MAX = 2;

/** What the thread makes is short-lived: a small nursery keeps the process tens of megabytes smaller and no slower. */
const LIMITS = { maxYoungGenerationSizeMb: 8 } as const;
/** The process's own flags are not the thread's business: some, such as --input-type, keep it from starting. */
const NO_FLAGS: string[] = [];

export async function storeThread(data: WorkerData): Promise<StoreThread> {
  // The name of this file tells whether it runs as it was written or as it was compiled.
  const file = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js";
  const thread = new Thread(
    new Worker(new URL(file, import.meta.url), { workerData: data, resourceLimits: LIMITS, execArgv: NO_FLAGS }),
    data.path,
  );
  await thread.opened;
  return thread;
}

class Thread implements StoreThread {
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #opening = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #gathered: WaitingCall[] = [];
  #sent: WaitingCall[] = [];
  #messagesUnderWay = 0;
  #passing = false;
  #closing = false;
  #ended: Error | undefined;
  readonly #path: string;

  constructor(worker: Worker, path: string) {
    this.#worker = worker;
    this.#path = path;
    this.opened = this.#opening.promise;
    worker.on("message", (message: FromThread) => this.#hear(message));
    worker.on("error", (error) => this.#end(error));
    worker.on("exit", () => this.#end(undefined));
  }

  readonly perform: PerformCall = (call) =>
    new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#gathered.push({ call, resolve, reject });
      this.#passSoon();
    });

  close(): Promise<void> {
    this.#closing = true;
    this.#worker.ref();
    this.#pass(Infinity);
    if (this.#ended === undefined) this.#post({ close: true });
    return this.#closed.promise;
  }

  #passSoon(): void {
    if (this.#passing) return;
    this.#passing = true;
    // A server's requests come one by one in a turn: its end gathers them into one message.
    setImmediate(() => {
      this.#passing = false;
      this.#pass(MESSAGES_UNDER_WAY_MAX);
    });
  }

  #pass(underWayMax: number): void {
    if (this.#gathered.length === 0 || this.#messagesUnderWay >= underWayMax) return;
    const calls = this.#gathered;
    this.#gathered = [];
    if (this.#messagesUnderWay === 0) this.#worker.ref();
    this.#messagesUnderWay += 1;
    if (!this.#send(calls)) for (const call of calls) this.#send([call]);
    if (this.#sent.length === 0) this.#idle();
  }

  /** False: something in it cannot be cloned. A single such call is refused. */
  #send(calls: readonly WaitingCall[]): boolean {
    try {
      this.#post({ calls: calls.map(({ call }) => callToWire(call)) });
      this.#sent.push(...calls);
      return true;
    } catch (error) {
      if (calls.length === 1) calls[0]?.reject(error);
      return false;
    }
  }

  /** With nothing to answer, the thread does not keep the process alive. */
  #idle(): void {
    this.#messagesUnderWay = 0;
    if (!this.#closing) this.#worker.unref();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromThread): void {
    switch (message.is) {
      case "open":
        this.#worker.unref();
        this.#opening.resolve();
        break;
      case "refused":
        this.#opening.reject(errorFromWire(message.error));
        break;
      case "performed":
        this.#performed(message.outcomes);
        break;
      case "closed":
        this.#closed.resolve();
        break;
    }
  }

  /** One answer may be for several messages: the thread takes all that wait. */
  #performed(outcomes: readonly WireOutcome[]): void {
    const answered = this.#sent.slice(0, outcomes.length);
    this.#sent = this.#sent.slice(outcomes.length);
    this.#messagesUnderWay = 1;
    if (this.#sent.length === 0) this.#idle();
    this.#pass(MESSAGES_UNDER_WAY_MAX);
    outcomes.forEach((outcome, index) => {
      const call = answered[index];
      if (call !== undefined) answer(call, fromWire(outcome));
    });
  }

  /** The thread is gone: what was not answered may or may not be on the disk, as after any crash. */
  #end(cause: unknown): void {
    this.#ended ??= new StoreError("io", `could not use ${this.#path}: its thread ended; start again.`, { cause });
    this.#opening.reject(this.#ended);
    this.#closed.resolve();
    for (const { reject } of [...this.#sent, ...this.#gathered]) reject(this.#ended);
    this.#sent = [];
    this.#gathered = [];
  }
}

// Where measuring happens: a folder for what is written, the programs, and every process that was started, so that each is
// gone in the end whatever happened.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Child } from "./child.ts";
import { orderTemplate } from "./order.ts";
import { makePrograms, type ProgramName, type Programs } from "./programs.ts";
import { SECRET } from "./signature.ts";

export interface LoadReport {
  readonly events: number;
  readonly ok: number;
  readonly failed: number;
  readonly seconds: number;
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly cpuSeconds: number;
  readonly beganNs: string;
}

export interface TargetCounts {
  readonly posts: number;
  readonly orders: number;
  readonly invoices: number;
  readonly repeats: number;
  readonly duplicates: number;
  readonly errorsBefore: number;
  readonly errorsAfter: number;
  readonly throttled: number;
  readonly lastNs: string;
}

export interface Fake {
  readonly port: number;
  readonly url: string;
  kill(): void;
}

export interface SubjectReady {
  readonly port: number;
  readonly startedMs: number;
}

export interface SubjectEnd {
  readonly peakRssMb: number;
  readonly cpuSeconds: number;
  readonly stored?: number;
  readonly undone?: number;
}

type Flags = Readonly<Record<string, string | number>>;

export class Lab {
  readonly folder: string;
  readonly #children = new Set<Child>();
  #programs: Programs | undefined;
  #count = 0;

  constructor() {
    // Beside the project rather than in the system's temporary folder, which may be memory, where an fsync costs nothing.
    const data = join(dirname(import.meta.dirname), ".data");
    mkdirSync(data, { recursive: true });
    this.folder = mkdtempSync(join(data, "bench-"));
    writeFileSync(this.#template, orderTemplate());
  }

  async open(withoutC: boolean): Promise<void> {
    this.#programs = await makePrograms(this.folder, withoutC);
  }

  get writtenIn(): Programs["writtenIn"] {
    return this.#made.writtenIn;
  }

  close(): void {
    for (const child of this.#children) child.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A new empty folder for one subject's state. */
  newFolder(): string {
    const folder = join(this.folder, `state-${(this.#count += 1)}`);
    mkdirSync(folder);
    return folder;
  }

  async fake(name: "target" | "source", flags: Flags = {}): Promise<Fake> {
    const child = this.#start(name, name === "source" ? { "--template": this.#template, ...flags } : flags);
    const { port } = await child.next<{ port: number }>();
    return { port, url: `http://127.0.0.1:${port}`, kill: () => this.#end(child) };
  }

  async load(port: number, flags: Flags): Promise<LoadReport> {
    const child = this.#start("load", { "--port": port, "--template": this.#template, "--secret": SECRET, ...flags });
    const report = await child.next<LoadReport>();
    await child.ended();
    this.#children.delete(child);
    return report;
  }

  /** Sends events and tells when each was sent, in nanoseconds by order number. */
  async loadWithTimes(port: number, flags: Flags): Promise<LoadReport & { readonly sentNs: BigInt64Array }> {
    const path = join(this.folder, `log-${(this.#count += 1)}`);
    const report = await this.load(port, { ...flags, "--log": path });
    const pairs = new BigInt64Array(new Uint8Array(readFileSync(path)).buffer);
    return { ...report, sentNs: BigInt64Array.from({ length: pairs.length / 2 }, (_nothing, at) => pairs[at * 2]!) };
  }

  /** Starts what is measured: a file of this folder, run by this Node. */
  subject(file: string, settings: object, nodeFlags: readonly string[] = []): Child {
    const path = join(import.meta.dirname, file);
    return this.#add(new Child(file, process.execPath, [...nodeFlags, path, JSON.stringify(settings)]));
  }

  #start(name: ProgramName, flags: Flags): Child {
    const [program, ...words] = this.#made.command(name);
    return this.#add(new Child(name, program, [...words, ...Object.entries(flags).flat().map(String)]));
  }

  #add(child: Child): Child {
    this.#children.add(child);
    return child;
  }

  #end(child: Child): void {
    child.kill();
    this.#children.delete(child);
  }

  get #made(): Programs {
    if (this.#programs === undefined) throw new Error("could not start a program: expected the lab to be open");
    return this.#programs;
  }

  get #template(): string {
    return join(this.folder, "order.template");
  }
}

export async function countsOf(target: Fake): Promise<TargetCounts> {
  return (await (await fetch(`${target.url}/count`)).json()) as TargetCounts;
}

/** When each order first came, in nanoseconds by order number. */
export async function receivedNs(target: Fake): Promise<BigInt64Array> {
  return new BigInt64Array(await (await fetch(`${target.url}/receives`)).arrayBuffer());
}

// Runs some sequences drawn from one seed, as fast-check draws them; a failing one can be made as short as it can be.
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Plants } from "../../src/world/plant.ts";
import { operations, type Operation } from "./operations.ts";
import { sentence } from "./sentence.ts";
import { runSequence, type Ended, type Live, type Tally } from "./sequence.ts";
import { settings, type Setting } from "./setting.ts";

export interface Chunk {
  readonly seed: number;
  readonly sequences: number;
  /** Only this one of them. */
  readonly path?: string;
}

export interface Failure {
  /** With these two the same sequence comes again. */
  readonly seed: number;
  readonly path: string;
  readonly problems: readonly string[];
}

export interface ChunkEnded {
  readonly tallies: readonly Tally[];
  readonly failures: readonly Failure[];
  readonly trace: string;
}

const OPERATIONS_MAX = 60;

export interface RunChunk extends Chunk {
  readonly folder: string;
  readonly plants: Plants;
  /** Ends with the first failure. */
  readonly stopAtFailure: boolean;
}

export async function runChunk(chunk: RunChunk): Promise<ChunkEnded> {
  const { seed, sequences, path, stopAtFailure } = chunk;
  const tallies: Tally[] = [];
  const failures: Failure[] = [];
  const trace = createHash("sha256");
  let index = path === undefined ? 0 : Number(path);
  const property = fc.asyncProperty(settings, commands(), async (setting, drawn) => {
    if (stopAtFailure && failures.length > 0) return;
    const { problems, tally, trace: each } = await ended(setting, drawn, chunk);
    tallies.push(tally);
    trace.update(each);
    if (problems.length > 0) failures.push({ seed, path: String(index), problems });
    index += 1;
  });
  const parameters = path === undefined ? { numRuns: sequences } : { path, numRuns: 1 };
  const checked = await fc.check(property, { seed, ...parameters });
  if (checked.failed) throw checked.errorInstance;
  return { tallies, failures, trace: trace.digest("hex") };
}

export interface Shortened {
  readonly setting: Setting;
  readonly sentences: readonly string[];
  readonly problems: readonly string[];
  /** How often it was tried shorter. */
  readonly tries: number;
}

export interface Shorten {
  readonly folder: string;
  readonly plants: Plants;
  readonly withinMs: number;
}

/** The shortest sequence that still fails, found within a time; undefined: it does not fail any more. */
export async function shorten({ seed, path }: Failure, options: Shorten): Promise<Shortened | undefined> {
  const property = fc.asyncProperty(settings, commands(), async (setting, drawn) => {
    const { problems } = await ended(setting, drawn, options);
    if (problems.length > 0) throw new Failed(problems);
  });
  const checked = await fc.check(property, { seed, path, interruptAfterTimeLimit: options.withinMs });
  const { counterexample, errorInstance, numShrinks } = checked;
  if (counterexample === null || !(errorInstance instanceof Failed)) return undefined;
  const [setting, drawn] = counterexample;
  const done = [...drawn].map(String).filter((line) => line !== "");
  return { setting, sentences: done, problems: errorInstance.problems, tries: numShrinks };
}

class Failed extends Error {
  override readonly name = "Failed";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

type Drawn = Iterable<fc.AsyncCommand<object, Live>>;

function ended(setting: Setting, drawn: Drawn, where: Pick<RunChunk, "folder" | "plants">): Promise<Ended> {
  return runSequence({
    setting,
    folder: where.folder,
    plants: where.plants,
    run: (live) => fc.asyncModelRun(() => ({ model: {}, real: live }), drawn),
  });
}

function commands(): fc.Arbitrary<Drawn> {
  const each = operations.map((arbitrary) => arbitrary.map((operation) => new Doing(operation)));
  return fc.commands(each, { maxCommands: OPERATIONS_MAX, size: "max" });
}

/** An operation, as fast-check's commands are. */
export class Doing implements fc.AsyncCommand<object, Live> {
  readonly operation: Operation;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, live: Live): Promise<void> {
    await live.do(this.operation);
  }

  toString(): string {
    return sentence(this.operation);
  }
}

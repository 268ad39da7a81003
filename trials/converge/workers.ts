// A few processes that run chunks of sequences: which of them runs which makes no difference to what comes out.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PlantName } from "./options.ts";
import type { Chunk, ChunkEnded, Failure, Shortened } from "./run-chunk.ts";

interface AskedAlways {
  readonly plant: PlantName | undefined;
  readonly stopAtFailure: boolean;
}

/** What a worker is told to do. */
export type Asked = AskedAlways &
  (
    | { readonly do: "run"; readonly chunk: Chunk }
    | { readonly do: "shorten"; readonly failure: Failure; readonly withinMs: number }
  );

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

export interface RunAll extends AskedAlways {
  readonly chunks: readonly Chunk[];
  readonly workers: number;
  readonly onChunk: (ended: ChunkEnded) => void;
  /** No more chunks are begun once this says so. */
  readonly isEnough: () => boolean;
}

/** What came of the chunks, in their order; those that were not begun are missing at the end. */
export async function runAll({
  chunks,
  workers,
  onChunk,
  isEnough,
  ...always
}: RunAll): Promise<readonly ChunkEnded[]> {
  const ended: ChunkEnded[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const child = start();
    try {
      while (next < chunks.length && !isEnough()) {
        const index = next;
        next += 1;
        const chunk = chunks[index] as Chunk;
        ended[index] = (await ask(child, { do: "run", chunk, ...always })) as ChunkEnded;
        onChunk(ended[index]);
      }
    } finally {
      child.disconnect();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, chunks.length) }, work));
  return ended.filter((one) => one !== undefined);
}

export async function shortenOne(failure: Failure, plant: PlantName | undefined, withinMs: number) {
  const child = start();
  try {
    return (await ask(child, { do: "shorten", failure, withinMs, plant, stopAtFailure: true })) as
      | Shortened
      | undefined;
  } finally {
    child.disconnect();
  }
}

function start(): ChildProcess {
  return fork(fileURLToPath(new URL("worker.ts", import.meta.url)), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

async function ask(child: ChildProcess, asked: Asked): Promise<unknown> {
  child.send(asked);
  const died = once(child, "exit").then(([code]) => Promise.reject(new Error(`a worker ended with ${String(code)}`)));
  died.catch(() => undefined);
  const [message] = (await Promise.race([once(child, "message"), died])) as readonly unknown[];
  const answer = message as Answer;
  if (answer.error !== undefined) throw new Error(`a worker failed: ${answer.error}`);
  return answer.value;
}

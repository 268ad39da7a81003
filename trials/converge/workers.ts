// A few processes that run chunks of sequences: which of them runs which makes no difference to what comes out.
import { fork } from "node:child_process";
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
    const worker = start();
    try {
      while (next < chunks.length && !isEnough()) {
        const index = next;
        next += 1;
        const chunk = chunks[index] as Chunk;
        ended[index] = (await worker.ask({ do: "run", chunk, ...always })) as ChunkEnded;
        onChunk(ended[index]);
      }
    } finally {
      worker.end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, chunks.length) }, work));
  return ended.filter((one) => one !== undefined);
}

export async function shortenOne(failure: Failure, plant: PlantName | undefined, withinMs: number) {
  const worker = start();
  try {
    return (await worker.ask({ do: "shorten", failure, withinMs, plant, stopAtFailure: true })) as
      | Shortened
      | undefined;
  } finally {
    worker.end();
  }
}

interface Worker {
  ask(asked: Asked): Promise<unknown>;
  end(): void;
}

function start(): Worker {
  const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const answers: ((answer: Answer) => void)[] = [];
  child.on("message", (answer) => answers.shift()?.(answer as Answer));
  child.on("exit", (code) => {
    for (const tell of answers.splice(0)) tell({ error: `it ended with ${code}` });
  });
  return {
    async ask(asked) {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      answers.push(resolve);
      child.send(asked);
      const { error, value } = await promise;
      if (error !== undefined) throw new Error(`a worker failed: ${error}`);
      return value;
    },
    end: () => child.disconnect(),
  };
}

// A process that runs sequences for the trial, chunk by chunk, as it is told to.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChunk, shorten } from "./run-chunk.ts";
import type { Asked } from "./workers.ts";

/** Files in memory, where the machine has such a place: the disk's patience is another trial's. */
const MEMORY_FOLDER = "/dev/shm";

const folder = await mkdtemp(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), "bowline-converge-"));

process.on("message", (asked: Asked) => void answer(asked));
// Whoever asked is gone or has no more questions.
process.on("disconnect", () => void rm(folder, { recursive: true, force: true }).then(() => process.exit(0)));

async function answer(asked: Asked): Promise<void> {
  try {
    const { plant, stopAtFailure } = asked;
    const plants = new Set(plant === undefined ? [] : [plant]);
    const value =
      asked.do === "run"
        ? await runChunk({ ...asked.chunk, folder, plants, stopAtFailure })
        : await shorten(asked.failure, { folder, plants, withinMs: asked.withinMs });
    process.send?.({ value });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

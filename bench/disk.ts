// What one fsync costs on the disk that is written to: without it, figures of two machines cannot be compared.
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { median } from "./statistics.ts";

const ROUNDS = 100;
const BYTES = Buffer.alloc(16_384, 1);

/** The median time of writing 16 KiB behind a file's end and forcing it out, in milliseconds. */
export function fsyncMs(folder: string): number {
  const file = openSync(join(folder, "fsync"), "w");
  const times = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    writeSync(file, BYTES);
    fdatasyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  return median(times);
}

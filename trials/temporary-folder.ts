// A folder for files of state in memory, where the machine has such a place: the disk's patience is another trial's.
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY_FOLDER = "/dev/shm";

export function temporaryFolder(trial: string): Promise<string> {
  return mkdtemp(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), `bowline-${trial}-`));
}

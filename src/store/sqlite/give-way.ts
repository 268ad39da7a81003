// Lets this thread give way to the others of its process where they want the same core: whoever feeds the store goes first, and what
// it gathers meanwhile shares a commit (decision 15).
import { readlinkSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

/** Niceness beside the other threads': a tenth of their share of a core that both want, all of one that nobody else wants. */
const NICER_BY = 10;

/** Only Linux weighs the threads of a process by themselves; elsewhere, and where it is not allowed, nothing changes. */
export function giveWay(): void {
  try {
    const [owner, , thread] = readlinkSync("/proc/thread-self").split("/");
    // Another process's names for them would be those of strangers.
    if (owner !== String(process.pid)) return;
    const id = Number(thread);
    setPriority(id, Math.min(constants.priority.PRIORITY_LOW, getPriority(id) + NICER_BY));
  } catch {
    return;
  }
}

// What is measured runs in a process of its own, so that its peak memory and processor time are its alone. It takes its
// settings as one JSON argument, answers each line on standard input with a line of JSON, and ends when the input ends.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export interface Subject {
  /** Said when it is ready, such as its port. */
  readonly ready: object;
  command?(name: string): Promise<object>;
  /** Stops and says what the bench should know in the end. */
  stop(): Promise<object>;
}

export async function runSubject<Settings>(start: (settings: Settings) => Promise<Subject>): Promise<void> {
  const subject = await start(JSON.parse(process.argv[2] ?? "{}") as Settings);
  say({ ...subject.ready, startedMs: Math.round(process.uptime() * 1000) });
  for await (const name of createInterface({ input: process.stdin })) say((await subject.command?.(name)) ?? {});
  const usage = process.cpuUsage();
  const facts = await subject.stop();
  say({ ...facts, peakRssMb: peakRssMb(), cpuSeconds: (usage.user + usage.system) / 1e6 });
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The most memory this process ever held. `maxRSS` alone would count what the parent held when it forked us. */
function peakRssMb(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}

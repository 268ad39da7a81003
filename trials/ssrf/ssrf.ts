// The trial `ssrf`: every way of writing an address that must not be called is tried in a process that is watched from
// outside; not one of them may make it connect.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOptions } from "../options.ts";
import type { Trial } from "../trial.ts";
import { connectsIn, hasStrace, underStrace } from "./observer.ts";
import { CONTROLS, PLANTS, type Orders, type Plant, type Told } from "./orders.ts";
import { sentinel } from "./sentinel.ts";

const USAGE = `ssrf [--plant NAME] [--json]
  --plant  plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --seed   taken and not needed: every spelling is tried
  --json   the last line of standard output is one JSON object`;

const TRIALS_MIN = 400;
const EXAMPLES_MAX = 12;

export const ssrf: Trial = {
  name: "ssrf",
  shows: "addresses that must not be called, in every spelling: the process never connects, seen from outside",
  usage: USAGE,
  async run(words) {
    const { plant, json } = readOptions(words, 0, { plants: PLANTS });
    const say = (line: string): void => void process.stderr.write(`ssrf: ${line}\n`);
    const began = Date.now();
    const { told, forbidden, controls, observer } = await watch(plant);
    const problems = [...new Set(forbidden)].map((address) => `connected to ${address}`);
    problems.push(...told.answered.map((spelling) => `answered: ${spelling}`));
    if (told.trials < TRIALS_MIN && plant === undefined)
      problems.push(`not exercised: ${told.trials} trials, wanted ${TRIALS_MIN}`);
    if (told.controls !== CONTROLS || controls < CONTROLS) {
      problems.push(`not seen: ${CONTROLS} calls of an allowed address, of which ${controls} were seen`);
    }
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    say(problems.length === 0 ? "held" : "did not hold");
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    const figures = { trials: told.trials, connects: forbidden.length, controls, observer, kinds: told.kinds };
    const shown = { ...figures, plant: plant ?? null, seconds };
    process.stdout.write(`${json ? JSON.stringify(shown) : JSON.stringify(shown, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

interface Watched {
  readonly told: Told;
  readonly forbidden: readonly string[];
  readonly controls: number;
  readonly observer: "strace and listeners" | "listeners";
}

async function watch(plant: Plant | undefined): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-ssrf-"));
  const listening = await sentinel();
  try {
    const orders: Orders = { port: listening.port, ...(plant === undefined ? {} : { plant }) };
    const child = [process.execPath, fileURLToPath(new URL("./child.ts", import.meta.url)), JSON.stringify(orders)];
    const trace = join(folder, "trace");
    const isTraced = hasStrace();
    const told = JSON.parse(await outputOf(isTraced ? underStrace(trace, child) : child)) as Told;
    const seen = isTraced ? connectsIn(await readFile(trace, "utf8")) : { forbidden: [], controls: listening.controls };
    return {
      told,
      forbidden: [...seen.forbidden, ...listening.reached],
      controls: Math.min(seen.controls, listening.controls),
      observer: isTraced ? "strace and listeners" : "listeners",
    };
  } finally {
    listening.close();
    await rm(folder, { recursive: true });
  }
}

async function outputOf([command = "", ...args]: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`could not try the spellings: expected the process to end with 0, got ${code}`);
  return output;
}

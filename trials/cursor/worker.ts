// The thread of the trial's worlds.
import { runWorlds } from "../worlds-worker.ts";
import { runSeed } from "./run-seed.ts";

await runWorlds(runSeed);

// Bowline under trial: the engine as `bowline start` runs it, with its log where the trial reads it.
import { join } from "node:path";
import { loadProject } from "../../src/cli/load-project.ts";
import { logTo } from "../../src/cli/log.ts";
import { realShell } from "../../src/cli/shell.ts";
import { openEngine } from "../../src/engine.ts";
import type { Plant } from "../../src/world/plant.ts";

const [folder = "", plant = ""] = process.argv.slice(2);
const { project, dataPath } = await loadProject(folder, join(folder, "bowline.config.ts"));
const plants = new Set<Plant>(plant === "" ? [] : [plant as Plant]);
const engine = await openEngine({ project, dataPath, plants, log: logTo(realShell()) });
await engine.start();
process.stdout.write(`ready ${engine.url}\n`);
process.stdin.resume();
process.stdin.once("end", () => void engine.stop().then(() => process.exit(0)));

// Makes the package: compiles src and connectors to dist with their types, puts the files that are not code beside them,
// and makes the command executable. Users' projects run on this JavaScript; nothing here runs from it.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const TEMPLATE = join("src", "cli", "template");
/** Whole folders that are taken as they are, code and all. */
const AS_THEY_ARE = [TEMPLATE, "dashboard"];
/** What else stands beside code and is read when it runs: pages, styles, SQL. */
const ASSET = /\.(html|css|svg|png|ico|sql|json|js|mjs)$/;

rmSync(dist, { recursive: true, force: true });
compile();
for (const folder of AS_THEY_ARE) copyFolder(folder);
for (const folder of ["src", "connectors"]) copyAssets(folder);
chmodSync(join(dist, "src", "cli", "main.js"), 0o755);

function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  process.stderr.write("build: could not compile: the messages are above\n");
  process.exit(1);
}

function copyFolder(folder) {
  if (!existsSync(join(root, folder))) return;
  cpSync(join(root, folder), join(dist, folder), { recursive: true, filter: (path) => !path.includes("node_modules") });
}

function copyAssets(folder) {
  for (const path of readdirSync(join(root, folder), { recursive: true })) {
    const from = join(folder, path);
    const isAsset = ASSET.test(from) && !from.startsWith(TEMPLATE) && statSync(join(root, from)).isFile();
    if (isAsset) cpSync(join(root, from), join(dist, from));
  }
}

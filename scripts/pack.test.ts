// The package as users get it: packed, installed into an empty folder, and a new project run on its compiled JavaScript.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGES_MAX = 40;
const COMMAND_MS_MAX = 120_000;
const NPM_QUIETLY = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error", "--omit=dev"];

let folder = "";
let tarball = "";

/** Node 24 first on the path, as for a user who has it; nothing of this test runner. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, ...rest } = process.env;
  return { ...rest, PATH: `${dirname(process.execPath)}${delimiter}${rest["PATH"] ?? ""}`, NO_COLOR: "1" };
}

async function run(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd, env: environment(), timeout: COMMAND_MS_MAX, shell: process.platform === "win32" };
  try {
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`could not run ${command} ${args.join(" ")}: ${String(error)}\n${stdout}\n${stderr}`, {
      cause: error,
    });
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bowline-pack-"));
  await run(root, process.execPath, "scripts/build.mjs");
  const packed = await run(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  tarball = join(folder, filename);
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  await run(folder, "npm", "install", ...NPM_QUIETLY, tarball);
  await run(folder, "npx", "--no-install", "bowline", "init", "demo");
  await run(join(folder, "demo"), "npm", "install", ...NPM_QUIETLY);
});

after(() => rm(folder, { recursive: true, force: true }));

test(`what users install is at most ${PACKAGES_MAX} packages, none of which runs a script`, async () => {
  const lock = JSON.parse(await readFile(join(folder, "node_modules", ".package-lock.json"), "utf8")) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const packages = Object.entries(lock.packages);
  assert.ok(packages.length <= PACKAGES_MAX, `${packages.length} packages`);
  assert.deepEqual(
    packages.flatMap(([name, { hasInstallScript }]) => (hasInstallScript === true ? [name] : [])),
    [],
  );
});

test("the package holds what runs and what its users read, and nothing else", async () => {
  const listed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  const strangers = listed.filter(
    (path) => !/^package\/(dist\/|package\.json$|docs\/[\w-]+\.md$|README\.md$|CHANGELOG\.md$|LICENSE$)/.test(path),
  );
  assert.deepEqual(strangers, []);
  const outside = listed.filter((path) => !path.includes("/cli/template/"));
  assert.deepEqual(
    outside.filter((path) => /\.test\.|\/testing\/|(?<!\.d)\.ts$/.test(path)),
    [],
  );
});

test("a new project settles on compiled JavaScript", async () => {
  const out = await run(join(folder, "demo"), "npm", "start", "--silent", "--", "--settle", "--json");
  const status = JSON.parse(out) as { settled: boolean; syncs: readonly { sync: string; links: number }[] };
  assert.equal(status.settled, true);
  assert.ok(status.syncs.every(({ links }) => links > 0));
});

test("a new project's own test passes", async () => {
  await run(join(folder, "demo"), "npm", "test");
});

test("a new project's rules are checked against the package's types", async () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const types = ["--typeRoots", join(root, "node_modules", "@types")];
  const demo = join(folder, "demo");
  await run(demo, process.execPath, tsc, "-p", demo, ...types);
  const config = await readFile(join(demo, "bowline.config.ts"), "utf8");
  await writeFile(join(demo, "bowline.config.ts"), config.replace(").orOmit()", ")"));
  await assert.rejects(run(demo, process.execPath, tsc, "-p", demo, ...types), /error TS/);
  await writeFile(join(demo, "bowline.config.ts"), config);
});

test("a Node that is too old is told what to do", async (t) => {
  const old = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => isOld(path));
  if (old === undefined) return t.skip("there is no older Node on this machine");
  const main = join(root, "dist", "src", "cli", "main.js");
  await assert.rejects(run(folder, old, main, "--version"), /expected Node 24\.15 or newer and found \d+/);
});

function isOld(path: string): boolean {
  try {
    const version = execFileSync(path, ["--version"], { encoding: "utf8" });
    return Number(/^v(\d+)/.exec(version)?.[1] ?? 99) < 24;
  } catch {
    return false;
  }
}

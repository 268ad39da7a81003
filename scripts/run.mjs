// The one way in for every npm script: on a machine with only some Node (20 or newer) and npm it installs what is
// missing from the lockfiles, finds Node 24, says what it does, and runs the command there. Plain JavaScript that
// imports only Node itself, because it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_WANTED = [24, 15];

/** Files with this ending, below these folders, in a stable order. */
function filesEnding(ending, folders) {
  const found = [];
  const walk = (folder) => {
    if (!existsSync(folder)) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === "node_modules" || entry.name === "dist") continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith(ending)) found.push(path);
    }
  };
  for (const folder of folders) walk(join(root, folder));
  return found.sort((one, other) => (one < other ? -1 : 1));
}

const TESTED = ["src", "connectors", "examples", "trials", "bench", "scripts"];
const bin = (name) => join(root, "node_modules", ".bin", name);
const testFiles = () => [...filesEnding(".test.ts", TESTED), ...filesEnding(".verify.ts", ["verifiers"])];
/** By itself Node leaves one core free, which is half of a small machine. */
const atOnce = `--test-concurrency=${availableParallelism()}`;
const nodeTest = (args) => [
  "node",
  ["--test", atOnce, "--test-reporter=spec", ...(args.length > 0 ? args : testFiles())],
];

/** The program of an example; ends here when there is none of that name. */
function exampleNamed(name) {
  const names = readdirSync(join(root, "examples")).filter((one) => existsSync(join(root, "examples", one, "main.ts")));
  if (names.includes(name)) return `examples/${name}/main.ts`;
  say(`there is no example ${name ?? "(none was named)"}: expected one of ${names.join(", ")}`);
  process.exit(2);
}

/** Each command: which packages it needs, and the steps it runs in order. */
const COMMANDS = {
  start: { packages: ["."], steps: (args) => [["node", ["examples/shop-to-books/main.ts", ...args]]] },
  example: { packages: ["."], steps: ([name, ...args]) => [["node", [exampleNamed(name), ...args]]] },
  test: { packages: [".", "verifiers"], steps: (args) => [nodeTest(args)] },
  types: { packages: ["."], steps: () => [[bin("tsc"), []]] },
  lint: {
    packages: ["."],
    steps: (args) => [
      [bin("oxlint"), ["--type-aware", ...(args.length > 0 ? args : [])]],
      [bin("oxfmt"), ["--check", ...(args.length > 0 ? args : [])]],
    ],
  },
  ok: {
    packages: [".", "verifiers"],
    steps: (args) => [
      ...COMMANDS.types.steps([]),
      ...COMMANDS.lint.steps([]),
      nodeTest(args),
      ["node", ["examples/shop-to-books/main.ts", "--settle"]],
      ["node", ["examples/crm-and-marketing/main.ts", "--settle"]],
    ],
  },
  trial: { packages: ["."], steps: (args) => [["node", ["trials/main.ts", ...args]]] },
  bench: { packages: ["."], steps: (args) => [["node", ["bench/main.ts", ...args]]] },
  bowline: { packages: ["."], steps: (args) => [["node", ["src/cli/main.ts", ...args]]] },
  build: { packages: ["."], steps: () => [["node", ["scripts/build.mjs"]]] },
};

/** Says what is happening on standard error, so that `--json` on standard output stays clean. */
const say = (line) => process.stderr.write(`bowline: ${line}\n`);

/** Installs a package folder from its lockfile, unless what is there already came from this very lockfile. */
function install(folder) {
  const at = join(root, folder);
  const lock = createHash("sha256")
    .update(readFileSync(join(at, "package-lock.json")))
    .digest("hex");
  const stamp = join(at, "node_modules", ".bowline-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  say(`installing ${folder === "." ? "the dependencies" : folder} from ${join(folder, "package-lock.json")}`);
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: at,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    say(
      `could not install ${folder}: npm ci ended with ${npm.status ?? npm.signal ?? npm.error}. Its message is above.`,
    );
    process.exit(1);
  }
  mkdirSync(join(at, "node_modules"), { recursive: true });
  writeFileSync(stamp, lock);
}

const isNewEnough = ([major, minor]) => major > NODE_WANTED[0] || (major === NODE_WANTED[0] && minor >= NODE_WANTED[1]);

/** The Node that runs our TypeScript: this one when it is new enough, else the one of the runtime package. */
function findNode() {
  if (isNewEnough(process.versions.node.split(".").map(Number))) return process.execPath;
  say(
    `this is Node ${process.versions.node}; ${NODE_WANTED.join(".")} or newer is needed, so it comes from the runtime package`,
  );
  install("runtime");
  const modules = join(root, "runtime", "node_modules");
  for (const name of existsSync(modules) ? readdirSync(modules) : []) {
    const path = join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node");
    if (existsSync(path)) return path;
  }
  say(
    `no Node for ${process.platform} ${process.arch} is packaged: install Node ${NODE_WANTED.join(".")} or newer and run this again`,
  );
  process.exit(1);
}

/** What Node makes of our TypeScript is kept, so that each of the many processes of a test run need not make it again. */
const COMPILED = join(root, "node_modules", ".cache", "compiled");

function run(node, [program, args]) {
  const { PATH, NODE_COMPILE_CACHE = COMPILED } = process.env;
  const environment = { ...process.env, PATH: dirname(node) + delimiter + PATH, NODE_COMPILE_CACHE };
  return new Promise((resolve) => {
    const child = spawn(program === "node" ? node : program, args, { cwd: root, stdio: "inherit", env: environment });
    // A terminal's Ctrl-C reaches the child by itself; told twice, it would not end in order.
    process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", (error) => {
      say(`could not run ${program}: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  say(`there is no command ${name ?? "(none)"}: expected one of ${Object.keys(COMMANDS).join(", ")}`);
  process.exit(2);
}
const node = findNode();
for (const folder of command.packages) install(folder);
for (const step of command.steps(args)) {
  const code = await run(node, step);
  if (code !== 0) process.exit(code);
}

// `bowline init` writes a project that works: its own test passes against the simulators.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { packageFolder } from "../package-version.ts";
import { runIn } from "./testing/simulated-project.ts";
import { testShell } from "./testing/test-shell.ts";

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-init-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("the project has all its files, its name, and the Bowline that it was given", async (t) => {
  const folder = await emptyFolder(t);
  const { exitCode, json } = await runIn(testShell({ folder }), [
    "init",
    "My Shop",
    "--from",
    packageFolder(),
    "--json",
  ]);
  assert.equal(exitCode, 0);
  assert.deepEqual((json as { files: readonly string[] }).files, [
    ".env",
    ".gitignore",
    "README.md",
    "bowline.config.ts",
    "orders-to-invoices.test.ts",
    "package.json",
    "simulators.ts",
    "tsconfig.json",
  ]);
  const written = JSON.parse(await readFile(join(folder, "My Shop", "package.json"), "utf8")) as {
    name: string;
    dependencies: Record<string, string>;
  };
  assert.equal(written.name, "my-shop");
  assert.deepEqual(written.dependencies, { bowline: `file:${packageFolder()}` });
  assert.match(await readFile(join(folder, "My Shop", "bowline.config.ts"), "utf8"), /^  name: "my-shop",$/m);
});

test("a folder that holds something is left alone", async (t) => {
  const folder = await emptyFolder(t);
  await mkdir(join(folder, "demo", "src"), { recursive: true });
  const { exitCode, err } = await runIn(testShell({ folder }), ["init", "demo", "--from", packageFolder()]);
  assert.equal(exitCode, 2);
  assert.match(err, /expected an empty folder/);
});

test("a repository says that it has to be packed first, and writes nothing", async (t) => {
  const folder = await emptyFolder(t);
  const { exitCode, err } = await runIn(testShell({ folder }), ["init", "demo"]);
  assert.equal(exitCode, 2);
  assert.match(err, /"npm pack", then add --from bowline-[\d.]+tgz/);
  assert.deepEqual(await readdir(folder), []);
});

test("--from takes a package that is not published", async (t) => {
  const folder = await emptyFolder(t);
  const missing = await runIn(testShell({ folder }), ["init", "demo", "--from", "nothing.tgz"]);
  assert.equal(missing.exitCode, 2);
});

test("the project's own test passes", async (t) => {
  const folder = await emptyFolder(t);
  await runIn(testShell({ folder }), ["init", "demo", "--from", packageFolder()]);
  await mkdir(join(folder, "demo", "node_modules"));
  await symlink(packageFolder(), join(folder, "demo", "node_modules", "bowline"), "dir");
  // In the repository the package's names lead to its source.
  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env;
  const child = spawn(process.execPath, ["--conditions=bowline-source", "--test"], {
    cwd: join(folder, "demo"),
    env: environment,
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const [code] = await once(child, "close");
  assert.equal(code, 0, out);
});

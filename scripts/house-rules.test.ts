// House rules that a linter lacks; each message names the fix.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

async function sources(pattern: string): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const path of glob(pattern, {
    cwd: root,
    exclude: (name) => name === "node_modules" || name === "dist",
  })) {
    files.push({ path, lines: readFileSync(join(root, path), "utf8").split("\n") });
  }
  assert.ok(files.length > 0, `no file matches ${pattern}: mend the pattern`);
  return files.sort((a, b) => a.path.localeCompare(b.path));
}

/** Lines outside comments that match, as "path:line". */
function places(files: readonly SourceFile[], forbidden: RegExp): readonly string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) =>
      !/^\s*(\/\/|\*|\/\*)/.test(line) && forbidden.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
    ),
  );
}

const isTest = (path: string): boolean => /\.test\.ts$|\/test-|\/testing\/|-child\.ts$/.test(path);

test("nothing below engine.ts takes time, randomness or the network for itself", async () => {
  const files = [...(await sources("src/**/*.ts")), ...(await sources("connectors/**/*.ts"))].filter(
    ({ path }) =>
      !isTest(path) &&
      path !== "src/engine.ts" &&
      !["src/world/real.ts", "src/world/http-network.ts", "src/rehearse/simulators.ts"].includes(path) &&
      !path.startsWith("src/cli/"),
  );
  const found = places(
    files,
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|(?<![.\w])setTimeout\(|(?<![.\w])setInterval\(|(?<![.\w])fetch\((?!request: Request)|\brandomUUID\(|\bperformance\.now\(/,
  );
  assert.deepEqual(found, [], "take a Clock, Random or Network from src/world/world.ts as an argument instead");
});

test("SQL stands only below src/store", async () => {
  const files = (await sources("src/**/*.ts")).filter(({ path }) => !path.startsWith("src/store/") && !isTest(path));
  const found = places(files, /\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b/);
  assert.deepEqual(found, [], "add a method to src/store/store.ts and write the statement below src/store");
});

test("nobody outside the store asks which engine of SQL it is", async () => {
  const files = (await sources("src/**/*.ts")).filter(
    ({ path }) => !path.startsWith("src/store/") && path !== "src/engine.ts" && !isTest(path),
  );
  const found = places(files, /store\/sqlite|node:sqlite/);
  assert.deepEqual(found, [], "use the Store interface; only engine.ts chooses the engine");
});

test("only syntax that Node can strip, and no enum", async () => {
  const files = [...(await sources("src/**/*.ts")), ...(await sources("connectors/**/*.ts"))];
  const found = places(files, /^\s*(export\s+)?(const\s+)?(enum|namespace)\s+\w+/);
  assert.deepEqual(found, [], "use a union of strings, or a module");
});

test("no test sleeps", async () => {
  const files = [...(await sources("src/**/*.test.ts")), ...(await sources("connectors/**/*.ts"))].filter(({ path }) =>
    isTest(path),
  );
  const found = places(files, /timers\/promises|setTimeout\(/);
  assert.deepEqual(found, [], "advance a VirtualClock, or wait for a named signal");
});

test("imports go one way", async () => {
  const below: Readonly<Record<string, readonly string[]>> = {
    "src/world/": ["world"],
    "src/define/": ["define", "mapping"],
    "src/mapping/": ["mapping", "define"],
    "src/call/": ["call", "define", "store", "world", "auth"],
    "src/auth/": ["auth", "call", "define", "store", "world"],
    "src/observe/": ["observe", "call", "define", "mapping", "store", "world"],
    "src/reconcile/": ["reconcile", "observe", "call", "define", "mapping", "store", "world"],
    "src/store/": ["store", "world"],
    "src/rehearse/": ["rehearse", "world", "define"],
  };
  const found: string[] = [];
  for (const { path, lines } of await sources("src/**/*.ts")) {
    const rule = Object.entries(below).find(([folder]) => path.startsWith(folder));
    if (rule === undefined || isTest(path) || path.endsWith("exam.ts")) continue;
    for (const [index, line] of lines.entries()) {
      const target = /from "(\.[^"]+)"/.exec(line)?.[1];
      if (target === undefined) continue;
      const folder = relative(join(root, "src"), join(root, dirname(path), target)).split("/")[0] ?? "";
      if (!rule[1].includes(folder)) found.push(`${path}:${index + 1} imports ${target}`);
    }
  }
  assert.deepEqual(found, [], "turn the dependency round, or pass what is needed as an argument");
});

test("a connector knows the definitions, and nothing of the engine", async () => {
  const found: string[] = [];
  for (const { path, lines } of await sources("connectors/**/*.ts")) {
    if (isTest(path)) continue;
    for (const [index, line] of lines.entries()) {
      const target = /from "((?:\.\.\/)+src\/[^"]+)"/.exec(line)?.[1];
      if (target !== undefined && !/src\/(define|world|rehearse|mapping)\//.test(target)) {
        found.push(`${path}:${index + 1} imports ${target}`);
      }
    }
  }
  assert.deepEqual(
    found,
    [],
    "connectors import only src/define, src/world, src/mapping and (simulators) src/rehearse",
  );
});

test("nothing names a registry host or a private path", async () => {
  const files = [...(await sources("**/*.ts")), ...(await sources("**/*.mjs")), ...(await sources("**/*.md"))];
  const found = places(files, new RegExp(["registry\\.npm" + "js", "/wo" + "rk/", "/ro" + "ot/"].join("|")));
  assert.deepEqual(found, [], "leave the host or path out");
});

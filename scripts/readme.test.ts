// What the pages say is there: links lead to files, and the sync that README shows compiles as it stands.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { membersOf } from "./members-of.ts";

const root = join(import.meta.dirname, "..");

test("the sync on README's first screen compiles", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const shown = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  assert.ok(shown !== undefined, "README shows no sync any more: show one, or take this test away");
  const folder = mkdtempSync(join(root, "examples", "shop-to-books", ".readme-"));
  try {
    const sync = shown
      .replace('"bowline"', '"../../../src/index.ts"')
      .replace('"./connections.ts"', '"../connections.ts"')
      .replace('"./syncs/customers.ts"', '"../syncs/customers.ts"');
    writeFileSync(join(folder, "sync.ts"), sync);
    const options = { extends: "../../../tsconfig.json", include: ["sync.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
    const tsc = spawnSync(join(root, "node_modules", ".bin", "tsc"), ["-p", folder], { encoding: "utf8" });
    assert.notEqual(tsc.status, null, "tsc did not run");
    assert.deepEqual(
      tsc.stdout.split("\n").filter((line) => line.includes(".readme-")),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every link of a page to a file leads to one", () => {
  const pages = globSync("**/*.md", { cwd: root, exclude: (name) => name === "node_modules" || name === "dist" });
  assert.ok(pages.includes("ARCHITECTURE.md"));
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, [], "mend the link, or take it away");
});

test("the page of alerts names every metric, and none that is not told", () => {
  const namesIn = (path: string): readonly string[] => [
    ...new Set(readFileSync(join(root, path), "utf8").match(/\b(?:bowline|process)_[a-z]\w+/g)),
  ];
  const told = namesIn("src/server/metrics.ts");
  assert.ok(told.length > 20, `only ${told.length} names were found: mend how they are`);
  assert.deepEqual(namesIn("docs/alerts.md").toSorted(), told.toSorted(), "say in docs/alerts.md what it means");
});

test("the page of syncs names every option of a sync and of the project, every tool and every converter", () => {
  const page = readFileSync(join(root, "docs", "syncs.md"), "utf8");
  const exported = [
    ...readFileSync(join(root, "src/index.ts"), "utf8").matchAll(
      /export \{([^}]+)\} from "[^"]*\/(?:mapping|match-as|two-way-rules)[^"]*"/g,
    ),
  ]
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
  const names = [
    ...membersOf("src/define/define-sync.ts", "SyncOptions"),
    ...membersOf("src/define/define-two-way-sync.ts", "TwoWaySyncOptions"),
    ...membersOf("src/define/define-config.ts", "ProjectOptions"),
    ...membersOf("src/define/config.ts", "ProjectLimits"),
    ...membersOf("src/mapping/tools.ts", "Tools"),
    ...exported,
  ];
  assert.ok(names.length > 40, `only ${names.length} names were found: mend how they are`);
  assert.deepEqual(
    [...new Set(names)].filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b`).test(page)),
    [],
    "say in docs/syncs.md what it does",
  );
});

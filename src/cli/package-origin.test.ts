import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { packageFolder } from "../package-version.ts";
import { packageOrigin } from "./package-origin.ts";

function installedFrom(t: TestContext, resolved: string): string {
  const project = mkdtempSync(join(tmpdir(), "bowline-origin-"));
  t.after(() => rmSync(project, { recursive: true }));
  mkdirSync(join(project, "node_modules"));
  const lock = { packages: { "node_modules/bowline": { version: "0.1.0", resolved } } };
  writeFileSync(join(project, "node_modules", ".package-lock.json"), JSON.stringify(lock));
  return project;
}

test("what npm installed from a file is had from that file again", (t) => {
  const project = installedFrom(t, "file:../bowline-0.1.0.tgz");
  const origin = packageOrigin(join(project, "node_modules", "bowline"), "0.1.0");
  assert.equal(origin, `file:${join(project, "..", "bowline-0.1.0.tgz")}`);
});

test("what npm installed from a registry is had by its version", (t) => {
  const project = installedFrom(t, "https://registry.example/bowline/-/bowline-0.1.0.tgz");
  assert.equal(packageOrigin(join(project, "node_modules", "bowline"), "0.1.0"), "0.1.0");
});

test("a repository is no package that npm could get", () => {
  assert.equal(packageOrigin(packageFolder(), "0.1.0"), undefined);
});

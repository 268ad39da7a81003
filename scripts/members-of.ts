// The names of an interface's members, read from its source: what pages are held to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** `path` from the root of the repository. */
export function membersOf(path: string, interfaceName: string): readonly string[] {
  const body = new RegExp(`export interface ${interfaceName}\\b[\\s\\S]*?\\n}`).exec(
    readFileSync(join(root, path), "utf8"),
  );
  assert.ok(body, `${path} has no ${interfaceName} any more: say here where it is`);
  return [...body[0].matchAll(/^  (?:readonly )?(\w+)[?]?[(:<]/gm)].map(([, name = ""]) => name);
}

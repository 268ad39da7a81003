// Where npm got this very Bowline from, so that the projects that `bowline init` writes get the same one: npm notes it beside
// what it installed.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * What a package.json says to depend on it: a version, or the file that it was installed from. Undefined: it was not
 * installed by npm, but runs from its repository.
 */
export function packageOrigin(folder: string, version: string): string | undefined {
  const modules = dirname(folder);
  if (basename(modules) !== "node_modules") return undefined;
  const resolved = resolvedIn(join(modules, ".package-lock.json"), `node_modules/${basename(folder)}`);
  if (resolved?.startsWith("file:") !== true) return version;
  return `file:${resolve(dirname(modules), resolved.slice("file:".length))}`;
}

function resolvedIn(lockPath: string, name: string): string | undefined {
  if (!existsSync(lockPath)) return undefined;
  const lock = JSON.parse(readFileSync(lockPath, "utf8")) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return lock.packages?.[name]?.resolved;
}

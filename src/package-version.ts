// The version of the package this file belongs to, whether it runs as TypeScript or compiled.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(`${packageFolder()}/package.json`, "utf8")) as { version: string };
  return version;
}

/** The nearest folder above with a package.json: the package's own. */
export function packageFolder(): string {
  let folder = new URL(".", import.meta.url);
  while (!existsSync(new URL("package.json", folder))) {
    const above = new URL("..", folder);
    if (above.href === folder.href)
      throw new Error("this file belongs to no package: expected a package.json above it");
    folder = above;
  }
  return fileURLToPath(folder).replace(/[\\/]$/, "");
}

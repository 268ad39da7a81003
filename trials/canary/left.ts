// Everything that Bowline leaves on the disk: each file as its bytes are, and the file of state once more with what it deflated.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inflateRawSync } from "node:zlib";
import type { Scanner } from "./scan.ts";

/** `except` are names of files that are the trial's own. */
export function scanFiles(scanner: Scanner, folder: string, except: ReadonlySet<string>): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (except.has(name) || !statSync(path).isFile()) continue;
    scanner.scan(`file ${name}`, readFileSync(path));
  }
}

/** Answers how many columns were deflated. */
export function scanTables(scanner: Scanner, path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  let inflated = 0;
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables) {
      for (const row of database.prepare(`SELECT * FROM "${String(name)}"`).iterate()) {
        for (const [column, value] of Object.entries(row)) {
          const where = `table ${String(name)}.${column}`;
          if (typeof value === "string") scanner.scan(where, value);
          if (!(value instanceof Uint8Array)) continue;
          scanner.scan(where, value);
          const text = inflatedOf(value);
          if (text === undefined) continue;
          inflated += 1;
          scanner.scan(where, text);
        }
      }
    }
  } finally {
    database.close();
  }
  return inflated;
}

function inflatedOf(bytes: Uint8Array): Buffer | undefined {
  try {
    return inflateRawSync(bytes);
  } catch {
    return undefined;
  }
}

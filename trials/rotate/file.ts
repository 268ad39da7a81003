// What is in the file of state and the key file after a rotation, read past the store and the vault.
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { wrappingKey } from "../../src/auth/key-ring.ts";
import { keyIdOf } from "../../src/auth/sealed.ts";

export interface Found {
  /** Secrets whose data key is not the current one, or is wrapped by any other key than the file's only one. */
  readonly onOldKey: number;
  readonly rows: number;
  readonly keysInFile: readonly string[];
}

export function look(dataPath: string): Found {
  const keysInFile = readFileSync(`${dataPath}.key`, "utf8").trim().split("\n");
  const newest = wrappingKey(keysInFile[0]!, "the key file").id;
  const database = new DatabaseSync(dataPath, { readOnly: true });
  try {
    const keys = database.prepare("SELECT id, wrapped FROM data_key WHERE current = 1").all();
    const good = new Set(
      keys.filter(({ wrapped }) => keyIdOf(wrapped as Uint8Array) === newest).map(({ id }) => id as string),
    );
    const rows = database.prepare("SELECT sealed FROM credential").all();
    const old = rows.filter(({ sealed }) => !good.has(keyIdOf(sealed as Uint8Array) ?? ""));
    return { onOldKey: old.length, rows: rows.length, keysInFile };
  } finally {
    database.close();
  }
}

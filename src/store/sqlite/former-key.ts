// Which record took up which: a link to one that was merged away goes on with the one that stayed.
import type { Records } from "./record.ts";
import { textOrNone } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface FormerKeys {
  /** Keeps that this key leads to another record now. Gives the record that had it, if it is known and this is news. */
  keep(resource: number, former: string, key: string): number | undefined;
  /** The record is there again under its own key. */
  forget(resource: number, former: string): void;
}

export function prepareFormerKeys(database: DatabaseSync, records: Records): FormerKeys {
  const find = database.prepare("SELECT key FROM former_key WHERE resource = ? AND former = ?");
  const save = database.prepare("INSERT OR REPLACE INTO former_key VALUES (?, ?, ?)");
  const remove = database.prepare("DELETE FROM former_key WHERE resource = ? AND former = ?");
  return {
    forget(resource, former) {
      remove.run(resource, former);
    },
    keep(resource, former, key) {
      const row = find.get(resource, former);
      if (former === key || (row !== undefined && textOrNone(row, "key") === key)) return undefined;
      save.run(resource, former, key);
      return records.idOf(resource, former);
    },
  };
}

// Deflates the bodies of new rows after the rush: deflating costs more than all else about a row, and a backfill of a million
// records should not wait for it. Rows that change later are deflated at once.
import { DEFLATED_FROM_CHARACTERS, packed } from "./body.ts";
import { number, textOrNone } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** Goes on where it stopped, for as many rows at most of each kind. Says whether those were all. */
export type Squeeze = (rowsMax: number) => boolean;

export function prepareSqueeze(database: DatabaseSync): Squeeze {
  const upTo = database.prepare("SELECT up_to FROM squeezed WHERE what = ?");
  const moveOn = database.prepare("UPDATE squeezed SET up_to = ?2 WHERE what = ?1");
  // Where pruning, which has just been done, left no requests, their numbers begin anew.
  const beginAnew = database.prepare(
    "UPDATE squeezed SET up_to = 0 WHERE what = 'request' AND up_to > coalesce((SELECT max(id) FROM request), 0)",
  );
  const kinds = [
    { what: "record", ...prepareKind(database, "record", "body") },
    { what: "request", ...prepareKind(database, "request", "bodies") },
  ] as const;

  return (rowsMax) => {
    beginAnew.run();
    let areAll = true;
    for (const { what, next, save } of kinds) {
      const cursor = upTo.get(what);
      const rows = next.all(cursor === undefined ? 0 : number(cursor, "up_to"), rowsMax);
      for (const row of rows) {
        const body = textOrNone(row, "body");
        if (body !== undefined) save.run(packed(body), number(row, "id"));
      }
      const last = rows.at(-1);
      if (last !== undefined) moveOn.run(what, number(last, "id"));
      areAll &&= rows.length < rowsMax;
    }
    return areAll;
  };
}

function prepareKind(database: DatabaseSync, table: string, column: string) {
  const long = `typeof(${column}) = 'text' AND length(${column}) >= ${DEFLATED_FROM_CHARACTERS}`;
  return {
    next: database.prepare(`
      SELECT id, iif(${long}, ${column}, NULL) AS body FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`),
    save: database.prepare(`UPDATE ${table} SET ${column} = ? WHERE id = ?`),
  };
}

// Arrivals are written once and never touched again: a cursor tells which were taken up, so that the hot path is one insert.
import type { Arrival, NewArrival } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { Names } from "./names.ts";
import { bytes, number, text, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/**
 * Bytes of bodies after which no further arrival is given out at once: what they tell is noted in one transaction, for which every
 * webhook waits, and one may tell of a thousand records.
 */
const GIVEN_BYTES_MAX = 1_048_576;

export interface Arrivals {
  ingest(batch: Batch, arrivals: readonly NewArrival[]): readonly ("new" | "seen")[];
  /** Of large ones fewer. */
  arrivals(limit: number): readonly Arrival[];
  /** Moves the cursor, and takes away replayed arrivals that were given out up to here. */
  takenUp(batch: Batch, upTo: number): void;
  unreadable(batch: Batch, arrival: number, reason: string): void;
  replay(batch: Batch, query: { readonly connection?: string; readonly since: number }): number;
}

export function prepareArrivals(database: DatabaseSync, names: Names): Arrivals {
  const insert = database.prepare(`
    INSERT INTO arrival (connection, dedupe_id, at, headers, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (connection, dedupe_id) DO NOTHING`);
  const waiting = database.prepare(`
    SELECT id, connection, dedupe_id, at, headers, body FROM arrival
    WHERE id > (SELECT up_to FROM arrival_cursor) ORDER BY id LIMIT ?`);
  const replayed = database.prepare(`
    SELECT a.id, a.connection, a.dedupe_id, a.at, a.headers, a.body
    FROM replay r JOIN arrival a ON a.id = r.arrival ORDER BY r.arrival LIMIT ?`);
  const moveCursor = database.prepare("UPDATE arrival_cursor SET up_to = max(up_to, ?)");
  const forgetReplay = database.prepare("DELETE FROM replay WHERE arrival = ?");
  const saveUnreadable = database.prepare(
    "INSERT INTO unreadable VALUES (?, ?) ON CONFLICT (arrival) DO UPDATE SET reason = excluded.reason",
  );
  const chosen = `
    id <= (SELECT up_to FROM arrival_cursor) AND at >= ?1 AND (?2 IS NULL OR connection = ?2)`;
  const forgetUnreadable = database.prepare(
    `DELETE FROM unreadable WHERE arrival IN (SELECT id FROM arrival WHERE ${chosen})`,
  );
  const addReplay = database.prepare(`
    INSERT INTO replay SELECT id FROM arrival WHERE ${chosen} ON CONFLICT (arrival) DO UPDATE SET arrival = arrival`);

  /** Replayed arrivals that an observer has in hand; asking for one again takes it out, so that it is observed once more. */
  const given = new Set<number>();

  return {
    ingest(batch, arrivals) {
      return arrivals.map((arrival) => {
        const { changes } = insert.run(
          names.connection(arrival.connection),
          arrival.dedupeId,
          arrival.at,
          JSON.stringify(arrival.headers),
          arrival.body,
        );
        const fate = changes === 0 ? "seen" : "new";
        batch.tally(fate === "new" ? "webhook.new" : "webhook.seen");
        return fate;
      });
    },

    arrivals(limit) {
      const found: Arrival[] = [];
      let bytesLeft = GIVEN_BYTES_MAX;
      const take = (rows: Iterable<Row>): void => {
        for (const row of rows) {
          const arrival = arrivalOf(row, names);
          found.push(arrival);
          bytesLeft -= arrival.body.length;
          if (bytesLeft <= 0) return;
        }
      };
      take(replayed.iterate(limit));
      for (const { id } of found) given.add(id);
      if (found.length < limit && bytesLeft > 0) take(waiting.iterate(limit - found.length));
      return found;
    },

    takenUp(batch, upTo) {
      moveCursor.run(upTo);
      for (const arrival of given) {
        if (arrival > upTo) continue;
        forgetReplay.run(arrival);
        batch.onCommit(() => given.delete(arrival));
      }
    },

    unreadable(batch, arrival, reason) {
      saveUnreadable.run(arrival, reason);
      batch.tally("webhook.unreadable");
    },

    replay(batch, { connection, since }) {
      const id = connection === undefined ? null : names.connection(connection);
      forgetUnreadable.run(since, id);
      const { changes } = addReplay.run(since, id);
      given.clear();
      batch.tally("webhook.replayed", Number(changes));
      return Number(changes);
    },
  };
}

function arrivalOf(row: Row, names: Names): Arrival {
  return {
    id: number(row, "id"),
    connection: names.connectionName(number(row, "connection")),
    dedupeId: text(row, "dedupe_id"),
    at: number(row, "at"),
    headers: JSON.parse(text(row, "headers")) as Record<string, string>,
    body: bytes(row, "body"),
  };
}

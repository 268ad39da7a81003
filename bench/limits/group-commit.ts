// Writes that came in the same turn share one commit, and so one fsync: the cheapest way to make each of them durable.
import { DatabaseSync } from "node:sqlite";

export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = full;");
  return database;
}

export class GroupCommit {
  readonly #database: DatabaseSync;
  #waiting: { readonly write: () => void; readonly durable: () => void }[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Writes with the next commit; calls `durable` when that is on the disk. */
  add(write: () => void, durable: () => void): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#commit());
    this.#waiting.push({ write, durable });
  }

  #commit(): void {
    const group = this.#waiting;
    this.#waiting = [];
    this.#database.exec("begin immediate");
    for (const { write } of group) write();
    this.#database.exec("commit");
    for (const { durable } of group) durable();
  }
}

// One transaction's worth of calls: counts are added up here and written once, and what is remembered in memory is undone
// when the transaction is.
import type { DatabaseSync, StatementSync } from "node:sqlite";

interface SyncChange {
  links: number;
  lastClearedAt: number;
}

interface ResourceChange {
  records: number;
  deleted: number;
}

export class Batch {
  readonly #tallies = new Map<string, number>();
  readonly #resources = new Map<number, ResourceChange>();
  readonly #syncs = new Map<number, SyncChange>();
  readonly #onCommit: (() => void)[] = [];
  readonly #onRollback: (() => void)[] = [];

  tally(name: string, count = 1): void {
    this.#tallies.set(name, (this.#tallies.get(name) ?? 0) + count);
  }

  countRecords(resource: number, records: number, deleted: number): void {
    const change = this.#resources.get(resource);
    if (change === undefined) {
      this.#resources.set(resource, { records, deleted });
      return;
    }
    change.records += records;
    change.deleted += deleted;
  }

  countLinks(sync: number, links: number): void {
    this.#sync(sync).links += links;
  }

  cleared(sync: number, at: number): void {
    const change = this.#sync(sync);
    change.lastClearedAt = Math.max(change.lastClearedAt, at);
  }

  onCommit(then: () => void): void {
    this.#onCommit.push(then);
  }

  onRollback(then: () => void): void {
    this.#onRollback.push(then);
  }

  /** Writes the counts; the last thing before the commit. */
  write(counts: CountStatements): void {
    for (const [name, count] of this.#tallies) counts.tally.run(name, count);
    for (const [id, { records, deleted }] of this.#resources) counts.resource.run(records, deleted, id);
    for (const [id, { links, lastClearedAt }] of this.#syncs) counts.sync.run(links, lastClearedAt, id);
  }

  committed(): void {
    for (const then of this.#onCommit) then();
  }

  rolledBack(): void {
    for (const then of this.#onRollback.reverse()) then();
  }

  #sync(id: number): SyncChange {
    const known = this.#syncs.get(id);
    if (known !== undefined) return known;
    const change = { links: 0, lastClearedAt: 0 };
    this.#syncs.set(id, change);
    return change;
  }
}

export interface CountStatements {
  readonly tally: StatementSync;
  readonly resource: StatementSync;
  readonly sync: StatementSync;
}

export function prepareCounts(database: DatabaseSync): CountStatements {
  return {
    tally: database.prepare(
      "INSERT INTO tally VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
    ),
    resource: database.prepare("UPDATE resource SET records = records + ?, deleted = deleted + ? WHERE id = ?"),
    sync: database.prepare(
      "UPDATE sync SET links = links + ?1, last_cleared_at = nullif(max(coalesce(last_cleared_at, 0), ?2), 0) WHERE id = ?3",
    ),
  };
}

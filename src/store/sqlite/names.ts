// Names become small numbers, once, and keep them when the project changes.
import type { Declaration, Declared } from "../store.ts";
import type { Batch } from "./batch.ts";
import { catchUp, nameBefore } from "./catch-up.ts";
import { number, text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Sync {
  readonly id: number;
  readonly name: string;
  /** The resource that it reads from, by number. */
  readonly from: number;
  readonly to: number;
  /** It reads and writes both. */
  readonly twoWay: boolean;
  readonly declared: boolean;
}

export class Names {
  readonly #database: DatabaseSync;
  readonly #connections = new Map<string, number>();
  readonly #connectionNames = new Map<number, string>();
  readonly #resources = new Map<string, number>();
  readonly #resourceNames = new Map<number, string>();
  readonly #syncs = new Map<string, Sync>();
  readonly #syncsById = new Map<number, Sync>();
  readonly #readers = new Map<number, Sync[]>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#load();
  }

  declare(batch: Batch, { connections, resources, syncs, at = 0 }: Declaration): Declared {
    batch.onRollback(() => this.#load());
    const addConnection = this.#database.prepare("INSERT INTO connection (name) VALUES (?) ON CONFLICT DO NOTHING");
    const addResource = this.#database.prepare("INSERT INTO resource (name) VALUES (?) ON CONFLICT DO NOTHING");
    for (const name of connections) addConnection.run(name);
    for (const name of resources) addResource.run(name);
    for (const { from, to } of syncs) {
      addResource.run(from);
      addResource.run(to);
    }
    this.#load();
    const known = new Map(this.#syncs);
    this.#declareSyncs(syncs);
    this.#load();
    const begun = syncs.map(({ name }) => this.sync(name)).filter(({ name }) => known.get(name)?.declared !== true);
    return {
      renamed: begun.filter(({ twoWay }) => !twoWay).flatMap((sync) => this.#begin(sync, known.has(sync.name), at)),
    };
  }

  /** One that may only have another name now would make all again that it made under the old one. */
  #begin(sync: Sync, isBack: boolean, at: number): Declared["renamed"] {
    const before = isBack ? undefined : nameBefore(this.#database, sync);
    if (before !== undefined) return [{ sync: sync.name, before }];
    catchUp(this.#database, sync, at);
    return [];
  }

  connection(name: string): number {
    return this.#connections.get(name) ?? undeclared("connection", name);
  }

  resource(name: string): number {
    return this.#resources.get(name) ?? undeclared("resource", name);
  }

  sync(name: string): Sync {
    return this.#syncs.get(name) ?? undeclared("sync", name);
  }

  /** The name's number, for questions of people, who may ask for what does not exist. */
  connectionIfKnown(name: string): number | undefined {
    return this.#connections.get(name);
  }

  syncIfKnown(name: string): Sync | undefined {
    return this.#syncs.get(name);
  }

  connectionName(id: number): string {
    return this.#connectionNames.get(id) ?? undeclared("connection", `number ${id}`);
  }

  resourceName(id: number): string {
    return this.#resourceNames.get(id) ?? undeclared("resource", `number ${id}`);
  }

  syncById(id: number): Sync {
    return this.#syncsById.get(id) ?? undeclared("sync", `number ${id}`);
  }

  /** The declared syncs that read from this resource. */
  readersOf(resource: number): readonly Sync[] {
    return this.#readers.get(resource) ?? [];
  }

  resources(): Iterable<readonly [name: string, id: number]> {
    return this.#resources;
  }

  syncs(): Iterable<Sync> {
    return this.#syncs.values();
  }

  #declareSyncs(syncs: Declaration["syncs"]): void {
    this.#database.exec("UPDATE sync SET declared = 0");
    const save = this.#database.prepare(`
      INSERT INTO sync (name, from_resource, to_resource, two_way) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET declared = 1, from_resource = excluded.from_resource,
        to_resource = excluded.to_resource, two_way = excluded.two_way`);
    for (const { name, from, to, twoWay = false } of syncs) {
      const known = this.#syncs.get(name);
      if (known !== undefined) this.#refuseOtherSides(known, from, to, twoWay);
      save.run(name, this.resource(from), this.resource(to), twoWay ? 1 : 0);
    }
  }

  /** Links and pending rows belong to the records of the resources they were made for. */
  #refuseOtherSides(known: Sync, from: string, to: string, twoWay: boolean): void {
    const isSame = known.from === this.resource(from) && known.to === this.resource(to);
    if (isSame && known.twoWay === twoWay) return;
    const used = this.#database
      .prepare("SELECT 1 FROM link WHERE sync = ?1 UNION ALL SELECT 1 FROM pending WHERE sync = ?1 LIMIT 1")
      .get(known.id);
    if (used === undefined) return;
    throw new Error(
      `could not declare the sync ${known.name}: expected it from ${this.resourceName(known.from)} to ` +
        `${this.resourceName(known.to)}${known.twoWay ? ", both ways" : ""}, as its links were made, got from ${from} to ` +
        `${to}${twoWay ? ", both ways" : ""}. Give the sync a new name.`,
    );
  }

  #load(): void {
    for (const map of [
      this.#connections,
      this.#connectionNames,
      this.#resources,
      this.#resourceNames,
      this.#syncs,
      this.#syncsById,
      this.#readers,
    ]) {
      map.clear();
    }
    for (const row of this.#database.prepare("SELECT id, name FROM connection ORDER BY id").iterate()) {
      this.#connections.set(text(row, "name"), number(row, "id"));
      this.#connectionNames.set(number(row, "id"), text(row, "name"));
    }
    for (const row of this.#database.prepare("SELECT id, name FROM resource ORDER BY id").iterate()) {
      this.#resources.set(text(row, "name"), number(row, "id"));
      this.#resourceNames.set(number(row, "id"), text(row, "name"));
    }
    const syncs = this.#database.prepare(
      "SELECT id, name, from_resource, to_resource, two_way, declared FROM sync ORDER BY id",
    );
    for (const row of syncs.iterate()) {
      this.#remember({
        id: number(row, "id"),
        name: text(row, "name"),
        from: number(row, "from_resource"),
        to: number(row, "to_resource"),
        twoWay: number(row, "two_way") === 1,
        declared: number(row, "declared") === 1,
      });
    }
  }

  #remember(sync: Sync): void {
    this.#syncs.set(sync.name, sync);
    this.#syncsById.set(sync.id, sync);
    if (!sync.declared) return;
    for (const resource of sync.twoWay ? [sync.from, sync.to] : [sync.from]) {
      const readers = this.#readers.get(resource);
      if (readers === undefined) this.#readers.set(resource, [sync]);
      else readers.push(sync);
    }
  }
}

function undeclared(what: string, name: string): never {
  throw new Error(`could not use the ${what} ${name}: expected a declared name; declare it before it is used.`);
}

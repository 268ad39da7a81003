// The simulated account: every record, whose values are unique, what was archived and merged, who is associated with whom,
// and what a search already shows; each change is told on.
import type { Clock } from "../../../src/world/world.ts";
import type { Change } from "./change.ts";
import { ASSOCIATION_TYPES, KIND_NAMES, KINDS, type Kind, type PropertyDefinition } from "./kinds.ts";
import { Links } from "./links.ts";
import { badValues, invalid, notFound, Refusal, type BadValue } from "./refusal.ts";
import { SearchIndex } from "./search-index.ts";
import { takeValue } from "./values.ts";

export type Values = Readonly<Record<string, string | null>>;

export interface Stored {
  readonly kind: Kind;
  readonly id: string;
  readonly properties: Values;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt?: number;
}

export interface PortalOptions {
  readonly properties: Readonly<Partial<Record<Kind, readonly PropertyDefinition[]>>>;
  readonly searchLagMs: number;
  readonly mergeMakesNewId: boolean;
}

/** Ids of all kinds come from one row. */
const FIRST_ID = 101_000_000_000;
const MERGES_MAX = 250;

type ByKind<T> = Readonly<Record<Kind, Map<string, T>>>;
const byKind = <T>(): ByKind<T> =>
  Object.fromEntries(KIND_NAMES.map((kind) => [kind, new Map<string, T>()])) as unknown as ByKind<T>;

export class Portal {
  readonly records = byKind<Stored>();
  readonly archived = byKind<Stored>();
  readonly definitions = byKind<PropertyDefinition>();
  /** Told of every change, in order; the webhooks listen. */
  onChange: (change: Change) => void = () => {};
  readonly #clock: Clock;
  readonly #options: PortalOptions;
  readonly #unique = new Map<string, string>();
  readonly #aliases = byKind<string>();
  readonly #index: SearchIndex;
  readonly #links = new Links();
  readonly #erased = new Set<string>();
  #lastId = FIRST_ID;

  constructor(clock: Clock, options: PortalOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#index = new SearchIndex(clock, options.searchLagMs);
    for (const kind of KIND_NAMES) {
      for (const one of [...KINDS[kind].properties, ...(options.properties[kind] ?? [])]) this.define(kind, one);
    }
  }

  define(kind: Kind, definition: PropertyDefinition): void {
    this.definitions[kind].set(definition.name, definition);
  }

  /** By its id or that of a record that was merged into it. */
  find(kind: Kind, id: string): Stored | undefined {
    return this.records[kind].get(this.#aliases[kind].get(id) ?? id);
  }

  get(kind: Kind, id: string): Stored {
    const found = this.find(kind, id);
    if (found === undefined) throw notFound();
    return found;
  }

  findBy(kind: Kind, idProperty: string | undefined, value: string): Stored | undefined {
    if (idProperty === undefined || idProperty === "hs_object_id") return this.find(kind, value);
    const definition = this.definitions[kind].get(idProperty);
    if (definition === undefined) throw unknownProperty(idProperty);
    if (definition.hasUniqueValue !== true) throw invalid(`Property ${idProperty} is not unique`);
    const id = this.#unique.get(uniqueKey(kind, idProperty, value));
    return id === undefined ? undefined : this.find(kind, id);
  }

  create(kind: Kind, given: Readonly<Record<string, unknown>>): Stored {
    const values = this.#taken(kind, given);
    const missing = KINDS[kind].required.filter(
      (group) => !group.some((name) => given[name] !== undefined && given[name] !== ""),
    );
    if (missing.length > 0) {
      const names = missing.flat();
      const message = `Error creating ${KINDS[kind].singular.toUpperCase()}. Some required properties were not set.`;
      throw invalid(message, { context: { properties: names } });
    }
    this.#refuseTaken(kind, values, undefined);
    const now = this.#clock.now();
    this.#lastId += 1;
    const id = String(this.#lastId);
    const stored = this.#put({ kind, id, properties: values, createdAt: now, updatedAt: now });
    this.onChange({ what: "creation", kind, id, at: now });
    return stored;
  }

  /** Refuses what {@link create} would refuse. */
  check(kind: Kind, given: Readonly<Record<string, unknown>>): void {
    this.#refuseTaken(kind, this.#taken(kind, given), undefined);
  }

  /** Where an association type of this kind leads. */
  kindOfType(kind: Kind, typeId: number): Kind | undefined {
    return ASSOCIATION_TYPES.find((type) => type.from === kind && type.typeId === typeId)?.to;
  }

  update(kind: Kind, id: string, given: Readonly<Record<string, unknown>>): Stored {
    const before = this.get(kind, id);
    const values = this.#taken(kind, given);
    this.#refuseTaken(kind, values, before.id);
    const changed = Object.entries(values).filter(([name, value]) => (before.properties[name] ?? null) !== value);
    if (changed.length === 0) return before;
    const at = this.#clock.now();
    const after = this.#put({ ...before, properties: { ...before.properties, ...values }, updatedAt: at });
    for (const [name, value] of changed) {
      this.onChange({ what: "propertyChange", kind, id: before.id, at, name, value: value ?? "" });
    }
    return after;
  }

  archive(kind: Kind, id: string): void {
    const before = this.records[kind].get(id);
    if (before === undefined) return;
    const at = this.#clock.now();
    this.#remove(before);
    this.archived[kind].set(id, { ...before, archivedAt: at });
    this.onChange({ what: "deletion", kind, id, at });
  }

  restore(kind: Kind, id: string): Stored {
    const before = this.archived[kind].get(id);
    if (before === undefined) throw notFound();
    this.#refuseTaken(kind, before.properties, undefined);
    const at = this.#clock.now();
    this.archived[kind].delete(id);
    const { archivedAt: _archivedAt, ...record } = before;
    const stored = this.#put({ ...record, updatedAt: at });
    this.onChange({ what: "restore", kind, id, at });
    return stored;
  }

  /** Gone for good; the e-mail address is blocked. */
  erase(kind: Kind, id: string): void {
    const before = this.find(kind, id) ?? this.archived[kind].get(id);
    if (before === undefined) throw notFound();
    this.#remove(before);
    this.archived[kind].delete(before.id);
    const email = before.properties["email"];
    if (email) this.#erased.add(email);
    this.onChange({ what: "privacyDeletion", kind, id: before.id, at: this.#clock.now() });
  }

  merge(kind: Kind, primaryId: string, mergedId: string): Stored {
    const [primary, merged] = [this.get(kind, primaryId), this.get(kind, mergedId)];
    if (primary.id === merged.id) throw invalid("Cannot merge a record with itself");
    const ids = [...idList(primary), ...idList(merged), merged.id];
    if (ids.length > MERGES_MAX) throw new Refusal(414, "", "Cannot have more than 250 identities on a profile");
    const at = this.#clock.now();
    const filled = Object.entries(merged.properties).filter(
      ([name, value]) => value !== null && !primary.properties[name],
    );
    const isNew = this.#options.mergeMakesNewId;
    if (isNew) this.#lastId += 1;
    const id = isNew ? String(this.#lastId) : primary.id;
    const further = [primary.properties["hs_additional_emails"], merged.properties["email"]].filter((text) => text);
    const properties = {
      ...primary.properties,
      ...Object.fromEntries(filled),
      ...(kind === "contacts" && further.length > 0 ? { hs_additional_emails: further.join(";") } : {}),
      hs_merged_object_ids: [...(isNew ? [primary.id] : []), ...ids].join(";"),
    };
    const links = [primary, merged].flatMap((one) => this.#links.all(one));
    this.#remove(primary);
    this.#remove(merged);
    const stored = this.#put({ ...primary, id, properties, updatedAt: at });
    for (const [old, now] of this.#aliases[kind])
      if (now === primary.id || now === merged.id) this.#aliases[kind].set(old, id);
    for (const old of [primary.id, merged.id]) if (old !== id) this.#aliases[kind].set(old, id);
    for (const { other, typeId } of links) this.#links.add({ kind, id }, other, typeId);
    this.onChange({ what: "merge", kind, id, at, primary: primary.id, merged: [merged.id], moved: filled.length });
    return stored;
  }

  /** The records as a search shows them, ordered by id. */
  searchable(kind: Kind): Iterable<Stored> {
    return this.#index.records(kind);
  }

  associations(kind: Kind, id: string, to: Kind): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#links.of(this.get(kind, id), to);
  }

  associate(kind: Kind, id: string, to: Kind, toId: string, typeIds: readonly number[]): void {
    const [one, other] = [this.get(kind, id), this.find(to, toId)];
    if (other === undefined) {
      const message = `Object ${toId} of type ${KINDS[to].typeId} does not exist`;
      throw new Refusal(404, "OBJECT_NOT_FOUND", message, { context: { toObjectId: [toId] } });
    }
    for (const typeId of typeIds) {
      if (!this.#links.add(one, other, typeId)) continue;
      const at = this.#clock.now();
      this.onChange({ what: "associationChange", kind, id: one.id, at, to, toId: other.id, typeId, removed: false });
    }
  }

  dissociate(kind: Kind, id: string, to: Kind, toId: string): void {
    const [one, other] = [this.get(kind, id), this.find(to, toId)];
    if (other === undefined) return;
    const types = this.#links.remove(one, other);
    const at = this.#clock.now();
    for (const typeId of types) {
      this.onChange({ what: "associationChange", kind, id: one.id, at, to, toId: other.id, typeId, removed: true });
    }
  }

  // ------------------------------------------------------------ values

  #taken(kind: Kind, given: Readonly<Record<string, unknown>>): Values {
    const bad: BadValue[] = [];
    const values: Record<string, string | null> = {};
    for (const [name, value] of Object.entries(given)) {
      const definition = this.definitions[kind].get(name);
      if (definition === undefined) {
        bad.push({ name, error: "PROPERTY_DOESNT_EXIST", message: `Property "${name}" does not exist` });
        continue;
      }
      const taken = takeValue(definition, value);
      if ("bad" in taken) bad.push(taken.bad);
      else values[name] = taken.value;
    }
    if (bad.length > 0) throw badValues(bad);
    return values;
  }

  #refuseTaken(kind: Kind, values: Values, ownId: string | undefined): void {
    for (const [name, value] of Object.entries(values)) {
      if (value === null || this.definitions[kind].get(name)?.hasUniqueValue !== true) continue;
      if (name === "email" && this.#erased.has(value)) {
        throw badValues([{ name, error: "INVALID_EMAIL", message: "email has been GDPR blacklisted" }]);
      }
      const holder = this.#unique.get(uniqueKey(kind, name, value));
      if (holder === undefined || holder === ownId) continue;
      if (name === "email") throw new Refusal(409, "CONFLICT", `Contact already exists. Existing ID: ${holder}`);
      const message = `${name} must be unique. ${holder} already has this value`;
      throw badValues([{ name, error: "CONFLICTING_UNIQUE_VALUE", message }]);
    }
  }

  #put(given: Stored): Stored {
    const { kind, id } = given;
    const { modified } = KINDS[kind];
    const record: Stored = {
      ...given,
      properties: {
        ...given.properties,
        hs_object_id: id,
        createdate: new Date(given.createdAt).toISOString(),
        [modified]: new Date(given.updatedAt).toISOString(),
      },
    };
    const before = this.records[kind].get(id);
    if (before !== undefined) this.#free(before);
    this.records[kind].set(id, record);
    for (const [name, value] of Object.entries(record.properties)) {
      if (value !== null && this.definitions[kind].get(name)?.hasUniqueValue === true) {
        this.#unique.set(uniqueKey(kind, name, value), id);
      }
    }
    this.#index.note(kind, id, record);
    return record;
  }

  #remove(record: Stored): void {
    this.#free(record);
    this.records[record.kind].delete(record.id);
    this.#index.note(record.kind, record.id, undefined);
    for (const { other } of this.#links.all(record)) this.#links.remove(record, other);
  }

  #free(record: Stored): void {
    for (const [name, value] of Object.entries(record.properties)) {
      if (value === null) continue;
      const key = uniqueKey(record.kind, name, value);
      if (this.#unique.get(key) === record.id) this.#unique.delete(key);
    }
  }
}

export function unknownProperty(name: string): Refusal {
  return badValues([{ name, error: "PROPERTY_DOESNT_EXIST", message: `Property "${name}" does not exist` }]);
}

function idList({ properties }: Stored): readonly string[] {
  return properties["hs_merged_object_ids"]?.split(";") ?? [];
}

function uniqueKey(kind: Kind, name: string, value: string): string {
  return `${kind}/${name}/${name === "email" ? value.trim().toLowerCase() : value}`;
}

// The CRM objects' endpoints: one record, listings, search, merges and erasure. Batches stand in a file of their own.
import { batch } from "./batch.ts";
import { bodyOf, listIn, NOTHING, ok, partOf, partsOf, textOf, textsOf, type Call, type Reply } from "./call.ts";
import { KIND_NAMES, type Kind } from "./kinds.ts";
import type { Portal, Stored } from "./portal.ts";
import { invalid, notFound, Refusal, type Json } from "./refusal.ts";
import { search } from "./search.ts";
import { shown, shownAfter, shownAssociations } from "./show.ts";

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 10;

export interface ObjectCounts {
  /** How many records of a kind clients created. */
  readonly created: Record<Kind, number>;
  /** Creates and upserts that were repeated and found their record. */
  upsertedAgain: number;
}

export class Objects {
  readonly counts: ObjectCounts = {
    created: Object.fromEntries(KIND_NAMES.map((kind) => [kind, 0])) as Record<Kind, number>,
    upsertedAgain: 0,
  };
  readonly #portal: Portal;
  readonly #now: () => number;

  constructor(portal: Portal, now: () => number) {
    this.#portal = portal;
    this.#now = now;
  }

  answer(kind: Kind, rest: readonly string[], call: Call): Reply {
    const [head, operation] = rest;
    if (head === undefined) return call.method === "GET" ? this.#list(kind, call) : this.#create(kind, post(call));
    if (rest.length === 1 && head === "search") return this.#search(kind, post(call));
    if (rest.length === 1 && head === "merge") return this.#merge(kind, post(call));
    if (rest.length === 1 && head === "gdpr-delete") return this.#erase(kind, post(call));
    if (head === "batch" && operation !== undefined) {
      return batch({ portal: this.#portal, counts: this.counts, now: this.#now() }, kind, operation, post(call));
    }
    if (rest.length === 1) return this.#one(kind, head, call);
    throw notFound();
  }

  #one(kind: Kind, id: string, call: Call): Reply {
    const idProperty = call.query.get("idProperty") ?? undefined;
    if (call.method === "GET") return this.#read(kind, id, idProperty, call.query);
    if (call.method === "DELETE") {
      this.#portal.archive(kind, id);
      return NOTHING;
    }
    if (call.method !== "PATCH") throw new Refusal(405, "", "Method not allowed");
    const properties = partOf(bodyOf(call)["properties"]);
    const record = this.#portal.findBy(kind, idProperty, id);
    if (record === undefined) throw notFound();
    const after = this.#portal.update(kind, record.id, properties);
    return ok(shownAfter(this.#portal, after, Object.keys(properties)));
  }

  #read(kind: Kind, id: string, idProperty: string | undefined, query: URLSearchParams): Reply {
    const isArchived = query.get("archived") === "true";
    const record = isArchived ? this.#portal.archived[kind].get(id) : this.#portal.findBy(kind, idProperty, id);
    if (record === undefined) throw notFound();
    return ok(this.#withAssociations(record, query));
  }

  #withAssociations(record: Stored, query: URLSearchParams): Json {
    const associations = shownAssociations(this.#portal, record, listIn(query, "associations"));
    return { ...shown(this.#portal, record, listIn(query, "properties")), ...associations };
  }

  /** By id; `after` is the id of the last one shown, so nothing that happens meanwhile moves a page. */
  #list(kind: Kind, { query }: Call): Reply {
    const limit = Number(query.get("limit") ?? LIMIT_DEFAULT);
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
      throw invalid(`limit must be between 1 and ${LIMIT_MAX}, not ${query.get("limit") ?? ""}`);
    }
    const after = query.get("after") ?? "";
    if (after !== "" && !/^\d+$/.test(after)) throw invalid(`${after} is no cursor of this listing`);
    const all = query.get("archived") === "true" ? this.#portal.archived[kind] : this.#portal.records[kind];
    const ids = [...all.keys()].filter((id) => after === "" || Number(id) > Number(after)).toSorted(byNumber);
    const results = ids.slice(0, limit).map((id) => this.#withAssociations(all.get(id)!, query));
    const last = ids[limit - 1];
    return ok({ results, ...(ids.length > limit && last !== undefined ? { paging: next(last) } : {}) });
  }

  #create(kind: Kind, body: Json): Reply {
    const properties = partOf(body["properties"]);
    const associations = associationsIn(body, kind, this.#portal);
    const record = this.#portal.create(kind, properties);
    for (const { to, toId, typeIds } of associations) this.#portal.associate(kind, record.id, to, toId, typeIds);
    this.counts.created[kind] += 1;
    return { status: 201, json: shownAfter(this.#portal, record, Object.keys(properties)) };
  }

  #search(kind: Kind, body: Json): Reply {
    const { total, records, after } = search(this.#portal, kind, body);
    const properties = textsOf(body["properties"]);
    const results = records.map((record) => shown(this.#portal, record, properties));
    return ok({ total, results, ...(after === undefined ? {} : { paging: next(after) }) });
  }

  #merge(kind: Kind, body: Json): Reply {
    const [primary, merged] = [textOf(body["primaryObjectId"]), textOf(body["objectIdToMerge"])];
    return ok(shown(this.#portal, this.#portal.merge(kind, primary, merged)));
  }

  #erase(kind: Kind, body: Json): Reply {
    if (kind !== "contacts") throw notFound();
    const idProperty = textOf(body["idProperty"]) || undefined;
    const id = textOf(body["objectId"]);
    this.#portal.erase(kind, this.#portal.findBy(kind, idProperty, id)?.id ?? id);
    return NOTHING;
  }
}

interface WantedAssociation {
  readonly to: Kind;
  readonly toId: string;
  readonly typeIds: readonly number[];
}

/** Checked before anything is made. */
export function associationsIn(body: Json, kind: Kind, portal: Portal): readonly WantedAssociation[] {
  return partsOf(body["associations"]).map((one) => {
    const toId = textOf(partOf(one["to"])["id"]);
    const typeIds = partsOf(one["types"]).map((type) => Number(type["associationTypeId"]));
    const to = portal.kindOfType(kind, typeIds[0] ?? 0);
    if (to === undefined) throw invalid(`${String(typeIds[0])} is not a valid association type of ${kind}`);
    if (portal.find(to, toId) === undefined) {
      throw new Refusal(404, "OBJECT_NOT_FOUND", `Object ${toId} does not exist`, { context: { toObjectId: [toId] } });
    }
    return { to, toId, typeIds };
  });
}

function post(call: Call): Json {
  if (call.method !== "POST") throw new Refusal(405, "", "Method not allowed");
  return bodyOf(call);
}

function next(after: string): Json {
  return { next: { after, link: `https://api.hubapi.com/?after=${after}` } };
}

function byNumber(one: string, other: string): number {
  return Number(one) - Number(other);
}

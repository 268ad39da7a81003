// Up to 200 records written in one call, or 2,000 read: always 200 when well formed, with what became of each inside.
import { refuse, Refusal } from "./errors.ts";
import type { Org } from "./org.ts";
import type { RowAnswer, RowRequest } from "./rows.ts";
import { project } from "./soql.ts";
import { asText } from "./values.ts";
import type { Body, Saved, Writes } from "./write.ts";

const WRITES_MAX = 200;
const READS_MAX = 2_000;
const WRITER = { isApi: true } as const;

export class Collections {
  readonly #org: Org;
  readonly #writes: Writes;

  constructor(org: Org, writes: Writes) {
    this.#org = org;
    this.#writes = writes;
  }

  /** `parts` are those below "/composite/sobjects". */
  answer(request: RowRequest): RowAnswer {
    const { method, parts, body, query } = request;
    const [object, field] = parts;
    if (object === undefined) {
      if (method === "DELETE") {
        const ids = (query.get("ids") ?? "").split(",").filter((id) => id !== "");
        return each(ids, (id) => this.#remove(id), false);
      }
      const records = recordsOf(body);
      if (method === "POST") return each(records, (one) => this.#writes.insert(typeOf(one), one, WRITER), false);
      return each(records, (one) => this.#update(one), false);
    }
    if (field !== undefined) return each(recordsOf(body), (one) => this.#upsert(object, field, one), true);
    return this.#read(object, request);
  }

  #read(object: string, { method, body, query, base }: RowRequest): RowAnswer {
    const isPost = method === "POST";
    const ids = isPost ? body["ids"] : query.get("ids")?.split(",");
    const names = isPost ? body["fields"] : query.get("fields")?.split(",");
    if (!Array.isArray(ids) || !Array.isArray(names))
      return refuse(400, "JSON_PARSER_ERROR", "ids and fields are wanted");
    if (ids.length > READS_MAX)
      refuse(400, "EXCEEDED_ID_LIMIT", `record limit reached. cannot submit more than ${READS_MAX} records`);
    const schema = this.#org.schema(object);
    const show = project(
      this.#org,
      schema,
      names.map((name) => ({ kind: "field", path: String(name).split(".") })),
      base,
    );
    const json = ids.map((id) => {
      if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(String(id)))
        refuse(400, "MALFORMED_ID", `malformed id ${String(id)}`);
      const row = this.#org.live(schema.facts.name, String(id));
      return row === undefined ? null : show(row);
    });
    return { status: 200, json };
  }

  #update(record: Body): Saved {
    const { id, Id = id, ...body } = record;
    return this.#writes.update(typeOf(record), asText(Id), body, WRITER);
  }

  #upsert(object: string, field: string, record: Body): Saved {
    const { [field]: key, ...body } = record;
    const schema = this.#org.schema(object);
    const facts = this.#org.field(schema, field);
    if (facts !== undefined && this.#writes.matches(schema, facts, asText(key)).length > 1) {
      refuse(400, "DUPLICATE_EXTERNAL_ID", `${field}: more than one record found for external id field`, [field]);
    }
    return this.#writes.upsert(object, field, asText(key), body, WRITER);
  }

  #remove(id: string): Saved {
    for (const { facts } of this.#org.schemas.values()) {
      if (facts.keyPrefix !== id.slice(0, 3)) continue;
      this.#writes.remove(facts.name, id, WRITER);
      return { id, created: false };
    }
    return refuse(404, "NOT_FOUND", "The requested resource does not exist");
  }
}

function recordsOf(body: Body): readonly Body[] {
  const { records } = body;
  if (!Array.isArray(records)) return refuse(400, "JSON_PARSER_ERROR", "records are wanted");
  if (records.length > WRITES_MAX) {
    return refuse(
      400,
      "EXCEEDED_ID_LIMIT",
      `record limit reached. cannot submit more than ${WRITES_MAX} records into this call`,
    );
  }
  return records as readonly Body[];
}

function typeOf({ attributes }: Body): string {
  const type = (attributes as { readonly type?: string } | undefined)?.type;
  return type ?? refuse(400, "INVALID_INPUT", "attributes.type is wanted");
}

function each<Item>(items: readonly Item[], write: (item: Item) => Saved, tellsCreated: boolean): RowAnswer {
  const json = items.map((item) => {
    try {
      const { id, created } = write(item);
      return { id, success: true, errors: [], ...(tellsCreated ? { created } : {}) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const errors = error.errors.map(({ errorCode, message, fields = [] }) => ({
        statusCode: errorCode,
        message,
        fields,
      }));
      return { success: false, errors };
    }
  });
  return { status: 200, json };
}

// sObject rows: one record made, read, changed and deleted, with the conditions that headers set.
import { NOT_THERE, refuse, Refusal } from "./errors.ts";
import { eighteen, type Org, type Row } from "./org.ts";
import { project } from "./soql.ts";
import { stampTime } from "./values.ts";
import type { Body, Writes } from "./write.ts";

export interface RowRequest {
  readonly method: string;
  /** Below "/sobjects": "Account", "001…" or "Ext__c", "value". */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly header: (name: string) => string | null;
  readonly base: string;
}

export interface RowAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;

export class Rows {
  readonly #org: Org;
  readonly #writes: Writes;

  constructor(org: Org, writes: Writes) {
    this.#org = org;
    this.#writes = writes;
  }

  answer(request: RowRequest): RowAnswer {
    const [object = "", key, value] = request.parts;
    const { name } = this.#org.schema(object).facts;
    if (key === undefined) return this.#create(name, request);
    return value === undefined ? this.#byId(name, key, request) : this.#byExternalId(name, key, value, request);
  }

  #create(object: string, { method, body, base, header }: RowRequest): RowAnswer {
    if (method !== "POST")
      return refuse(405, "METHOD_NOT_ALLOWED", `HTTP Method '${method}' not allowed. Allowed are GET,POST`);
    const { id } = this.#writes.insert(object, body, writerOf(header));
    return {
      status: 201,
      json: { id, success: true, errors: [] },
      headers: { location: `${base}/sobjects/${object}/${id}` },
    };
  }

  #byId(object: string, id: string, request: RowRequest): RowAnswer {
    const { method, body, header } = request;
    if (!ID.test(id)) throw new Refusal(404, [NOT_THERE]);
    if (method === "GET") return { status: 200, json: this.#read(object, this.#there(object, id), request) };
    const stopped = this.#stoppedBy(object, id, header);
    if (stopped !== undefined) return stopped;
    if (method === "PATCH") {
      this.#writes.update(object, id, body, writerOf(header));
      return { status: 204 };
    }
    if (method !== "DELETE") return refuse(405, "METHOD_NOT_ALLOWED", `HTTP Method '${method}' not allowed`);
    this.#writes.remove(object, id, { isApi: true });
    return { status: 204 };
  }

  #byExternalId(object: string, fieldName: string, value: string, request: RowRequest): RowAnswer {
    const { method, body, base, header } = request;
    const schema = this.#org.schema(object);
    const field = this.#org.field(schema, fieldName);
    if (field === undefined || (field.externalId !== true && field.name !== "Id")) {
      const message = `Provided external ID field does not exist or is not accessible: ${fieldName}`;
      return refuse(404, "NOT_FOUND", message);
    }
    const found = this.#writes.matches(schema, field, value);
    if (found.length > 1) {
      return { status: 300, json: found.map((row) => `${base}/sobjects/${object}/${String(row["Id"])}`) };
    }
    const [only] = found;
    if (method === "GET") {
      if (only === undefined) throw new Refusal(404, [NOT_THERE]);
      return { status: 200, json: this.#read(object, only, request) };
    }
    if (method === "DELETE") {
      if (only === undefined) throw new Refusal(404, [NOT_THERE]);
      this.#writes.remove(object, String(only["Id"]), { isApi: true });
      return { status: 204 };
    }
    if (method !== "PATCH") return refuse(405, "METHOD_NOT_ALLOWED", `HTTP Method '${method}' not allowed`);
    if (only === undefined && request.query.get("updateOnly") === "true") throw new Refusal(404, [NOT_THERE]);
    const { id, created } = this.#writes.upsert(object, fieldName, value, body, writerOf(header));
    return { status: created ? 201 : 200, json: { id, success: true, errors: [], created } };
  }

  #there(object: string, id: string): Row {
    const row = this.#org.row(object, id);
    if (row === undefined) throw new Refusal(404, [NOT_THERE]);
    if (row["IsDeleted"] === true) refuse(404, "ENTITY_IS_DELETED", "entity is deleted");
    return row;
  }

  #read(object: string, row: Row, { query, base }: RowRequest): object {
    const schema = this.#org.schema(object);
    const names = query.get("fields")?.split(",");
    const fields = names?.map((name) => ({ kind: "field", path: name.trim().split(".") }) as const);
    return project(this.#org, schema, fields ?? [{ kind: "all" }], base)(row);
  }

  #stoppedBy(object: string, id: string, header: RowRequest["header"]): RowAnswer | undefined {
    const since = header("if-unmodified-since");
    const row = this.#org.live(object, eighteen(id));
    if (since === null || row === undefined) return undefined;
    const at = Date.parse(since);
    if (Number.isNaN(at)) return refuse(400, "INVALID_HEADER", "If-Unmodified-Since is no date");
    return stampTime(String(row["LastModifiedDate"])) > at ? { status: 412 } : undefined;
  }
}

function writerOf(header: RowRequest["header"]): { readonly isApi: true; readonly allowDuplicates: boolean } {
  return { isApi: true, allowDuplicates: /allowSave\s*=\s*true/i.test(header("sforce-duplicate-rule-header") ?? "") };
}

// Jobs of Bulk API 2.0: queries that are worked on for a while and then fetched in pages, and loads of CSV whose rows succeed
// or fail one by one.
import { csvOf, rowsOf } from "./csv.ts";
import { refuse, Refusal } from "./errors.ts";
import type { SalesforceSimulatorSettings } from "./options.ts";
import type { Org } from "./org.ts";
import { find, project } from "./soql.ts";
import { parseQuery } from "./soql-parse.ts";
import { asText, csvText, stampText } from "./values.ts";
import type { Body, Writes } from "./write.ts";

type State = "Open" | "UploadComplete" | "InProgress" | "JobComplete" | "Failed" | "Aborted";

interface Job {
  readonly id: string;
  readonly kind: "query" | "ingest";
  readonly info: Body;
  readonly version: string;
  state: State;
  /** When the work on it began, in milliseconds since 1970. */
  beganAt: number | undefined;
  csv: string;
  results: readonly (readonly string[])[];
  successful: readonly (readonly string[])[];
  failed: readonly (readonly string[])[];
}

export interface BulkRequest {
  readonly method: string;
  /** Below "/jobs": "query", "750…", "results". */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
  readonly version: string;
}

export interface BulkAnswer {
  readonly status: number;
  readonly json?: object;
  readonly csv?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Bulk {
  /** How many of the next query jobs fail. */
  failNext = 0;
  readonly #org: Org;
  readonly #writes: Writes;
  readonly #settings: SalesforceSimulatorSettings;
  readonly #jobs = new Map<string, Job>();

  constructor(org: Org, writes: Writes, settings: SalesforceSimulatorSettings) {
    this.#org = org;
    this.#writes = writes;
    this.#settings = settings;
  }

  /** Jobs are forgotten, as after seven days. */
  forget(): void {
    this.#jobs.clear();
  }

  answer(request: BulkRequest): BulkAnswer {
    const [kind, id, part] = request.parts;
    if (kind !== "query" && kind !== "ingest") return refuse(404, "NOT_FOUND", "The requested resource does not exist");
    if (id === undefined) {
      if (request.method === "POST") return { status: 200, json: this.#make(kind, request) };
      const records = [...this.#jobs.values()].filter((job) => job.kind === kind).map((job) => this.#info(job));
      return { status: 200, json: { done: true, records, nextRecordsUrl: null } };
    }
    const job = this.#jobs.get(id);
    if (job?.kind !== kind) return refuse(404, "NOT_FOUND", `job not found: ${id}`);
    this.#work(job);
    if (part === undefined) return this.#job(job, request);
    return kind === "query" ? this.#results(job, part, request) : this.#ingestPart(job, part, request);
  }

  #make(kind: Job["kind"], { body, version }: BulkRequest): object {
    const info = JSON.parse(body) as Body;
    if (kind === "query") {
      const soql = asText(info["query"]);
      const query = parseQuery(soql);
      const { schema } = find(this.#org, { ...query, limit: 0 }, { deletedToo: false });
      if (query.offset > 0 || query.fields.some((field) => field.kind !== "field")) {
        refuse(400, "API_ERROR", "Aggregate Relationships, OFFSET and sub-queries are not supported in Bulk Query");
      }
      // Refuses what there is not, or what this user may not see.
      project(this.#org, schema, query.fields, "");
    } else this.#org.schema(asText(info["object"]));
    const id = this.#org.newId("750");
    const isQuery = kind === "query";
    const job: Job = {
      id,
      kind,
      info,
      version,
      state: isQuery ? "UploadComplete" : "Open",
      beganAt: isQuery ? this.#org.now() : undefined,
      csv: "",
      results: [],
      successful: [],
      failed: [],
    };
    this.#jobs.set(id, job);
    return this.#info(job);
  }

  #job(job: Job, { method, body }: BulkRequest): BulkAnswer {
    if (method === "DELETE") {
      this.#jobs.delete(job.id);
      return { status: 204 };
    }
    if (method === "PATCH") {
      const state = asText((JSON.parse(body) as Body)["state"]) as State;
      if (state === "UploadComplete" && job.state !== "Open") {
        refuse(400, "INVALIDJOBSTATE", `Invalid job state change from ${job.state} to ${state}`);
      }
      job.state = state;
      if (state === "UploadComplete") job.beganAt = this.#org.now();
    }
    return { status: 200, json: this.#info(job) };
  }

  /** A job's work is done at once when its time has come: until then nobody sees any of it. */
  #work(job: Job): void {
    if (job.state !== "UploadComplete" && job.state !== "InProgress") return;
    const isDue = this.#org.now() - (job.beganAt ?? 0) >= this.#settings.bulkJobMs;
    job.state = isDue ? "JobComplete" : "InProgress";
    if (!isDue) return;
    if (job.kind === "ingest") return this.#load(job);
    if (this.failNext > 0) {
      this.failNext -= 1;
      job.state = "Failed";
      return;
    }
    const query = parseQuery(String(job.info["query"]));
    const deletedToo = job.info["operation"] === "queryAll";
    const { schema, rows } = find(this.#org, query, { deletedToo });
    const fields = query.fields.flatMap((field) =>
      field.kind === "field" ? [schema.fields.get((field.path[0] ?? "").toLowerCase())] : [],
    );
    const known = fields.filter((field) => field !== undefined);
    job.results = [
      known.map((field) => field.name),
      ...rows.map((row) => known.map((field) => csvText(field, row[field.name] ?? null))),
    ];
  }

  #results(job: Job, part: string, { query, version }: BulkRequest): BulkAnswer {
    if (part !== "results") return refuse(404, "NOT_FOUND", "The requested resource does not exist");
    if (job.state !== "JobComplete") return refuse(400, "INVALIDJOBSTATE", `Job is not complete: ${job.state}`);
    if (job.version !== version) return refuse(409, "VERSION_MISMATCH", "The job was made with another version");
    const [names = [], ...rows] = job.results;
    const start = Number(Buffer.from(query.get("locator") ?? "", "base64").toString() || "0");
    if (!Number.isInteger(start)) return refuse(400, "INVALID_QUERY_LOCATOR", "invalid locator");
    const size = Math.min(Number(query.get("maxRecords") ?? this.#settings.bulkPageMax), this.#settings.bulkPageMax);
    const page = rows.slice(start, start + size);
    const isLast = start + size >= rows.length;
    const locator = isLast ? "null" : Buffer.from(String(start + size)).toString("base64");
    return {
      status: 200,
      csv: csvOf([names, ...page]),
      headers: { "sforce-numberofrecords": String(page.length), "sforce-locator": locator },
    };
  }

  #ingestPart(job: Job, part: string, { method, body }: BulkRequest): BulkAnswer {
    if (part === "batches" && method === "PUT") {
      if (job.state !== "Open" || job.csv !== "") refuse(400, "INVALIDJOBSTATE", "Found multiple contents for job");
      job.csv = body;
      return { status: 201 };
    }
    if (job.state === "Open") return refuse(400, "INVALIDJOBSTATE", "Job is still open");
    if (part === "successfulResults") return { status: 200, csv: csvOf(job.successful) };
    if (part === "failedResults") return { status: 200, csv: csvOf(job.failed) };
    if (part === "unprocessedrecords") return { status: 200, csv: csvOf(job.state === "Aborted" ? [] : []) };
    return refuse(404, "NOT_FOUND", "The requested resource does not exist");
  }

  #load(job: Job): void {
    const rows = rowsOf(job.csv);
    const names = Object.keys(rows[0] ?? {});
    const successful: string[][] = [["sf__Id", "sf__Created", ...names]];
    const failed: string[][] = [["sf__Id", "sf__Error", ...names]];
    for (const row of rows) {
      const cells = names.map((name) => row[name] ?? "");
      try {
        const { id, created } = this.#loadRow(job, row);
        successful.push([id, String(created), ...cells]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const [told] = error.errors;
        failed.push(["", `${told?.errorCode}:${told?.message}:${(told?.fields ?? []).join(", ")} --`, ...cells]);
      }
    }
    job.successful = successful;
    job.failed = failed;
  }

  #loadRow(job: Job, row: Readonly<Record<string, string>>): { readonly id: string; readonly created: boolean } {
    const object = String(job.info["object"]);
    const writer = { isApi: true };
    // An empty cell is passed over; this text empties the field.
    const given = Object.entries(row).filter(([, value]) => value !== "");
    const { Id: id = "", ...body } = Object.fromEntries(
      given.map(([name, value]) => [name, value === "#N/A" ? null : value]),
    );
    switch (job.info["operation"]) {
      case "insert":
        return this.#writes.insert(object, body, writer);
      case "update":
        return this.#writes.update(object, String(id), body, writer);
      case "upsert": {
        const field = String(job.info["externalIdFieldName"]);
        const { [field]: key, ...rest } = body;
        return this.#writes.upsert(object, field, asText(key), rest, writer);
      }
      default:
        this.#writes.remove(object, String(id), writer);
        if (job.info["operation"] === "hardDelete") this.#org.purge(this.#org.schema(object).facts.name, String(id));
        return { id: String(id), created: false };
    }
  }

  #info({ id, kind, info, version, state, successful, failed, results }: Job): object {
    const stamp = stampText(this.#org.now());
    return {
      id,
      operation: info["operation"],
      object: info["object"] ?? (kind === "query" ? parseQuery(String(info["query"])).from : undefined),
      createdById: this.#org.userId,
      createdDate: stamp,
      systemModstamp: stamp,
      state,
      concurrencyMode: "Parallel",
      contentType: "CSV",
      apiVersion: Number(version),
      lineEnding: info["lineEnding"] ?? "LF",
      columnDelimiter: info["columnDelimiter"] ?? "COMMA",
      ...(kind === "ingest"
        ? {
            jobType: "V2Ingest",
            contentUrl: `services/data/v${version}/jobs/ingest/${id}/batches`,
            externalIdFieldName: info["externalIdFieldName"],
            numberRecordsProcessed: Math.max(0, successful.length - 1) + Math.max(0, failed.length - 1),
            numberRecordsFailed: Math.max(0, failed.length - 1),
          }
        : { jobType: "V2Query", numberRecordsProcessed: Math.max(0, results.length - 1) }),
    };
  }
}

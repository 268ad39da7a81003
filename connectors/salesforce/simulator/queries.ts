// Queries and their next pages. A locator keeps which records were found; what they hold is shown as it is when the page is
// asked for, and what was deleted meanwhile is left out.
import type { Random } from "../../../src/world/world.ts";
import { refuse } from "./errors.ts";
import type { SalesforceSimulatorSettings } from "./options.ts";
import type { Org } from "./org.ts";
import { find, project } from "./soql.ts";
import { parseQuery, type Query } from "./soql-parse.ts";

const BATCH_MIN = 200;
const BATCH_MAX = 2_000;

interface Locator {
  readonly query: Query;
  readonly ids: readonly string[];
  readonly deletedToo: boolean;
  readonly batch: number;
  usedAt: number;
}

export interface QueryRequest {
  readonly soql: string;
  readonly deletedToo: boolean;
  /** "batchSize=200" */
  readonly options: string;
  /** "/services/data/v67.0" */
  readonly base: string;
}

export class Queries {
  readonly #org: Org;
  readonly #random: Random;
  readonly #settings: SalesforceSimulatorSettings;
  readonly #locators = new Map<string, Locator>();

  constructor(org: Org, random: Random, settings: SalesforceSimulatorSettings) {
    this.#org = org;
    this.#random = random;
    this.#settings = settings;
  }

  begin({ soql, deletedToo, options, base }: QueryRequest): object {
    const query = parseQuery(soql);
    const { schema, rows } = find(this.#org, query, { deletedToo });
    const [first] = query.fields;
    if (first?.kind === "count") {
      if (first.path === undefined) return { totalSize: rows.length, done: true, records: [] };
      const record = { attributes: { type: "AggregateResult" }, [first.alias]: rows.length };
      return { totalSize: 1, done: true, records: [record] };
    }
    const show = project(this.#org, schema, query.fields, base);
    const wanted = Number(/batchSize=(\d+)/i.exec(options)?.[1] ?? BATCH_MAX);
    const batch = Math.min(Math.max(wanted, BATCH_MIN), BATCH_MAX, this.#settings.queryBatchMax);
    if (rows.length <= batch) return { totalSize: rows.length, done: true, records: rows.map(show) };
    const name = `01g5e0000${Buffer.from(this.#random.bytes(5)).toString("hex")}`;
    const ids = rows.map((row) => String(row["Id"]));
    this.#locators.set(name, { query, ids, deletedToo, batch, usedAt: this.#org.now() });
    return {
      totalSize: rows.length,
      done: false,
      nextRecordsUrl: `${base}/query/${name}-${batch}`,
      records: rows.slice(0, batch).map(show),
    };
  }

  more(locator: string, base: string): object {
    const [name = "", from = ""] = locator.split("-");
    const kept = this.#locators.get(name);
    const start = Number(from);
    if (kept === undefined || !Number.isInteger(start) || this.#org.now() - kept.usedAt > this.#settings.locatorMs) {
      return refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    }
    kept.usedAt = this.#org.now();
    const schema = this.#org.schema(kept.query.from);
    const show = project(this.#org, schema, kept.query.fields, base);
    const end = start + kept.batch;
    const records = kept.ids.slice(start, end).flatMap((id) => {
      const row = this.#org.row(schema.facts.name, id);
      return row === undefined || (!kept.deletedToo && row["IsDeleted"] === true) ? [] : [show(row)];
    });
    const done = end >= kept.ids.length;
    return {
      totalSize: kept.ids.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${base}/query/${name}-${end}` }),
      records,
    };
  }
}

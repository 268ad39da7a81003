// Reads a file of records, CSV or NDJSON, as bounded batches of records in the resource's own shape.
import type { Schema } from "../define/schema.ts";
import { CsvFault, readCsv, type CsvOptions, type CsvRow } from "./read-csv.ts";
import { nest, pathsOf, type Path } from "./nested.ts";
import { readNdjson } from "./read-ndjson.ts";
import type { Row } from "./row.ts";
import { readersOf, type Reader } from "./typed.ts";

export type FileFormat = "csv" | "ndjson";

export interface ReadRecordsOptions extends CsvOptions {
  readonly format: FileFormat;
  /** The resource's schema: what types the texts of a CSV file have. */
  readonly schema?: Schema;
  /** The most rows of one batch. Default 500. */
  readonly batchRowsMax?: number;
}

/** Which format a file's name says; undefined: none we know. */
export function formatOf(fileName: string): FileFormat | undefined {
  if (/\.(csv|tsv)$/i.test(fileName)) return "csv";
  return /\.(ndjson|jsonl)$/i.test(fileName) ? "ndjson" : undefined;
}

export async function* readRecords(
  source: AsyncIterable<Uint8Array>,
  { format, schema, batchRowsMax = 500, ...csv }: ReadRecordsOptions,
): AsyncGenerator<readonly Row[]> {
  const parts = format === "csv" ? csvRecords(source, schema, csv) : readNdjson(source, csv);
  for await (const rows of parts) {
    for (let from = 0; from < rows.length; from += batchRowsMax) yield rows.slice(from, from + batchRowsMax);
  }
}

async function* csvRecords(
  source: AsyncIterable<Uint8Array>,
  schema: Schema | undefined,
  options: CsvOptions,
): AsyncGenerator<readonly Row[]> {
  let paths: readonly Path[] = [];
  let readers: readonly Reader[] = [];
  const recordOf = (row: CsvRow): Row => {
    if ("fault" in row) return row;
    const values = row.fields.map((text, index) => readers[index]?.(text));
    return { line: row.line, record: nest(paths, values) };
  };
  for await (const part of readCsv(source, options)) {
    if (part.kind === "header") {
      paths = headerPaths(part.columns);
      readers = schema === undefined ? paths.map(() => textOrNothing) : readersOf(schema, paths);
    } else {
      yield part.rows.map(recordOf);
    }
  }
}

const textOrNothing: Reader = (text) => (text === "" ? undefined : text);

function headerPaths(columns: readonly string[]): readonly Path[] {
  try {
    return pathsOf(columns);
  } catch (error) {
    throw new CsvFault(1, (error as Error).message);
  }
}

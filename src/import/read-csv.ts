// Reads a CSV file with a line of names, some rows at a time. Rows are told apart before they are parsed, so that a row
// that cannot be parsed is named with its line and the others are taken all the same.
import { parse } from "csv-parse/sync";
import { readLines, type Line } from "./read-lines.ts";
import { RecordSplitter, type RecordText } from "./split-records.ts";

/** The fields of one row in the order of the header, as text. */
export type CsvRow =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly fault: string };

export type CsvPart =
  | { readonly kind: "header"; readonly columns: readonly string[] }
  | { readonly kind: "rows"; readonly rows: readonly CsvRow[] };

export interface CsvOptions {
  /** What stands between two fields. Default: whichever of comma, semicolon and tab the header has most of. */
  readonly delimiter?: string;
  readonly lineBytesMax?: number;
}

/** The file as a whole cannot be read as CSV. */
export class CsvFault extends Error {
  override readonly name = "CsvFault";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const DELIMITERS = [",", ";", "\t"];

export async function* readCsv(source: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncGenerator<CsvPart> {
  let splitter: RecordSplitter | undefined;
  let delimiter = options.delimiter;
  let columns: readonly string[] | undefined;

  const read = (records: readonly RecordText[]): readonly CsvPart[] => {
    if (delimiter === undefined || records.length === 0) return [];
    if (columns !== undefined) return [{ kind: "rows", rows: rowsOf(records, delimiter, columns.length) }];
    const [first, ...rest] = records;
    if (first === undefined) return [];
    columns = columnsOf(first, delimiter);
    const header: CsvPart = { kind: "header", columns };
    return rest.length === 0 ? [header] : [header, { kind: "rows", rows: rowsOf(rest, delimiter, columns.length) }];
  };

  const limits = options.lineBytesMax === undefined ? {} : { lineBytesMax: options.lineBytesMax };
  for await (const lines of readLines(source, limits)) {
    delimiter ??= delimiterOf(lines[0]);
    splitter ??= new RecordSplitter(delimiter);
    yield* read(splitter.push(lines));
  }
  yield* read(splitter?.end() ?? []);
  if (columns === undefined) {
    throw new CsvFault(1, "the file has no header: expected a first line with the names of the columns");
  }
}

function delimiterOf(header: Line | undefined): string {
  if (header === undefined || "fault" in header) return ",";
  const count = (delimiter: string): number => header.text.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function columnsOf(header: RecordText, delimiter: string): readonly string[] {
  if ("fault" in header) throw new CsvFault(header.line, header.fault);
  const [row] = rowsOf([header], delimiter, undefined);
  if (row === undefined) throw new CsvFault(header.line, "the header is empty: expected the names of the columns");
  if ("fault" in row) throw new CsvFault(row.line, row.fault);
  const columns = row.fields.map((name) => name.trim());
  const nameless = columns.indexOf("");
  if (nameless !== -1) {
    throw new CsvFault(
      header.line,
      `column ${nameless + 1} has no name: expected a name for each column of the header; name it or take it out`,
    );
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new CsvFault(header.line, `two columns are called "${twice}": expected each name once in the header`);
  }
  return columns;
}

/** `width`: how many fields each row must have. */
function rowsOf(records: readonly RecordText[], delimiter: string, width: number | undefined): readonly CsvRow[] {
  const texts = records.flatMap((record) => ("fault" in record ? [] : [record.text]));
  const parsed = parseAll(texts, delimiter) ?? texts.map((text) => parseOne(text, delimiter));
  let next = 0;
  return records.map((record): CsvRow => {
    if ("fault" in record) return record;
    const fields = parsed[next++] ?? "the row is empty";
    if (typeof fields === "string") return { line: record.line, fault: fields };
    if (width === undefined || fields.length === width) return { line: record.line, fields };
    const fault = `the row has ${fields.length} fields: expected ${width}, as many as the header has names`;
    return { line: record.line, fault };
  });
}

/** Parses many records at once; undefined when any of them cannot be parsed, or they are not told apart alike. */
function parseAll(texts: readonly string[], delimiter: string): readonly (readonly string[])[] | undefined {
  try {
    const rows = parseText(texts.join("\n"), delimiter);
    return rows.length === texts.length ? rows : undefined;
  } catch {
    return undefined;
  }
}

function parseOne(text: string, delimiter: string): readonly string[] | string {
  try {
    const [fields, ...others] = parseText(text, delimiter);
    return fields !== undefined && others.length === 0 ? fields : "the row cannot be parsed: expected one row";
  } catch (error) {
    return `the row cannot be parsed: expected a field that holds a quote to be quoted whole, with "" for each quote in it; ${reasonOf(error)}`;
  }
}

function parseText(text: string, delimiter: string): readonly (readonly string[])[] {
  return parse(text, { delimiter, recordDelimiter: "\n", relaxColumnCount: true });
}

/** What csv-parse says, without its line, which counts from the text it was given. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const column = error instanceof Error && "column" in error ? Number(error.column) : Number.NaN;
  const place = Number.isInteger(column) ? ` in field ${column + 1}` : "";
  if (code === "INVALID_OPENING_QUOTE") return `a quote stands inside an unquoted text${place}`;
  if (code === "CSV_INVALID_CLOSING_QUOTE") return `text follows a closing quote${place}`;
  return code === "" ? String(error) : `${code}${place}`;
}

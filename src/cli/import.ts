// `bowline import FILE --to RESOURCE`: takes a file of records as a person's change, in bounded batches. A bad row is told
// with its file and line, and costs nothing but itself.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Control } from "../control.ts";
import { allSyncs, sourcesOf, type Project } from "../define/config.ts";
import { counted } from "../define/counted.ts";
import type { Resource } from "../define/resource.ts";
import { CsvFault } from "../import/read-csv.ts";
import { formatOf, readRecords, type FileFormat, type ReadRecordsOptions } from "../import/read-records.ts";
import type { Row } from "../import/row.ts";
import { ToldBefore } from "../import/told-before.ts";
import { examples, type Act } from "./act.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import { named } from "./named.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import { oneLine } from "./table.ts";

interface Options {
  readonly to: string;
  readonly format?: string;
  readonly delimiter?: string;
}

/** How many bad rows are told one by one; all are counted. */
const FAULTS_TOLD_MAX = 1000;

interface Imported {
  taken: number;
  faultCount: number;
  readonly faults: { readonly file: string; readonly line: number; readonly fault: string }[];
}

export function addImport(program: Command, act: Act): void {
  program
    .command("import")
    .argument("<file>", 'a .csv, .tsv, .ndjson or .jsonl file; "-" reads standard input')
    .requiredOption("--to <resource>", "the resource whose records these are, such as shop/orders")
    .option("--format <format>", "csv or ndjson, when the file's name does not tell")
    .option("--delimiter <text>", "what stands between two fields of a CSV file (default: found by its header)")
    .summary("take a file of records, CSV or NDJSON")
    .description(
      "Takes records in the resource's own shape, as if a person had changed them. Columns with dots are nested fields: customer.email, lineItems.0.title.\nEnds with 1 when rows were bad; the others are taken all the same.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline import orders.csv --to shop/orders", "a spreadsheet's rows"],
        ["zcat old.ndjson.gz | bowline import - --format ndjson --to shop/orders", "from another program"],
      ),
    )
    .action(
      act(async (session: Session, file: string, options: Options) => {
        const format = formatNamed(session, file, options.format);
        const imported = await session.withState(async ({ control }, { project }) => {
          const { id, resource } = resourceNamed(project, options.to);
          const csv = options.delimiter === undefined ? {} : { delimiter: options.delimiter };
          const toldBefore = new ToldBefore(resource);
          return await importFile(session, control, id, file, { format, schema: resource.schema, toldBefore, ...csv });
        });
        session.answer({ resource: options.to, file, ...imported }, () => {
          const bad =
            imported.faultCount === 0
              ? ""
              : `, ${counted(imported.faultCount, "bad row was", "bad rows were")} not (see above)`;
          return `${counted(imported.taken, "record")} of ${file} taken${bad}\n`;
        });
        return imported.faultCount === 0 ? EXIT.ok : EXIT.attention;
      }),
    );
}

async function importFile(
  session: Session,
  control: Control,
  resource: string,
  file: string,
  { toldBefore, ...options }: ReadRecordsOptions & { readonly toldBefore: ToldBefore },
): Promise<Imported> {
  const imported: Imported = { taken: 0, faultCount: 0, faults: [] };
  const source = await openSource(session, file);
  const progress = new Progress(session.shell, file);
  const tell = (line: number, fault: string): void => {
    imported.faultCount += 1;
    if (imported.faults.length >= FAULTS_TOLD_MAX) return;
    imported.faults.push({ file, line, fault });
    progress.end();
    session.note(oneLine(`${file}:${line}: ${fault}`));
    if (imported.faults.length === FAULTS_TOLD_MAX) session.note(`… further bad rows are only counted`);
  };
  const judge = async (row: Row): Promise<Row> => {
    const wasFull = toldBefore.isFull;
    const judged = await toldBefore.judge(row);
    if (toldBefore.isFull && !wasFull) {
      progress.end();
      session.note(
        oneLine(
          `${file}:${row.line}: so many records are compared with those of later lines; from here on no more are remembered`,
        ),
      );
    }
    return judged;
  };
  try {
    for await (const rows of readRecords(source.bytes, options)) {
      const judged: Row[] = [];
      for (const row of rows) judged.push(await judge(row));
      imported.taken += await takeRows(control, resource, judged, tell);
      const { read, size } = source.position();
      const text = `${imported.taken} taken, ${imported.faultCount} bad`;
      progress.step({ done: read, ...(size === undefined ? {} : { of: size }), text });
    }
  } catch (error) {
    if (error instanceof CsvFault) throw session.usage(`could not import ${file}:${error.line}: ${error.message}`);
    throw error;
  } finally {
    progress.end();
  }
  return imported;
}

/** Says how many were taken. */
async function takeRows(
  control: Control,
  resource: string,
  rows: readonly Row[],
  tell: (line: number, fault: string) => void,
): Promise<number> {
  const good = rows.filter((row) => "record" in row);
  const answer =
    good.length === 0
      ? { taken: 0, faults: [] }
      : await control.importRecords(
          resource,
          good.map(({ record }) => record),
        );
  // Rows are counted from 1 in the answer; told in the order of the file, with those that could not even be read.
  const refused = new Map(answer.faults.map(({ row, fault }) => [good[row - 1]?.line, fault]));
  for (const row of rows) {
    const fault = "fault" in row ? row.fault : refused.get(row.line);
    if (fault !== undefined) tell(row.line, fault);
  }
  return answer.taken;
}

interface Source {
  readonly bytes: AsyncIterable<Uint8Array>;
  position(): { readonly read: number; readonly size: number | undefined };
}

async function openSource(session: Session, file: string): Promise<Source> {
  if (file === "-") return { bytes: process.stdin, position: () => ({ read: 0, size: undefined }) };
  const path = resolve(session.shell.folder, file);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw session.usage(`could not read ${file}: expected a file at ${path}`);
  if (found.isDirectory()) throw session.usage(`could not read ${file}: expected a file and found a folder`);
  const stream = createReadStream(path);
  return { bytes: stream, position: () => ({ read: stream.bytesRead, size: found.size }) };
}

function formatNamed(session: Session, file: string, format: string | undefined): FileFormat {
  const found = format ?? formatOf(file);
  if (found === undefined) {
    throw session.usage(
      `could not tell the format of ${file}: expected .csv, .tsv, .ndjson or .jsonl, or --format csv`,
    );
  }
  return named("format", found, ["csv", "ndjson"]) as FileFormat;
}

function resourceNamed(project: Project, id: string): { readonly id: string; readonly resource: Resource } {
  const sources = new Map(
    allSyncs(project).flatMap((sync) => sourcesOf(sync).map(({ id, resource }) => [id, resource] as const)),
  );
  named("resource that a sync reads from", id, [...sources.keys()]);
  const resource = sources.get(id);
  if (resource === undefined) throw new CommandFault(EXIT.bug, `no resource ${id}`);
  return { id, resource };
}

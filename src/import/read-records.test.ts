// The import of files: bad rows are named by their line and cost nothing but themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { CsvFault } from "./read-csv.ts";
import { formatOf, readRecords, type ReadRecordsOptions } from "./read-records.ts";
import type { Row } from "./row.ts";

/** The file in chunks of so many bytes, as a disk may deliver it. */
async function* chunks(file: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(file);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(
  file: string | Uint8Array,
  options: Partial<ReadRecordsOptions> = {},
  chunkBytes = 65_536,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of readRecords(chunks(file, chunkBytes), { format: "csv", ...options })) rows.push(...batch);
  return rows;
}

const records = (rows: readonly Row[]): unknown[] => rows.map((row) => ("fault" in row ? row.fault : row.record));
const faultyLines = (rows: readonly Row[]): number[] => rows.flatMap((row) => ("fault" in row ? [row.line] : []));

test("a row is a record by the names of the header", async () => {
  const rows = await rowsOf("id,name\n1,Ada\n2,Grace\n");
  assert.deepEqual(rows, [
    { line: 2, record: { id: "1", name: "Ada" } },
    { line: 3, record: { id: "2", name: "Grace" } },
  ]);
});

test("a file reads alike however it is cut into chunks", async () => {
  const file = '\uFEFFid,note\r\n1,"two\r\nlines, 日本 and a ""quote"""\r\n2,plain\r\n';
  const whole = await rowsOf(file);
  assert.deepEqual(whole, [
    { line: 2, record: { id: "1", note: 'two\nlines, 日本 and a "quote"' } },
    { line: 4, record: { id: "2", note: "plain" } },
  ]);
  for (const size of [1, 2, 3, 7, 16]) assert.deepEqual(await rowsOf(file, {}, size), whole, `${size} bytes a chunk`);
});

test("columns with dots are nested fields and places of lists", async () => {
  const [row] = await rowsOf("id,customer.email,lines.0.sku,lines.1.sku\n1,a@b.c,A,B\n");
  assert.deepEqual(row, {
    line: 2,
    record: { id: "1", customer: { email: "a@b.c" }, lines: [{ sku: "A" }, { sku: "B" }] },
  });
});

test("an empty place of a list is no place", async () => {
  const [row] = await rowsOf("id,lines.0.sku,lines.1.sku\n1,,B\n");
  assert.deepEqual(row, { line: 2, record: { id: "1", lines: [{ sku: "B" }] } });
});

const BAD_ROWS: readonly (readonly [what: string, bad: string, fault: RegExp])[] = [
  ["a field too many", "2,b,c", /the row has 3 fields: expected 2/],
  ["a field too few", "2", /the row has 1 fields: expected 2/],
  ["a quote inside an unquoted text", '2,5" pipe', /a quote stands inside an unquoted text in field 2/],
  ["text after a closing quote", '2,"b" x', /text follows a closing quote/],
  ["a quote that never closes", '2,"b', /a quote on this line is never closed/],
];
for (const [what, bad, fault] of BAD_ROWS) {
  test(`${what} costs its own row only`, async () => {
    const rows = await rowsOf(`id,name\n1,a\n${bad}\n3,"c"\n4,d\n`);
    assert.deepEqual(faultyLines(rows), [3]);
    assert.match(String(records(rows)[1]), fault);
    assert.deepEqual(records(rows).toSpliced(1, 1), [
      { id: "1", name: "a" },
      { id: "3", name: "c" },
      { id: "4", name: "d" },
    ]);
  });
}

test("several quotes that never close cost a line each", async () => {
  const rows = await rowsOf('id,name\n1,"a\n2,b\n3,"c\n4,d\n');
  assert.deepEqual(faultyLines(rows), [2, 4]);
  assert.deepEqual(records(rows)[1], { id: "2", name: "b" });
  assert.deepEqual(records(rows)[3], { id: "4", name: "d" });
});

test("a line that is not UTF-8 costs its own row only", async () => {
  const file = Buffer.concat([Buffer.from("id,name\n1,"), Buffer.from([0xe9]), Buffer.from("\n2,b\n")]);
  const rows = await rowsOf(file);
  assert.deepEqual(faultyLines(rows), [2]);
  assert.deepEqual(records(rows)[1], { id: "2", name: "b" });
});

test("a line that is too long costs its own row only, and is not kept in memory", async () => {
  const rows = await rowsOf(`id,name\n1,${"x".repeat(5000)}\n2,b\n`, { lineBytesMax: 1000 }, 100);
  assert.match(String(records(rows)[0]), /too long: expected at most 1000 bytes and found 5002/);
  assert.deepEqual(records(rows)[1], { id: "2", name: "b" });
});

const BAD_HEADERS: readonly (readonly [header: string, message: RegExp])[] = [
  ["", /no header/],
  ["id,name,id\n1,a,b\n", /two columns are called "id"/],
  ["id,,name\n1,a,b\n", /column 2 has no name/],
  ["id,customer,customer.email\n1,a,b\n", /contradict each other/],
  ["id,a..b\n1,a\n", /names no field/],
  ["id,__proto__.x\n1,a\n", /names no field/],
  ["id,lines.5000000.x\n1,a\n", /at most 999/],
];
for (const [header, message] of BAD_HEADERS) {
  test(`the header ${JSON.stringify(header.split("\n")[0])} stops the import`, async () => {
    await assert.rejects(rowsOf(header), (error) => error instanceof CsvFault && message.test(error.message));
  });
}

test("semicolons and tabs are found by the header", async () => {
  const expected = [{ id: "1", name: "a,b" }];
  assert.deepEqual(records(await rowsOf("id;name\n1;a,b\n")), expected);
  assert.deepEqual(records(await rowsOf("id\tname\n1\ta,b\n")), expected);
  assert.deepEqual(records(await rowsOf("id|name\n1|a,b\n", { delimiter: "|" })), expected);
});

test("the schema gives texts their types", async () => {
  const schema = z.object({
    id: z.string(),
    total: z.number(),
    paid: z.boolean(),
    note: z.string().nullable(),
    tag: z.string().optional(),
    either: z.union([z.string(), z.number()]),
    customer: z.object({ age: z.number().int().nullable() }).optional(),
    lines: z.array(z.object({ quantity: z.number() })),
  });
  const file =
    "id,total,paid,note,tag,either,customer.age,lines.0.quantity,unknown\n" +
    "007,12.50,yes,,,1e3,42,3,x\n" +
    "2,twelve,false,n,t,y,,4,\n";
  assert.deepEqual(records(await rowsOf(file, { schema })), [
    {
      id: "007",
      total: 12.5,
      paid: true,
      note: null,
      either: "1e3",
      customer: { age: 42 },
      lines: [{ quantity: 3 }],
      unknown: "x",
    },
    {
      id: "2",
      total: "twelve",
      paid: false,
      note: "n",
      tag: "t",
      either: "y",
      customer: { age: null },
      lines: [{ quantity: 4 }],
    },
  ]);
});

test("a list in one column is read as JSON", async () => {
  const schema = z.object({ tags: z.array(z.string()) });
  assert.deepEqual(records(await rowsOf('tags\n"[""a"",""b""]"\n', { schema })), [{ tags: ["a", "b"] }]);
});

test("a schema that does not describe itself leaves texts alone", async () => {
  const schema = { "~standard": { version: 1, vendor: "own", validate: (value: unknown) => ({ value }) } } as const;
  assert.deepEqual(records(await rowsOf("id,n\n1,2\n", { schema })), [{ id: "1", n: "2" }]);
});

test("NDJSON rows keep their types, and a bad one is named by its line", async () => {
  const file = '{"id":1}\n\n[2]\n{"id":3\n{"id":4}';
  const rows = await rowsOf(file, { format: "ndjson" });
  assert.deepEqual(faultyLines(rows), [3, 4]);
  assert.match(String(records(rows)[1]), /expected one JSON object and found a list/);
  assert.deepEqual(records(rows).at(-1), { id: 4 });
});

test("a number that JavaScript cannot hold keeps its digits, in either format and as the provider's answers do", async () => {
  const exact = "9007199254740993";
  const fromJson = await rowsOf(`{"id":${exact},"lines":[{"id":${exact}}]}`, { format: "ndjson" });
  assert.deepEqual(records(fromJson), [{ id: exact, lines: [{ id: exact }] }]);
  const schema = z.object({ id: z.number(), lines: z.array(z.object({ id: z.number() })) });
  const fromCsv = await rowsOf(`id,lines\n${exact},"[{""id"":${exact}}]"\n`, { schema });
  assert.deepEqual(records(fromCsv), [{ id: exact, lines: [{ id: exact }] }]);
});

test("an NDJSON row that tells a name twice is named by its line", async () => {
  const rows = await rowsOf('{"id":1,"id":2}\n{"id":3}', { format: "ndjson" });
  assert.match(String(records(rows)[0]), /wanted each key once in an object/);
  assert.deepEqual(records(rows).at(-1), { id: 3 });
});

test("batches are no larger than asked for", async () => {
  const file = `id\n${Array.from({ length: 1201 }, (_, index) => `r${index}`).join("\n")}\n`;
  const sizes: number[] = [];
  for await (const batch of readRecords(chunks(file, 1 << 20), { format: "csv", batchRowsMax: 500 })) {
    sizes.push(batch.length);
  }
  assert.deepEqual(sizes, [500, 500, 201]);
});

test("the format is told by the file's name", () => {
  assert.deepEqual(["a.csv", "a.TSV", "a.ndjson", "a.jsonl", "a.xlsx"].map(formatOf), [
    "csv",
    "csv",
    "ndjson",
    "ndjson",
    undefined,
  ]);
});

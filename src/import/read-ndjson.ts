// Reads a file of one JSON object a line, some rows at a time; as strictly as an answer of the provider, so that a number with many
// digits is the same key by either way.
import { parseJsonStrict } from "../call/json.ts";
import { readLines, type LineLimits } from "./read-lines.ts";
import type { Row } from "./row.ts";

export async function* readNdjson(
  source: AsyncIterable<Uint8Array>,
  limits: LineLimits = {},
): AsyncGenerator<readonly Row[]> {
  for await (const lines of readLines(source, limits)) {
    const rows: Row[] = [];
    for (const line of lines) {
      if ("fault" in line) rows.push(line);
      else if (line.text.trim() !== "") rows.push(parse(line.line, line.text));
    }
    if (rows.length > 0) yield rows;
  }
}

function parse(line: number, text: string): Row {
  try {
    const record: unknown = parseJsonStrict(text);
    if (typeof record === "object" && record !== null && !Array.isArray(record)) return { line, record };
    const found = Array.isArray(record) ? "a list" : JSON.stringify(record);
    return { line, fault: `the line is no record: expected one JSON object and found ${found}` };
  } catch (error) {
    return { line, fault: `the line is not JSON: expected one whole object a line; ${(error as Error).message}` };
  }
}

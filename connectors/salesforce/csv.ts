// Turns the CSV of the Bulk API into records as the REST API shows them, so that the same record is the same bytes however
// it was listed.
import { parse } from "csv-parse/sync";
import { numberText } from "../../src/define/exact-numbers.ts";
import type { SalesforceObject } from "./object.ts";
import { dateTimeText, type FieldKind } from "./shapes.ts";
import type { SalesforceRecord } from "./soql.ts";

export function recordsOfCsv(csv: string, { kinds }: Pick<SalesforceObject, "kinds">): readonly SalesforceRecord[] {
  const rows = parse(csv, { columns: true, skip_empty_lines: true, bom: true }) as Readonly<Record<string, string>>[];
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, valueOf(value, kinds.get(name) ?? "text")]),
      ) as SalesforceRecord,
  );
}

/** An empty column is a field without a value. */
function valueOf(value: string, kind: FieldKind): unknown {
  if (value === "") return null;
  switch (kind) {
    case "boolean":
      return value === "true";
    case "number":
      return Number(value);
    case "money":
    case "decimal":
      return numberText(value, kind) ?? value;
    case "dateTime":
      return dateTimeText(value);
    case "date":
    case "text":
      return value;
  }
}

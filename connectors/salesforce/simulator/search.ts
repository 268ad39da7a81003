// Searches text in all fields of the objects that are named: enough SOSL for clients that look somebody up.
import { refuse } from "./errors.ts";
import type { Org } from "./org.ts";
import { project } from "./soql.ts";

const RESULTS_MAX = 2_000;

export function search(org: Org, sosl: string, base: string): object {
  const parts = /^\s*FIND\s*\{((?:[^}\\]|\\.)*)\}(?:\s+IN\s+\w+\s+FIELDS)?(?:\s+RETURNING\s+([\s\S]+))?$/i.exec(sosl);
  if (parts === null)
    return refuse(400, "MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces.");
  const term = (parts[1] ?? "").replace(/\\(.)/g, "$1").replace(/\*/g, "").toLowerCase();
  if (term.length < 2) refuse(400, "MALFORMED_SEARCH", "search term must be longer than one character");
  const searchRecords = [...(parts[2] ?? "Account").matchAll(/(\w+)\s*(?:\(([^)]*)\))?\s*,?/g)].flatMap((found) => {
    const schema = org.schema(found[1] ?? "");
    const names = (found[2] ?? "Id").split(",").map((name) => name.trim());
    const show = project(
      org,
      schema,
      names.map((name) => ({ kind: "field", path: [name] })),
      base,
    );
    return [...org.rows(schema.facts.name)]
      .filter((row) => row["IsDeleted"] === false)
      .filter((row) =>
        Object.values(row).some((value) => typeof value === "string" && value.toLowerCase().includes(term)),
      )
      .map(show);
  });
  return { searchRecords: searchRecords.slice(0, RESULTS_MAX) };
}

// What is kept beside the reason of a parked record, as lines that a person reads: the same on the page and at the command
// line. What the reason says already is left out.

export type DetailLine = readonly [name: string, text: string];

export function parkedDetail(detail: unknown, reason: string): readonly DetailLine[] {
  if (detail === undefined) return [];
  const facts = isFacts(detail) ? detail : { detail };
  return Object.entries(facts).flatMap(([name, value]) => {
    if (name === "problems" && Array.isArray(value)) return value.flatMap(problemLine);
    const text = textOf(value);
    return text === "" || reason.includes(text) ? [] : [[name, text] as const];
  });
}

/** One field that the mapping could not fill: from what, and by which rule. */
function problemLine(problem: unknown): readonly DetailLine[] {
  if (!isFacts(problem)) return [];
  const { field, value, rule } = problem;
  if (typeof field !== "string" || typeof rule !== "string") return [];
  const got = typeof value === "string" && value !== "" ? value : "no value";
  return [[field === "" ? "mapping" : field, `got ${got}; the rule is: ${rule}`]];
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ");
  return JSON.stringify(value) ?? "";
}

function isFacts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

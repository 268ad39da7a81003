// Do the rules fit the target's schema? The compiler asks this of TypeScript; here it is asked of everybody, by letting
// the schema itself judge an empty object and one with nothing but the field in question.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { RuleNode } from "../mapping/rule-node.ts";
import type { Project } from "./config.ts";
import { type Findings, suggestion } from "./fault.ts";
import { issuePath, type Schema } from "./schema.ts";

export function checkFields({ syncs }: Project, findings: Findings): void {
  for (const { name, mapping, to } of syncs) {
    const place = `sync ${name} › map`;
    if (mapping.fault !== undefined) findings.errors.push({ place, message: mapping.fault });
    const schema = to?.resource.write?.fields as Schema | undefined;
    if (schema !== undefined && mapping.rules !== undefined) checkRules(mapping.rules, schema, place, findings);
  }
}

function checkRules(
  rules: Readonly<Record<string, RuleNode>>,
  schema: Schema,
  place: string,
  { errors }: Findings,
): void {
  const required = requiredFields(schema);
  if (required === undefined) return;
  for (const field of Object.keys(rules)) {
    if (required.includes(field) || isKnown(schema, field)) continue;
    const known = knownFields(schema) ?? required;
    const unruled = known.filter((name) => !(name in rules));
    errors.push({
      place: `${place} › ${field}`,
      message: `the target has no field of this name.${suggestion(field, unruled)}`,
    });
  }
  for (const field of required) {
    const rule = rules[field];
    if (rule === undefined) {
      errors.push({ place: `${place} › ${field}`, message: "the target requires this field: expected a rule for it" });
    } else if (mayBeLeftOut(rule)) {
      errors.push({
        place: `${place} › ${field}`,
        message: "the target requires this field, but its rule may leave it out: expected .or(…) or .orPark(…)",
      });
    }
  }
}

function mayBeLeftOut(rule: RuleNode): boolean {
  if (rule.kind === "table" && rule.otherwise?.kind === "omit") return true;
  return "ifMissing" in rule && rule.ifMissing?.kind === "omit";
}

/** The fields that an empty object lacks; undefined where the schema does not tell. */
export function requiredFields(schema: Schema): readonly string[] | undefined {
  const paths = issuePaths(schema, {});
  return paths?.some((path) => path.length === 0) ? undefined : paths?.flatMap(([first]) => String(first));
}

/** A field that the schema does not know is either refused as such or not among those it lists. */
export function isKnown(schema: Schema, field: string): boolean {
  const refused = issuePaths(schema, { [field]: Symbol(field) })?.some((path) => path.length === 0);
  if (refused === true) return false;
  return knownFields(schema)?.includes(field) ?? true;
}

/** Schemas of objects commonly list their fields as `shape`; one with a `catchall` takes any others too. */
export function knownFields(schema: Schema): readonly string[] | undefined {
  const { shape, def } = schema as { readonly shape?: unknown; readonly def?: { readonly catchall?: unknown } };
  if (typeof shape !== "object" || shape === null) return undefined;
  const isStrict = issuePaths(schema, { "\u0000": 0 })?.some((path) => path.length === 0) ?? false;
  return def?.catchall === undefined || isStrict ? Object.keys(shape) : undefined;
}

/** What does not fit where it stands; the fields that are not there are not judged. Nothing where the schema does not tell. */
export function unfit(schema: Schema, fields: Readonly<Record<string, unknown>>): readonly StandardSchemaV1.Issue[] {
  return (issues(schema, fields) ?? []).filter((issue) => {
    const [field] = issuePath(issue);
    return field !== undefined && Object.hasOwn(fields, field);
  });
}

function issuePaths(schema: Schema, value: unknown): readonly (readonly PropertyKey[])[] | undefined {
  return issues(schema, value)?.map(issuePath);
}

function issues(schema: Schema, value: unknown): readonly StandardSchemaV1.Issue[] | undefined {
  try {
    const result = schema["~standard"].validate(value);
    if (!(result instanceof Promise)) return result.issues ?? [];
    // Zod makes a promise also of a rule that throws; nobody else waits for it, and alone it would end the process.
    result.catch(() => undefined);
    return undefined;
  } catch {
    return undefined;
  }
}

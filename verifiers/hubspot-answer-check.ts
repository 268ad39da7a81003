// Holds an answer of our simulator against the models of HubSpot's own SDK, which were made from its published
// specification: every field known, every value of its kind.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

interface Model {
  readonly attributeTypeMap: readonly Attribute[];
}

/** What does not fit, with its place. */
export function misfits(api: string, model: string, answer: unknown): readonly string[] {
  const found: string[] = [];
  walk(api, model, answer, "answer", found);
  return found;
}

const SIMPLE: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  "string | null": (value) => typeof value === "string" || value === null,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  Date: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  any: () => true,
};

function walk(api: string, type: string, value: unknown, place: string, found: string[]): void {
  const simple = SIMPLE[type];
  if (simple !== undefined) {
    if (!simple(value)) found.push(`${place}: ${JSON.stringify(value)} is no ${type}`);
    return;
  }
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  if (item !== undefined) {
    if (!Array.isArray(value)) found.push(`${place}: no list`);
    else value.forEach((one, index) => walk(api, item, one, `${place}[${index}]`, found));
    return;
  }
  const [, each] = /^\{ \[key: string\]: (.+); \}$/.exec(type) ?? [];
  const members = typeof value === "object" && value !== null ? Object.entries(value) : undefined;
  if (members === undefined) {
    // Enumerations are text; which, only TypeScript knows.
    if (!type.endsWith("Enum") || typeof value !== "string") found.push(`${place}: no ${type}`);
    return;
  }
  const attributes = each === undefined ? modelOf(api, type).attributeTypeMap : [];
  for (const [name, member] of members) {
    const known = each ?? attributes.find(({ baseName }) => baseName === name)?.type;
    if (known === undefined) found.push(`${place}.${name}: unknown to ${type}`);
    else walk(api, known, member, `${place}.${name}`, found);
  }
}

function modelOf(api: string, name: string): Model {
  const models = require(`@hubspot/api-client/lib/codegen/${api}/models/${name}.js`) as Record<string, Model>;
  const model = models[name];
  if (model === undefined) throw new Error(`Could not check an answer: the SDK has no model ${name} of ${api}`);
  return model;
}

// Gives the texts of a CSV file the types that the resource's schema asks for. A schema that does not describe itself
// leaves texts as they are; whether a record fits is still judged by the schema itself when it is taken.
import { exactNumber, parseJsonStrict } from "../call/json.ts";
import type { Schema } from "../define/schema.ts";
import type { Path } from "./nested.ts";

/** Turns a field's text into its value; undefined: the field is left out. */
export type Reader = (text: string) => unknown;

interface Shape {
  readonly [name: string]: unknown;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const TRUE = new Set(["true", "yes", "1"]);
const FALSE = new Set(["false", "no", "0"]);

/** One reader for each path. */
export function readersOf(schema: Schema, paths: readonly Path[]): readonly Reader[] {
  const root = describe(schema);
  return paths.map((path) => (root === undefined ? asText : readerOf(shapeAt(root, path))));
}

/** The schema as JSON Schema, when its library can tell. */
function describe(schema: Schema): Shape | undefined {
  const standard: object = schema["~standard"];
  const converter = "jsonSchema" in standard ? (standard.jsonSchema as { input?: (options: object) => unknown }) : {};
  try {
    const shape = converter.input?.({ target: "draft-2020-12", libraryOptions: { unrepresentable: "any" } });
    return isShape(shape) ? shape : undefined;
  } catch {
    return undefined;
  }
}

const isShape = (value: unknown): value is Shape =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The shapes that a value may have: references followed, alternatives side by side. */
function alternatives(shape: unknown, root: Shape, depth = 0): readonly Shape[] {
  if (!isShape(shape) || depth > 8) return [];
  const reference = shape["$ref"];
  if (typeof reference === "string") return alternatives(resolve(reference, root), root, depth + 1);
  const choices = shape["anyOf"] ?? shape["oneOf"] ?? shape["allOf"];
  if (Array.isArray(choices)) return choices.flatMap((choice) => alternatives(choice, root, depth + 1));
  return [shape];
}

function resolve(reference: string, root: Shape): unknown {
  let at: unknown = root;
  for (const part of reference.replace(/^#\/?/, "").split("/")) {
    if (part !== "") at = isShape(at) ? at[part.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return at;
}

function shapeAt(root: Shape, path: Path): readonly Shape[] {
  let at = alternatives(root, root);
  for (const part of path) {
    at = at.flatMap((inner) => {
      if (typeof part === "number") return alternatives(inner["items"], root);
      const properties = inner["properties"];
      if (isShape(properties) && Object.hasOwn(properties, part)) return alternatives(properties[part], root);
      return alternatives(inner["additionalProperties"], root);
    });
  }
  return at;
}

const asText: Reader = (text) => (text === "" ? undefined : text);

/** Where text is allowed it stays text: "007" and "1e3" are names somewhere. */
function readerOf(shapes: readonly Shape[]): Reader {
  const types = new Set(shapes.flatMap((shape) => shape["type"]));
  const takesText = types.has("string") || types.size === 0;
  return (text) => {
    if (text === "") return types.has("null") ? null : undefined;
    if (takesText) return text;
    if (types.has("number") || types.has("integer")) {
      if (NUMBER.test(text.trim())) return exactNumber(text.trim());
    }
    if (types.has("boolean")) {
      const word = text.trim().toLowerCase();
      if (TRUE.has(word)) return true;
      if (FALSE.has(word)) return false;
    }
    if (types.has("object") || types.has("array")) return fromJson(text);
    // It fits no type: the schema will say so, with the field's name.
    return text;
  };
}

function fromJson(text: string): unknown {
  try {
    return parseJsonStrict(text);
  } catch {
    return text;
  }
}

// Holds answers against Xero's published OpenAPI document: types, enumerations, formats, and no field that neither its
// schemas nor its own examples know.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const Ajv = require("ajv").default as typeof import("ajv").default;
const addFormats = require("ajv-formats").default as typeof import("ajv-formats").default;

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Kept beside the project, since it is not ours to copy. */
const DOCUMENT_PATH = join(ROOT, "..", "shared", "specs", "xero", "xero_accounting.yaml");
export const hasDocument: boolean = existsSync(DOCUMENT_PATH);

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

interface Operation {
  readonly method: string;
  readonly template: string;
  readonly path: RegExp;
  /** By status; the name of the schema that answers fit. */
  readonly schemas: ReadonlyMap<number, string>;
}

export interface AnswerCheck {
  /** What does not fit; empty: all does. `path` is below the API. */
  faults(method: string, path: string, status: number, body: unknown): readonly string[];
  /** Each operation of which an answer was checked, with how many. */
  readonly checked: ReadonlyMap<string, number>;
}

export function answerCheck(): AnswerCheck {
  const document = parse(readFileSync(DOCUMENT_PATH, "utf8")) as Json;
  const components = document["components"] as Json;
  const schemas = components["schemas"] as Readonly<Record<string, Json>>;
  const operations = operationsOf(document["paths"] as Json, components);
  const further = fieldsOfExamples(document["paths"] as Json, schemas);
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(closed(name, schema, further), `#${name}`);
  const checked = new Map<string, number>();
  return {
    checked,
    faults(method, path, status, body) {
      const operation = operations.find((one) => one.method === method && one.path.test(path));
      if (operation === undefined) return [`${method} ${path} is no operation of the document`];
      // The document does not name every error that it describes.
      const schema = operation.schemas.get(status) ?? (status >= 400 ? "Error" : undefined);
      if (schema === undefined) return [`${method} ${operation.template} has no answer with status ${status}`];
      const name = `${method} ${operation.template} ${status}`;
      checked.set(name, (checked.get(name) ?? 0) + 1);
      const validate = ajv.getSchema(`#${schema}`);
      if (validate === undefined) return [`there is no schema ${schema}`];
      if (validate(body) === true) return [];
      return (validate.errors ?? []).map(({ instancePath, message = "", params }) =>
        [name, instancePath, message, JSON.stringify(params)].join(" "),
      );
    },
  };
}

function operationsOf(paths: Json, components: Json): readonly Operation[] {
  const shared = components["responses"] as Readonly<Record<string, Json>>;
  return Object.entries(paths).flatMap(([template, item]) =>
    Object.entries(item as Json).flatMap(([method, operation]): Operation[] => {
      if (!isJson(operation) || !isJson(operation["responses"])) return [];
      const answers = Object.entries(operation["responses"]).flatMap(([status, response]) => {
        const name = schemaName(isJson(response) ? resolved(response, shared) : {});
        return name === undefined ? [] : [[Number(status), name] as const];
      });
      const path = new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
      return [{ method: method.toUpperCase(), template, path, schemas: new Map(answers) }];
    }),
  );
}

function resolved(response: Json, shared: Readonly<Record<string, Json>>): Json {
  const reference = response["$ref"];
  return typeof reference === "string" ? (shared[lastPart(reference)] ?? {}) : response;
}

function schemaName(response: Json): string | undefined {
  const content = (response["content"] as Json | undefined)?.["application/json"] as Json | undefined;
  const reference = (content?.["schema"] as Json | undefined)?.["$ref"];
  return typeof reference === "string" ? lastPart(reference) : undefined;
}

const lastPart = (reference: string): string => reference.split("/").at(-1) ?? "";

/** The document's examples show fields that its schemas forget, such as DateString: by schema. */
function fieldsOfExamples(
  paths: Json,
  schemas: Readonly<Record<string, Json>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const walk = (name: string, value: unknown): void => {
    const properties = schemas[name]?.["properties"];
    if (!isJson(value) || !isJson(properties)) return;
    for (const [field, inner] of Object.entries(value)) {
      const property = properties[field];
      if (!isJson(property)) {
        found.set(name, (found.get(name) ?? new Set()).add(field));
        continue;
      }
      const of = isJson(property["items"]) ? property["items"] : property;
      if (typeof of["$ref"] !== "string") continue;
      for (const one of Array.isArray(inner) ? (inner as unknown[]) : [inner]) walk(lastPart(of["$ref"]), one);
    }
  };
  for (const item of Object.values(paths)) {
    for (const operation of Object.values(item as Json)) {
      if (!isJson(operation) || !isJson(operation["responses"])) continue;
      for (const response of Object.values(operation["responses"])) {
        const content = isJson(response) ? (response["content"] as Json | undefined) : undefined;
        const media = content?.["application/json"];
        const name = isJson(response) ? schemaName(response) : undefined;
        if (isJson(media) && name !== undefined) walk(name, media["example"]);
      }
    }
  }
  return found;
}

/** What a refused record held is shown again with its faults: these may hold anything. */
const OPEN = new Set(["Element"]);
/** Around every list there is an envelope. */
const ENVELOPE = ["Id", "Status", "ProviderName", "DateTimeUTC"];

function closed(name: string, schema: Json, further: ReadonlyMap<string, ReadonlySet<string>>): Json {
  const result = plain(schema) as Record<string, unknown>;
  const properties = result["properties"];
  if (!isJson(properties) || OPEN.has(name)) return result;
  const more = [...(further.get(name) ?? []), ...("x-objectArrayKey" in schema ? ENVELOPE : [])];
  const extra = Object.fromEntries(more.map((field) => [field, {}]));
  return { ...result, properties: { ...extra, ...properties }, additionalProperties: false };
}

/** Beside a reference nothing counts; and examples are not checked. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isJson(value)) return value;
  const reference = value["$ref"];
  if (typeof reference === "string") return { $ref: `#${lastPart(reference)}` };
  const kept = Object.entries(value).filter(([key]) => !["example", "default", "externalDocs"].includes(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, plain(inner)]));
}

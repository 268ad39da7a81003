// Values as Salesforce takes, keeps and shows them: what it trims, rounds and refuses, and how its numbers look in JSON.
import { Big } from "big.js";
import { refuse } from "./errors.ts";
import type { FieldFacts } from "./schema.ts";

export type Value = string | number | boolean | null;

const JsonText = JSON as unknown as { rawJSON(text: string): unknown };
const ROUND_HALF_UP = 1;
/** From here on a double is shown with an exponent. */
const PLAIN_MAX = 1e7;
const PLAIN_MIN = 1e-3;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The value as it is kept. */
export function kept(field: FieldFacts, given: unknown): Value {
  if (given === null || given === undefined) return null;
  switch (field.type) {
    case "boolean":
      return typeof given === "boolean"
        ? given
        : given === "true"
          ? true
          : given === "false"
            ? false
            : wrong(field, given);
    case "int":
    case "currency":
    case "double":
    case "percent":
      return number(field, given);
    case "date":
      return typeof given === "string" && DATE.test(given) ? given : wrong(field, given);
    case "datetime":
      return dateTime(field, given);
    default:
      return text(field, given);
  }
}

function number(field: FieldFacts, given: unknown): number | null {
  if (given === "") return null;
  const value = typeof given === "number" ? given : typeof given === "string" ? Number(given) : Number.NaN;
  if (!Number.isFinite(value)) return wrong(field, given);
  if (field.type === "int") return Number.isInteger(value) ? value : wrong(field, given);
  return Number(new Big(value).round(field.scale ?? 2, ROUND_HALF_UP).toString());
}

function dateTime(field: FieldFacts, given: unknown): string {
  const parts = typeof given === "string" ? DATE_TIME.exec(given) : null;
  if (parts === null) return wrong(field, given);
  const offset = (parts[2] ?? "Z").replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
  return stampText(Date.parse(`${parts[1]}${offset}`));
}

function text(field: FieldFacts, given: unknown): string | null {
  if (typeof given !== "string") return wrong(field, given);
  const trimmed = field.type === "textarea" ? given : given.trim();
  if (trimmed === "") return null;
  if (field.length !== undefined && trimmed.length > field.length) {
    const label = field.name;
    refuse(
      400,
      "STRING_TOO_LONG",
      `${label}: data value too large: ${trimmed.slice(0, 60)} (max length=${field.length})`,
      [label],
    );
  }
  if (field.type === "email" && !EMAIL.test(trimmed)) {
    refuse(400, "INVALID_EMAIL_ADDRESS", `${field.name}: invalid email address: ${trimmed}`, [field.name]);
  }
  if (field.values !== undefined && !field.values.includes(trimmed)) {
    const message = `${field.name}: bad value for restricted picklist field: ${trimmed}`;
    refuse(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [field.name]);
  }
  return trimmed;
}

function wrong(field: FieldFacts, given: unknown): never {
  const message = `Cannot deserialize instance of ${field.type} from VALUE_STRING value ${String(given)} or request may be missing a required field`;
  return refuse(400, "JSON_PARSER_ERROR", message);
}

/** Text, or a number as text; anything else is none. */
export function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** "2026-11-21T05:11:00.000+0000", cut to the second. */
export function stampText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}.000+0000`;
}

export function stampTime(text: string): number {
  return Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
}

const DOUBLES: ReadonlySet<FieldFacts["type"]> = new Set(["currency", "double", "percent"]);

/** As JSON shows it: a double always has a point, and from eight digits on an exponent. */
export function shown(field: FieldFacts, value: Value): unknown {
  return typeof value === "number" && DOUBLES.has(field.type) ? JsonText.rawJSON(doubleText(value)) : value;
}

/** As a CSV of the Bulk API shows it. */
export function csvText(field: FieldFacts, value: Value): string {
  if (value === null) return "";
  if (typeof value === "number" && DOUBLES.has(field.type)) return doubleText(value);
  if (field.type === "datetime") return String(value).replace("+0000", "Z");
  return String(value);
}

function doubleText(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0.0";
  if (size >= PLAIN_MIN && size < PLAIN_MAX) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

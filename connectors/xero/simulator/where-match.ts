// Does a record fit a filter? Texts are compared without regard to capitals, as Xero does.
import { Big } from "big.js";
import { isBody } from "./body.ts";
import type { Row } from "./organisation.ts";
import { queryFault } from "./refusal.ts";
import type { Condition, Value } from "./where-parse.ts";

export function matches(condition: Condition, row: Row): boolean {
  switch (condition.kind) {
    case "and":
      return condition.parts.every((part) => matches(part, row));
    case "or":
      return condition.parts.some((part) => matches(part, row));
    case "method": {
      const text = String(fieldOf(row, condition.path) ?? "").toLowerCase();
      const wanted = condition.text.toLowerCase();
      if (condition.method === "contains") return text.includes(wanted);
      return condition.method === "startswith" ? text.startsWith(wanted) : text.endsWith(wanted);
    }
    case "compare":
      checkTypes(condition.path, condition.value);
      return compares(fieldOf(row, condition.path), condition.operator, condition.value);
  }
}

export type Field = string | number | boolean | undefined;

/** What a record has under a path; an id is told apart from a text, as the filter language does. */
export function fieldOf({ body, updatedAt }: Row, path: readonly string[]): Field {
  if (path.length === 1 && path[0] === "UpdatedDateUTC") return updatedAt;
  const found = path.reduce<unknown>((value, name) => (isBody(value) ? value[name] : undefined), body);
  return typeof found === "object" ? undefined : (found as Field);
}

/** By the field, not by what is in it: a ContactNumber that looks like an id is a text. */
function checkTypes(path: readonly string[], { kind }: Value): void {
  if (kind === "text" && path.at(-1)?.endsWith("ID") === true) {
    queryFault("Operator '==' incompatible with operand types 'Guid' and 'String'");
  }
}

function compares(field: Field, operator: string, value: Value): boolean {
  if (value.kind === "null") return isWanted(operator, field === undefined || field === "" ? 0 : 1);
  if (field === undefined) return operator === "!=" || operator === "<>";
  return isWanted(operator, difference(field, value));
}

function difference(field: Exclude<Field, undefined>, value: Exclude<Value, { kind: "null" }>): number {
  if (value.kind === "truth") return field === value.is ? 0 : 1;
  if (value.kind === "time") {
    const at = typeof field === "number" ? field : Date.parse(`${String(field)}T00:00:00Z`);
    return at - value.at;
  }
  if (value.kind === "number") return new Big(String(field)).cmp(value.text);
  return order(String(field).toLowerCase(), value.text.toLowerCase());
}

function order(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function isWanted(operator: string, difference: number): boolean {
  switch (operator) {
    case "=":
    case "==":
      return difference === 0;
    case "!=":
    case "<>":
      return difference !== 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    case "<":
      return difference < 0;
    default:
      return difference <= 0;
  }
}

// Reads single fields out of a request's body the way the books do: an empty text is no value, a bad number is refused.
import { decimal, decimalText, rounded, ZERO, type Decimal } from "./decimal.ts";
import { refuse } from "./faults.ts";
import type { Body } from "./kinds.ts";

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(body: Body, field: string): string | undefined {
  const value = body[field];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

export function partOf(body: Body, field: string): Body | undefined {
  const value = body[field];
  return isBody(value) ? value : undefined;
}

export function listOf(body: Body, field: string): readonly Body[] {
  const value = body[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return refuse("2010", `Property Name:${field} must be a list`, field);
  return value.filter(isBody);
}

export function refOf(body: Body, field: string): string | undefined {
  const part = partOf(body, field);
  return part === undefined ? undefined : textOf(part, "value");
}

export function isTrue(body: Body, field: string): boolean {
  return body[field] === true || body[field] === "true";
}

export function numberOf(body: Body, field: string): Decimal | undefined {
  const value = body[field];
  if (value === undefined || value === null || value === "") return undefined;
  return decimal(value) ?? refuse("2010", `Property Name:${field} is not a number`, field);
}

/** A number already in the books; none counts as zero. */
export function amountOf(body: Body, field: string): Decimal {
  return decimal(body[field]) ?? ZERO;
}

/** Money in the books: cents, always written with both digits. */
export function money(value: Decimal): string {
  return decimalText(rounded(value, 2), 2);
}

export function missing(field: string): never {
  return refuse("2020", `Required parameter ${field} is missing in the request`, field);
}

export function lengthAtMost(body: Body, field: string, charactersMax: number): void {
  const length = textOf(body, field)?.length ?? 0;
  if (length > charactersMax) {
    refuse("2050", `Min:0 Max:${charactersMax} supported. Supplied length:${length}`, field);
  }
}

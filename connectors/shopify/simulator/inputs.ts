// What mutations are given, checked as the real ones check it: an unknown input field stops the whole query, a wrong value
// becomes a user error.
import type { AddressDraft } from "./customers.ts";
import { QueryError } from "./types.ts";

export type Input = Readonly<Record<string, unknown>>;

export interface UserError {
  readonly code: string | null;
  readonly field: readonly string[] | null;
  readonly message: string;
}

/** Thrown by a mutation to answer with user errors instead of a result. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly errors: readonly UserError[];

  constructor(message: string, field: readonly string[] | null = null, code: string | null = null) {
    super(message);
    this.errors = [{ code, field, message }];
  }
}

/** The input, if it has only fields that this input type knows. */
export function inputOf(value: unknown, typeName: string, names: string): Input {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new QueryError("INVALID_VARIABLE", `Variable of type ${typeName}! was provided invalid value`);
  }
  const known = new Set(names.split(/\s+/));
  for (const name of Object.keys(value)) {
    if (!known.has(name)) {
      throw new QueryError(
        "INVALID_VARIABLE",
        `Variable of type ${typeName}! was provided invalid value for ${name} (Field is not defined on ${typeName})`,
      );
    }
  }
  return value as Input;
}

/** Copies the fields that were given; a given null stays null. */
export function given<Name extends string>(input: Input, names: readonly Name[]): { readonly [Key in Name]?: never } {
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  ) as never;
}

const ADDRESS_FIELDS =
  "address1 address2 city company country countryCode firstName id lastName phone province provinceCode zip";

export function addressOf(value: unknown): AddressDraft {
  return inputOf(value, "MailingAddressInput", ADDRESS_FIELDS);
}

const AMOUNT = /^\d+(\.\d+)?$/;

/** A price or amount as text; numbers are taken too, as the real scalars do. */
export function amountOfInput(value: unknown, field: readonly string[]): string {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !AMOUNT.test(text))
    throw new Refused("Price must be a valid amount", field, "INVALID");
  return text;
}

// How the executor is told of the objects there are: which fields each type has, and how a field finds its value.
import type { SimulatedShop } from "./shop.ts";

export interface FieldContext {
  readonly shop: SimulatedShop;
}

export type FieldArguments = Readonly<Record<string, unknown>>;

export type Resolve = (source: never, args: FieldArguments, context: FieldContext) => unknown;

export interface FieldType {
  /** `sized`: a list whose length the arguments tell, such as `nodes(ids:)`. */
  readonly shape: "leaf" | "object" | "list" | "sized" | "connection";
  /** The type of the object, or of each in the list; leaves have none. */
  readonly type?: string;
  /** Absent: the property of the same name. */
  readonly resolve?: Resolve;
}

export type Fields = Readonly<Record<string, FieldType>>;
export type Types = ReadonlyMap<string, Fields>;

/** A slice of a connection that a resolver cut itself, with the cursor of each item. */
export class Slice {
  readonly items: readonly unknown[];
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;

  constructor(items: readonly unknown[], cursors: readonly string[], hasNextPage: boolean, hasPreviousPage: boolean) {
    this.items = items;
    this.cursors = cursors;
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
  }
}

/** Thrown by a resolver: becomes a top-level error of the answer with this code. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}

const LEAF: FieldType = { shape: "leaf" };

/** Leaves by their names, and other fields as they are. */
export function fields(leaves: string, others: Fields = {}): Fields {
  return { ...Object.fromEntries(leaves.split(/\s+/).map((name) => [name, LEAF])), ...others };
}

export function leaf(resolve: Resolve): FieldType {
  return { shape: "leaf", resolve };
}

export function object(type: string, resolve?: Resolve): FieldType {
  return { shape: "object", type, ...(resolve === undefined ? {} : { resolve }) };
}

export function list(type: string, resolve?: Resolve): FieldType {
  return { shape: "list", type, ...(resolve === undefined ? {} : { resolve }) };
}

export function sized(type: string, resolve: Resolve): FieldType {
  return { shape: "sized", type, resolve };
}

export function connection(type: string, resolve?: Resolve): FieldType {
  return { shape: "connection", type, ...(resolve === undefined ? {} : { resolve }) };
}

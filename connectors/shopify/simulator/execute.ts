// Executes a parsed document over the simulator's objects: checks it against the types, reckons what it asks for, finds
// each value, and counts what it really took.
import {
  type Arguments,
  type Directive,
  type FieldNode,
  type Operation,
  type ParsedDocument,
} from "./graphql-parse.ts";
import type { Selection, Value } from "./graphql-parse.ts";
import { type FieldContext, type FieldType, type Fields, QueryError, Slice, type Types } from "./types.ts";

const PAGE_MAX = 250;
const MUTATION_POINTS = 10;

/** How a list's length weighs in the cost. See the README: `scaled` fits published figures, `linear` is the older rule. */
export type ConnectionCost = "scaled" | "linear";

export interface Execution {
  readonly document: ParsedDocument;
  readonly operation: Operation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly types: Types;
  readonly connectionCost: ConnectionCost;
  readonly context: FieldContext;
}

/** Values for the variables that have one: given, or the definition's own. */
export function coerceVariables(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, type, required, fallback } of operation.variables) {
    if (given[name] !== undefined) values[name] = given[name];
    else if (fallback !== undefined) values[name] = valueOf(fallback, {});
    if (required && (values[name] === undefined || values[name] === null)) {
      const message = `Variable $${name} of type ${type} was provided invalid value`;
      throw new QueryError("INVALID_VARIABLE", message, {
        value: null,
        problems: [{ path: [], explanation: "Expected value to not be null" }],
      });
    }
  }
  return values;
}

/** Throws when the document asks for what there is not; answers with the cost that it asks for. */
export function requestedCost(execution: Execution): number {
  const { operation } = execution;
  const root = operation.type === "mutation" ? "Mutation" : "QueryRoot";
  const reading = costOfSelections(execution, root, operation.selections);
  return Math.ceil(operation.type === "mutation" ? MUTATION_POINTS * countFields(operation.selections) : reading);
}

function countFields(selections: readonly Selection[]): number {
  return selections.filter(({ kind }) => kind === "field").length;
}

function costOfSelections(execution: Execution, typeName: string, selections: readonly Selection[]): number {
  const fields = fieldsOf(execution.types, typeName);
  let cost = 0;
  let costliestCase = 0;
  for (const selection of selections) {
    if (!included(selection.directives, execution.variables)) continue;
    if (selection.kind === "field") {
      cost += costOfField(execution, typeName, fields, selection);
      continue;
    }
    const { on, selections: inner } = bodyOf(execution.document, selection);
    const inside = costOfSelections(execution, on ?? typeName, inner);
    // Of several possible types only one comes true: the dearest counts.
    if (on === undefined || on === typeName) cost += inside;
    else costliestCase = Math.max(costliestCase, inside);
  }
  return cost + costliestCase;
}

function costOfField(execution: Execution, typeName: string, fields: Fields, node: FieldNode): number {
  if (node.name === "__typename") return 0;
  const field = Object.hasOwn(fields, node.name) ? fields[node.name] : undefined;
  if (field === undefined) {
    throw new QueryError("undefinedField", `Field '${node.name}' doesn't exist on type '${typeName}'`, {
      typeName,
      fieldName: node.name,
      locations: [{ line: node.line, column: node.column }],
    });
  }
  if (field.shape === "leaf" || field.type === undefined) {
    if (node.selections === undefined) return 0;
    throw new QueryError(
      "selectionMismatch",
      `Selections can't be made on scalars (field '${node.name}' of '${typeName}')`,
    );
  }
  if (node.selections === undefined) {
    throw new QueryError(
      "selectionMismatch",
      `Field must have selections (field '${node.name}' returns ${field.type} but has no selections. Did you mean '${node.name} { ... }'?)`,
    );
  }
  const args = argumentsOf(node.args, execution.variables);
  if (field.shape === "connection") {
    const one = costOfConnectionItem(execution, field.type, node.selections);
    return weigh(execution.connectionCost, pageSize(args, node.name), one, true);
  }
  const one = 1 + costOfSelections(execution, field.type, node.selections);
  if (field.shape !== "sized") return one;
  const ids = args["ids"];
  return weigh(execution.connectionCost, Array.isArray(ids) ? ids.length : 1, one, false);
}

/** The cost of one item, whether it is asked for through `nodes` or through `edges`. */
function costOfConnectionItem(execution: Execution, itemType: string, selections: readonly Selection[]): number {
  let cost = 0;
  for (const { node, parent } of flatten(execution, selections, "Connection")) {
    if (parent === "Connection" && node.name === "nodes") {
      cost += 1 + costOfSelections(execution, itemType, node.selections ?? []);
    } else if (parent === "Connection" && node.name === "edges") {
      for (const { node: inner } of flatten(execution, node.selections ?? [], "Edge")) {
        if (inner.name === "node") cost += 1 + costOfSelections(execution, itemType, inner.selections ?? []);
        else if (inner.name !== "cursor" && inner.name !== "__typename") throw unknownField(`${itemType}Edge`, inner);
      }
    } else if (node.name !== "pageInfo" && node.name !== "__typename")
      throw unknownField(`${itemType}Connection`, node);
  }
  return cost;
}

function unknownField(typeName: string, node: FieldNode): QueryError {
  return new QueryError("undefinedField", `Field '${node.name}' doesn't exist on type '${typeName}'`, {
    typeName,
    fieldName: node.name,
    locations: [{ line: node.line, column: node.column }],
  });
}

function weigh(rule: ConnectionCost, length: number, one: number, isConnection: boolean): number {
  if (length === 0) return 0;
  if (rule === "linear") return (isConnection ? 2 : 0) + length * one;
  return one * Math.max(1, 5 * Math.log10(length));
}

/** The answer's data, and what it really cost. A resolver's `QueryError` passes through. */
export function execute(execution: Execution): { readonly data: Record<string, unknown>; readonly actualCost: number } {
  const run = new Run(execution);
  const isMutation = execution.operation.type === "mutation";
  const data = run.object(isMutation ? "Mutation" : "QueryRoot", {}, execution.operation.selections);
  const cost = isMutation ? MUTATION_POINTS * countFields(execution.operation.selections) : run.cost;
  return { data, actualCost: Math.ceil(cost) };
}

class Run {
  cost = 0;
  readonly #execution: Execution;

  constructor(execution: Execution) {
    this.#execution = execution;
  }

  object(typeName: string, source: object, selections: readonly Selection[]): Record<string, unknown> {
    const { types } = this.#execution;
    const answer: Record<string, unknown> = {};
    for (const { node } of flatten(this.#execution, selections, typeName)) {
      if (node.name === "__typename") {
        answer[node.key] = typeName;
        continue;
      }
      const field = fieldsOf(types, typeName)[node.name];
      if (field === undefined) throw unknownField(typeName, node);
      answer[node.key] = this.#field(field, source, node, answer[node.key]);
    }
    return answer;
  }

  #field(field: FieldType, source: object, node: FieldNode, before: unknown): unknown {
    const args = argumentsOf(node.args, this.#execution.variables);
    const value =
      field.resolve === undefined
        ? (source as Readonly<Record<string, unknown>>)[node.name]
        : field.resolve(source as never, args, this.#execution.context);
    const selections = node.selections ?? [];
    if (value === null || value === undefined) return null;
    if (field.shape === "leaf" || field.type === undefined) return value;
    if (field.shape === "connection") return this.#connection(field.type, value, args, selections);
    if (field.shape === "object") return merged(before, this.#one(field.type, value, selections));
    return this.#many(field.type, value as readonly unknown[], selections, field.shape === "sized");
  }

  #one(type: string, value: object, selections: readonly Selection[]): Record<string, unknown> {
    this.cost += 1;
    return this.object(concreteType(this.#execution.types, type, value), value, selections);
  }

  /** Items of a list; where its length weighs less than its items, the cost is taken back to that. */
  #many(type: string, items: readonly unknown[], selections: readonly Selection[], weighed: boolean): unknown[] {
    const before = this.cost;
    const made = items.map((item) => (item === null ? null : this.#one(type, item as object, selections)));
    if (weighed && items.length > 0) {
      const each = (this.cost - before) / items.length;
      this.cost = before + weigh(this.#execution.connectionCost, items.length, each, false);
    }
    return made;
  }

  #connection(
    type: string,
    value: unknown,
    args: Readonly<Record<string, unknown>>,
    selections: readonly Selection[],
  ): Record<string, unknown> {
    const slice = value instanceof Slice ? value : sliceOf(value as readonly unknown[], args);
    const answer: Record<string, unknown> = {};
    for (const { node } of flatten(this.#execution, selections, "Connection")) {
      const inner = node.selections ?? [];
      if (node.name === "nodes") answer[node.key] = this.#many(type, slice.items, inner, true);
      else if (node.name === "pageInfo") answer[node.key] = pick(this.#execution, pageInfo(slice), inner, "PageInfo");
      else if (node.name === "edges") answer[node.key] = this.#edges(type, slice, inner);
      else if (node.name === "__typename") answer[node.key] = `${type}Connection`;
    }
    return answer;
  }

  #edges(type: string, slice: Slice, selections: readonly Selection[]): unknown[] {
    const chosen = flatten(this.#execution, selections, "Edge").map(({ node }) => node);
    const nodeField = chosen.find(({ name }) => name === "node");
    const nodes = nodeField === undefined ? [] : this.#many(type, slice.items, nodeField.selections ?? [], true);
    return slice.items.map((_, index) =>
      Object.fromEntries(
        chosen.map(({ name, key }) => [
          key,
          name === "node" ? nodes[index] : name === "cursor" ? slice.cursors[index] : `${type}Edge`,
        ]),
      ),
    );
  }
}

function pageInfo(slice: Slice): Record<string, unknown> {
  return {
    hasNextPage: slice.hasNextPage,
    hasPreviousPage: slice.hasPreviousPage,
    startCursor: slice.cursors[0] ?? null,
    endCursor: slice.cursors.at(-1) ?? null,
  };
}

function pick(
  execution: Execution,
  source: Readonly<Record<string, unknown>>,
  selections: readonly Selection[],
  typeName: string,
): Record<string, unknown> {
  return Object.fromEntries(
    flatten(execution, selections, typeName).map(({ node }) => {
      if (node.name === "__typename") return [node.key, typeName];
      if (!Object.hasOwn(source, node.name)) throw unknownField(typeName, node);
      return [node.key, source[node.name]];
    }),
  );
}

/** The same field asked for twice is answered with both selections together. */
function merged(before: unknown, now: Record<string, unknown>): Record<string, unknown> {
  return typeof before === "object" && before !== null ? { ...before, ...now } : now;
}

function cursorAt(index: number): string {
  return Buffer.from(JSON.stringify({ at: index })).toString("base64");
}

function placeOf(cursor: string): number {
  const { at } = JSON.parse(Buffer.from(cursor, "base64").toString()) as { readonly at?: unknown };
  if (typeof at !== "number") throw new QueryError("BAD_REQUEST", "Invalid cursor");
  return at;
}

/** A page out of a plain list; its cursors are places in it. */
function sliceOf(items: readonly unknown[], args: Readonly<Record<string, unknown>>): Slice {
  const ordered = args["reverse"] === true ? items.toReversed() : items;
  let from = typeof args["after"] === "string" ? placeOf(args["after"]) + 1 : 0;
  let to = typeof args["before"] === "string" ? placeOf(args["before"]) : ordered.length;
  if (typeof args["first"] === "number") to = Math.min(to, from + args["first"]);
  else if (typeof args["last"] === "number") from = Math.max(from, to - args["last"]);
  const cursors = Array.from({ length: Math.max(0, to - from) }, (_, index) => cursorAt(from + index));
  return new Slice(ordered.slice(from, to), cursors, to < ordered.length, from > 0);
}

/** How long a page may be at the most; asking for none, or for too many, is an error. */
export function pageSize(args: Readonly<Record<string, unknown>>, name: string): number {
  const size = args["first"] ?? args["last"];
  if (typeof size !== "number")
    throw new QueryError("BAD_REQUEST", `you must provide one of first or last (field '${name}')`);
  if (size > PAGE_MAX || size < 0) {
    throw new QueryError("BAD_REQUEST", `first and last of '${name}' must be from 0 to ${PAGE_MAX}, got ${size}`);
  }
  return size;
}

interface Chosen {
  readonly node: FieldNode;
  readonly parent: string;
}

/** What `flatten` found before; only where no @skip or @include makes it depend on the variables. */
const flattened = new WeakMap<readonly Selection[], Map<string, readonly Chosen[]>>();

/** The fields of a selection, fragments opened, for one concrete type. */
function flatten(execution: Execution, selections: readonly Selection[], typeName: string): readonly Chosen[] {
  const known = flattened.get(selections)?.get(typeName);
  if (known !== undefined) return known;
  const chosen: Chosen[] = [];
  let depends = false;
  for (const selection of selections) {
    depends ||= selection.directives.length > 0;
    if (!included(selection.directives, execution.variables)) continue;
    if (selection.kind === "field") chosen.push({ node: selection, parent: typeName });
    else {
      const { on, selections: inner } = bodyOf(execution.document, selection);
      if (on !== undefined && !fits(on, typeName)) continue;
      chosen.push(...flatten(execution, inner, typeName));
      depends ||= flattened.get(inner)?.has(typeName) !== true;
    }
  }
  if (!depends) {
    const byType = flattened.get(selections) ?? new Map<string, readonly Chosen[]>();
    byType.set(typeName, chosen);
    flattened.set(selections, byType);
  }
  return chosen;
}

const INTERFACES = new Set(["Node", "LegacyInteroperability", "DiscountApplication", "PricingValue"]);

/** Does a fragment on this type apply to an object of that type? */
function fits(on: string, typeName: string): boolean {
  return (
    on === typeName || INTERFACES.has(on) || typeName === "Connection" || typeName === "Edge" || typeName === "PageInfo"
  );
}

function bodyOf(
  document: ParsedDocument,
  selection: Exclude<Selection, FieldNode>,
): { readonly on?: string; readonly selections: readonly Selection[] } {
  if (selection.kind === "inline") return selection;
  const fragment = document.fragments.get(selection.name);
  if (fragment === undefined)
    throw new QueryError("useAndDefineFragment", `Fragment ${selection.name} was used, but not defined`);
  return fragment;
}

function included(directives: readonly Directive[], variables: Readonly<Record<string, unknown>>): boolean {
  return directives.every(({ name, args }) => {
    const condition = argumentsOf(args, variables)["if"];
    return name === "skip" ? condition !== true : name === "include" ? condition === true : true;
  });
}

function fieldsOf(types: Types, typeName: string): Fields {
  const found = types.get(typeName);
  if (found === undefined)
    throw new QueryError("undefinedType", `No such type ${typeName}, so it can't be a fragment condition`);
  return found;
}

/** The type of an object behind an interface: told by itself, or by its id. */
function concreteType(types: Types, type: string, value: object): string {
  if (!INTERFACES.has(type)) return type;
  const { __typename, id } = value as { readonly __typename?: string; readonly id?: string };
  const named = __typename ?? /^gid:\/\/shopify\/(\w+)\//.exec(id ?? "")?.[1] ?? type;
  return types.has(named) ? named : type;
}

const NO_ARGUMENTS: Record<string, unknown> = Object.freeze({});

function argumentsOf(args: Arguments, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (args.length === 0) return NO_ARGUMENTS;
  const values: Record<string, unknown> = {};
  for (const [name, value] of args) {
    const known = valueOf(value, variables);
    if (known !== undefined) values[name] = known;
  }
  return values;
}

function valueOf(value: Value, variables: Readonly<Record<string, unknown>>): unknown {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "variable":
      return variables[value.name];
    case "list":
      return value.items.map((item) => valueOf(item, variables));
    case "object":
      return Object.fromEntries(
        value.fields
          .map(([name, inner]) => [name, valueOf(inner, variables)])
          .filter(([, known]) => known !== undefined),
      );
  }
}

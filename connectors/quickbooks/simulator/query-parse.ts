// QuickBooks' query language, read into a plain value: SELECT … FROM … WHERE … ORDERBY … STARTPOSITION … MAXRESULTS.
import { refuse } from "./faults.ts";

export type Operator = "=" | "IN" | "<" | ">" | "<=" | ">=" | "LIKE";

export interface Condition {
  readonly property: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

export interface Order {
  readonly property: string;
  readonly descending: boolean;
}

export interface Query {
  readonly columns: "*" | "count" | readonly string[];
  readonly entity: string;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  /** Counted from 1. */
  readonly startPosition: number;
  readonly maxResults: number;
}

const QUERY_CHARACTERS_MAX = 100_000;
const RESULTS_DEFAULT = 100;
const RESULTS_MAX = 1_000;
const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*')|([A-Za-z_][\w.]*)|(-?\d+(?:\.\d+)?)|(<=|>=|[=<>(),*]))/y;

interface Token {
  readonly kind: "text" | "word" | "number" | "sign";
  readonly text: string;
}

export function parseQuery(text: string): Query {
  const reader = new Reader(tokens(text));
  reader.word("SELECT");
  const columns = parseColumns(reader);
  reader.word("FROM");
  const entity = reader.any("word");
  const conditions: Condition[] = [];
  if (reader.takes("WHERE")) {
    do conditions.push(parseCondition(reader));
    while (reader.takes("AND"));
  }
  const orders = parseOrders(reader);
  const startPosition = reader.takes("STARTPOSITION") ? Number(reader.any("number")) : 1;
  const maxResults = reader.takes("MAXRESULTS") ? Number(reader.any("number")) : RESULTS_DEFAULT;
  reader.end();
  if (startPosition < 1) refuse("4001", `QueryValidationError: STARTPOSITION ${startPosition} must be at least 1`);
  if (maxResults < 1 || maxResults > RESULTS_MAX) {
    refuse("4001", `QueryValidationError: MAXRESULTS ${maxResults} must be from 1 to ${RESULTS_MAX}`);
  }
  return { columns, entity, conditions, orders, startPosition, maxResults };
}

function parseColumns(reader: Reader): Query["columns"] {
  if (reader.takes("*")) return "*";
  if (reader.takes("COUNT")) {
    for (const sign of ["(", "*", ")"]) reader.word(sign);
    return "count";
  }
  const columns = [reader.any("word")];
  while (reader.takes(",")) columns.push(reader.any("word"));
  return columns;
}

function parseCondition(reader: Reader): Condition {
  const property = reader.any("word");
  const operator = reader.operator();
  if (operator !== "IN") return { property, operator, values: [reader.value()] };
  reader.word("(");
  const values = [reader.value()];
  while (reader.takes(",")) values.push(reader.value());
  reader.word(")");
  return { property, operator, values };
}

function parseOrders(reader: Reader): readonly Order[] {
  const orders: Order[] = [];
  if (reader.takes("ORDER")) reader.word("BY");
  else if (!reader.takes("ORDERBY")) return orders;
  do {
    const property = reader.any("word");
    const descending = reader.takes("DESC");
    if (!descending) reader.takes("ASC");
    orders.push({ property, descending });
  } while (reader.takes(","));
  return orders;
}

function tokens(text: string): readonly Token[] {
  if (text.length > QUERY_CHARACTERS_MAX) return refuse("4000", "QueryParserError: the query is too long");
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      return refuse("4000", `QueryParserError: Encountered "${text.slice(at, at + 20)}" at column ${at}`);
    const [, quoted, word, number, sign] = match;
    if (quoted !== undefined) found.push({ kind: "text", text: quoted.slice(1, -1).replace(/\\(.)/gs, "$1") });
    else if (word !== undefined) found.push({ kind: "word", text: word });
    else if (number !== undefined) found.push({ kind: "number", text: number });
    else found.push({ kind: "sign", text: sign ?? "" });
  }
  return found;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(read: readonly Token[]) {
    this.#tokens = read;
  }

  takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    const is = token !== undefined && token.kind !== "text" && token.text.toUpperCase() === text;
    if (is) this.#at += 1;
    return is;
  }

  word(text: string): void {
    if (!this.takes(text)) this.#unexpected(text);
  }

  any(kind: Token["kind"]): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return this.#unexpected(`a ${kind}`);
    this.#at += 1;
    return token.text;
  }

  operator(): Operator {
    for (const operator of ["=", "<=", ">=", "<", ">", "LIKE", "IN"] as const)
      if (this.takes(operator)) return operator;
    return this.#unexpected("an operator");
  }

  value(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === "sign") return this.#unexpected("a value");
    this.#at += 1;
    return token.text;
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#unexpected("the end");
  }

  #unexpected(wanted: string): never {
    const token = this.#tokens[this.#at];
    const got = token === undefined ? "<EOF>" : token.text;
    return refuse("4000", `QueryParserError: Encountered "${got}"; was expecting ${wanted}`);
  }
}

// Reads the filter language: comparisons of fields with texts, numbers, ids, days and truth, joined by AND and OR.
import { queryFault } from "./refusal.ts";

export type Value =
  | { readonly kind: "text" | "id"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "time"; readonly at: number }
  | { readonly kind: "truth"; readonly is: boolean }
  | { readonly kind: "null" };

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "compare"; readonly path: readonly string[]; readonly operator: string; readonly value: Value }
  | { readonly kind: "method"; readonly path: readonly string[]; readonly method: string; readonly text: string };

const TOKEN = /\s*(?:"([^"\\]*)"|(&&|\|\||==|!=|<>|>=|<=|[=<>(),])|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.]*))/y;
const COMPARISONS = new Set(["=", "==", "!=", "<>", ">", ">=", "<", "<="]);
const METHODS = new Set(["contains", "startswith", "endswith"]);

interface Token {
  readonly kind: "text" | "sign" | "number" | "word";
  readonly text: string;
}

export function parseWhere(source: string): Condition {
  const tokens = tokensOf(source);
  const reader = new Reader(tokens);
  const condition = either(reader);
  if (!reader.isAtEnd) queryFault("Syntax error");
  return condition;
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const found = TOKEN.exec(source);
    if (found === null) return queryFault("Syntax error");
    const [, text, sign, number, word] = found;
    if (text !== undefined) tokens.push({ kind: "text", text });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: "word", text: word ?? "" });
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  next(): Token {
    const token = this.#tokens[this.#at] ?? queryFault("Syntax error");
    this.#at += 1;
    return token;
  }

  /** Takes the next token when it is one of these. */
  takes(...texts: readonly string[]): boolean {
    const token = this.#tokens[this.#at];
    const fits = token !== undefined && token.kind !== "text" && texts.includes(token.text.toUpperCase());
    if (fits) this.#at += 1;
    return fits;
  }

  expect(text: string): void {
    if (!this.takes(text)) queryFault(`'${text}' expected`);
  }
}

function either(reader: Reader): Condition {
  const parts = [both(reader)];
  while (reader.takes("OR", "||")) parts.push(both(reader));
  return parts.length === 1 ? parts[0]! : { kind: "or", parts };
}

function both(reader: Reader): Condition {
  const parts = [term(reader)];
  while (reader.takes("AND", "&&")) parts.push(term(reader));
  return parts.length === 1 ? parts[0]! : { kind: "and", parts };
}

function term(reader: Reader): Condition {
  if (reader.takes("(")) {
    const inner = either(reader);
    reader.expect(")");
    return inner;
  }
  const field = reader.next();
  if (field.kind !== "word") return queryFault("Syntax error");
  const path = field.text.split(".");
  const method = path.at(-1)?.toLowerCase() ?? "";
  if (METHODS.has(method) && reader.takes("(")) {
    const { kind, text } = reader.next();
    if (kind !== "text") return queryFault("Syntax error");
    reader.expect(")");
    return { kind: "method", path: path.slice(0, -1), method, text };
  }
  const operator = reader.next();
  if (operator.kind !== "sign" || !COMPARISONS.has(operator.text)) return queryFault("Syntax error");
  return { kind: "compare", path, operator: operator.text, value: valueOf(reader) };
}

function valueOf(reader: Reader): Value {
  const token = reader.next();
  if (token.kind === "text") return { kind: "text", text: token.text };
  if (token.kind === "number") return { kind: "number", text: token.text };
  const word = token.text.toLowerCase();
  if (word === "true" || word === "false") return { kind: "truth", is: word === "true" };
  if (word === "null") return { kind: "null" };
  reader.expect("(");
  if (word === "guid") {
    const { kind, text } = reader.next();
    reader.expect(")");
    return kind === "text" ? { kind: "id", text } : queryFault("Syntax error");
  }
  if (word !== "datetime") return queryFault(`No property or field '${token.text}' exists`);
  const parts = [numberOf(reader)];
  while (reader.takes(",")) parts.push(numberOf(reader));
  reader.expect(")");
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return { kind: "time", at: Date.UTC(year, month - 1, day, hour, minute, second) };
}

function numberOf(reader: Reader): number {
  const { kind, text } = reader.next();
  return kind === "number" ? Number(text) : queryFault("Syntax error");
}

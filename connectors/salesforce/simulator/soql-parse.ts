// Reads SOQL, as far as clients that synchronise use it: fields (of parents too), children, counts, conditions, order, bounds.
import { refuse } from "./errors.ts";

export interface Query {
  readonly fields: readonly Field[];
  readonly from: string;
  readonly where: Condition | undefined;
  readonly orderBy: readonly Order[];
  readonly limit: number | undefined;
  readonly offset: number;
}

export type Field =
  | { readonly kind: "field"; readonly path: readonly string[] }
  | { readonly kind: "count"; readonly alias: string; readonly path: readonly string[] | undefined }
  | { readonly kind: "all" }
  | { readonly kind: "children"; readonly query: Query };

export interface Order {
  readonly path: readonly string[];
  readonly isDescending: boolean;
  readonly nullsLast: boolean;
}

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | { readonly kind: "compare"; readonly path: readonly string[]; readonly operator: Operator; readonly value: Literal }
  | {
      readonly kind: "in";
      readonly path: readonly string[];
      readonly isNot: boolean;
      readonly values: readonly Literal[];
    }
  | { readonly kind: "semi-join"; readonly path: readonly string[]; readonly isNot: boolean; readonly query: Query }
  | {
      readonly kind: "includes";
      readonly path: readonly string[];
      readonly isNot: boolean;
      readonly values: readonly Literal[];
    };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

export type Literal =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "date" | "datetime"; readonly value: string }
  /** "TODAY", "LAST_N_DAYS:30" */
  | { readonly kind: "range"; readonly name: string; readonly count: number };

interface Token {
  readonly kind: "word" | "text" | "mark" | "end";
  readonly text: string;
}

const QUERY_CHARACTERS_MAX = 100_000;
const LITERAL_CHARACTERS_MAX = 4_000;
const OFFSET_MAX = 2_000;
const UNESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
const OPERATORS: ReadonlySet<string> = new Set(["=", "!=", "<>", "<", "<=", ">", ">="]);

export function parseQuery(text: string): Query {
  if (text.length > QUERY_CHARACTERS_MAX)
    refuse(400, "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.");
  const parser = new Parser(tokensOf(text));
  const query = parser.query();
  parser.end();
  return query;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:('(?:[^'\\]|\\[\s\S])*')|(<=|>=|!=|<>|[=<>(),])|([^\s'=<>!(),]+))/y;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) {
      if (text.slice(start).trim() === "") break;
      return malformed(`unexpected token: '${text.slice(start, start + 10).trim()}'`);
    }
    if (found[1] !== undefined) tokens.push({ kind: "text", text: unquoted(found[1]) });
    else if (found[2] !== undefined) tokens.push({ kind: "mark", text: found[2] });
    else tokens.push({ kind: "word", text: found[3] ?? "" });
  }
  return [...tokens, { kind: "end", text: "<EOF>" }];
}

function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  if (inner.length > LITERAL_CHARACTERS_MAX) malformed("string literal is too long (4000 characters at the most)");
  return inner.replace(/\\([\s\S])/g, (_, character: string) => {
    if (!/[\\'"nrtbf_%]/i.test(character)) malformed(`Illegal character escape: \\${character}`);
    // An escaped wildcard stays escaped: LIKE undoes it.
    if (character === "_" || character === "%") return `\\${character}`;
    return UNESCAPED[character.toLowerCase()] ?? character;
  });
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Query {
    this.#expect("SELECT");
    const fields = this.#fields();
    this.#expect("FROM");
    const from = this.#word();
    const where = this.#take("WHERE") ? this.#condition() : undefined;
    const orderBy = this.#take("ORDER") ? this.#orders() : [];
    const limit = this.#take("LIMIT") ? this.#count() : undefined;
    const offset = this.#take("OFFSET") ? this.#count() : 0;
    if (offset > OFFSET_MAX) refuse(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
    return { fields, from, where, orderBy, limit, offset };
  }

  end(): void {
    if (this.#next().kind !== "end") malformed(`unexpected token: '${this.#next().text}'`);
  }

  #fields(): readonly Field[] {
    const fields: Field[] = [];
    do fields.push(this.#field());
    while (this.#takeMark(","));
    return fields;
  }

  #field(): Field {
    if (this.#takeMark("(")) {
      const query = this.query();
      this.#expectMark(")");
      return { kind: "children", query };
    }
    const name = this.#word();
    if (!this.#takeMark("(")) return { kind: "field", path: name.split(".") };
    const inner = this.#next().text === ")" ? undefined : this.#word();
    this.#expectMark(")");
    if (/^FIELDS$/i.test(name)) return { kind: "all" };
    if (!/^COUNT$/i.test(name)) return malformed(`unexpected token: '${name}('`);
    const alias = this.#next().kind === "word" && !this.#isWord("FROM") ? this.#word() : "expr0";
    return { kind: "count", alias, path: inner?.split(".") };
  }

  #condition(): Condition {
    const first = this.#part();
    const joiner = this.#isWord("AND") ? "AND" : this.#isWord("OR") ? "OR" : undefined;
    if (joiner === undefined) return first;
    const parts = [first];
    while (this.#take(joiner)) parts.push(this.#part());
    // Salesforce wants brackets where both are mixed.
    if (this.#isWord("AND") || this.#isWord("OR")) malformed(`unexpected token: '${this.#next().text}'`);
    return { kind: joiner === "AND" ? "and" : "or", parts };
  }

  #part(): Condition {
    if (this.#take("NOT")) return { kind: "not", part: this.#part() };
    if (this.#takeMark("(")) {
      const inner = this.#condition();
      this.#expectMark(")");
      return inner;
    }
    const path = this.#word().split(".");
    if (this.#take("IN")) return this.#in(path, false);
    if (this.#take("NOT")) {
      this.#expect("IN");
      return this.#in(path, true);
    }
    if (this.#take("INCLUDES")) return { kind: "includes", path, isNot: false, values: this.#list() };
    if (this.#take("EXCLUDES")) return { kind: "includes", path, isNot: true, values: this.#list() };
    if (this.#take("LIKE")) return { kind: "compare", path, operator: "LIKE", value: this.#literal() };
    const operator = this.#next().text;
    if (!OPERATORS.has(operator)) return malformed(`unexpected token: '${operator}'`);
    this.#at += 1;
    return {
      kind: "compare",
      path,
      operator: (operator === "<>" ? "!=" : operator) as Operator,
      value: this.#literal(),
    };
  }

  #in(path: readonly string[], isNot: boolean): Condition {
    if (this.#next().text === "(" && /^SELECT$/i.test(this.#tokens[this.#at + 1]?.text ?? "")) {
      this.#expectMark("(");
      const query = this.query();
      this.#expectMark(")");
      return { kind: "semi-join", path, isNot, query };
    }
    return { kind: "in", path, isNot, values: this.#list() };
  }

  #list(): readonly Literal[] {
    this.#expectMark("(");
    const values: Literal[] = [];
    do values.push(this.#literal());
    while (this.#takeMark(","));
    this.#expectMark(")");
    return values;
  }

  #literal(): Literal {
    const { kind, text } = this.#next();
    this.#at += 1;
    if (kind === "text") return { kind: "text", value: text };
    if (kind !== "word") return malformed(`unexpected token: '${text}'`);
    if (/^null$/i.test(text)) return { kind: "null" };
    if (/^(?:true|false)$/i.test(text)) return { kind: "boolean", value: /^true$/i.test(text) };
    if (/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return { kind: "number", value: Number(text) };
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { kind: "date", value: text };
    if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)) {
      return { kind: "datetime", value: text };
    }
    const range =
      /^(TODAY|YESTERDAY|TOMORROW|(?:LAST|NEXT)_N_DAYS|(?:THIS|LAST|NEXT)_(?:WEEK|MONTH|YEAR))(?::(\d+))?$/i.exec(text);
    if (range !== null) return { kind: "range", name: (range[1] ?? "").toUpperCase(), count: Number(range[2] ?? 0) };
    return malformed(`unexpected token: '${text}'`);
  }

  #orders(): readonly Order[] {
    this.#expect("BY");
    const orders: Order[] = [];
    do {
      const path = this.#word().split(".");
      const isDescending = this.#take("DESC") || (this.#take("ASC") && false);
      let nullsLast = false;
      if (this.#take("NULLS")) nullsLast = this.#take("LAST") || (this.#expect("FIRST"), false);
      orders.push({ path, isDescending, nullsLast });
    } while (this.#takeMark(","));
    return orders;
  }

  #count(): number {
    const word = this.#word();
    return /^\d+$/.test(word) ? Number(word) : malformed(`unexpected token: '${word}'`);
  }

  #next(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "<EOF>" };
  }

  #word(): string {
    const { kind, text } = this.#next();
    if (kind !== "word") return malformed(`unexpected token: '${text}'`);
    this.#at += 1;
    return text;
  }

  #isWord(word: string): boolean {
    const { kind, text } = this.#next();
    return kind === "word" && text.toUpperCase() === word;
  }

  #take(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) malformed(`expecting ${word}, found '${this.#next().text}'`);
  }

  #takeMark(mark: string): boolean {
    const { kind, text } = this.#next();
    if (kind !== "mark" || text !== mark) return false;
    this.#at += 1;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) malformed(`expecting '${mark}', found '${this.#next().text}'`);
  }
}

function malformed(message: string): never {
  return refuse(400, "MALFORMED_QUERY", message);
}

// Reads the part of GraphQL's language that clients of the Admin API write: operations, fields with aliases, arguments,
// variables, directives, fragments of both kinds. Written from the language's specification.

export type Value =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly fields: readonly (readonly [string, Value])[] };

export type Arguments = readonly (readonly [string, Value])[];

export interface Directive {
  readonly name: string;
  readonly args: Arguments;
}

export interface FieldNode {
  readonly kind: "field";
  readonly name: string;
  /** The name in the answer: the alias if there is one. */
  readonly key: string;
  readonly args: Arguments;
  readonly directives: readonly Directive[];
  readonly selections?: readonly Selection[];
  readonly line: number;
  readonly column: number;
}

export type Selection =
  | FieldNode
  | { readonly kind: "spread"; readonly name: string; readonly directives: readonly Directive[] }
  | {
      readonly kind: "inline";
      readonly on?: string;
      readonly directives: readonly Directive[];
      readonly selections: readonly Selection[];
    };

export interface VariableDefinition {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly fallback?: Value;
}

export interface Operation {
  readonly type: "query" | "mutation";
  readonly name?: string;
  readonly variables: readonly VariableDefinition[];
  readonly selections: readonly Selection[];
}

export interface Fragment {
  readonly name: string;
  readonly on: string;
  readonly selections: readonly Selection[];
}

export interface ParsedDocument {
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, Fragment>;
}

export class GraphqlSyntaxError extends Error {
  override readonly name = "GraphqlSyntaxError";
}

type Token =
  | { readonly kind: "name" | "punctuator" | "number" | "string"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly text: ""; readonly at: number };

const TOKEN =
  /(?<skip>[\s,\uFEFF]+|#[^\n\r]*)|(?<name>[_A-Za-z][_0-9A-Za-z]*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<block>"""(?:\\"""|[^])*?""")|(?<string>"(?:\\.|[^"\\\n\r])*")|(?<punctuator>\.\.\.|[!$&()[\]{}:=@|])/uy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined)
      throw new GraphqlSyntaxError(`Expected a token, got ${JSON.stringify(text[at])} at ${at}`);
    if (groups["name"] !== undefined) found.push({ kind: "name", text: groups["name"], at });
    else if (groups["number"] !== undefined) found.push({ kind: "number", text: groups["number"], at });
    else if (groups["block"] !== undefined) found.push({ kind: "string", text: groups["block"].slice(3, -3), at });
    else if (groups["string"] !== undefined) found.push({ kind: "string", text: unescape(groups["string"]), at });
    else if (groups["punctuator"] !== undefined) found.push({ kind: "punctuator", text: groups["punctuator"], at });
  }
  found.push({ kind: "end", text: "", at: text.length });
  return found;
}

/** GraphQL's escapes are JSON's, but for the braced code point. */
function unescape(quoted: string): string {
  return JSON.parse(quoted.replaceAll(/\\u\{([0-9A-Fa-f]+)\}/g, (_, hex: string) => fromHex(hex))) as string;
}

function fromHex(hex: string): string {
  return JSON.stringify(String.fromCodePoint(Number.parseInt(hex, 16))).slice(1, -1);
}

export function parseGraphql(text: string): ParsedDocument {
  return new Parser(text).document();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokens(text);
  }

  document(): ParsedDocument {
    const operations: Operation[] = [];
    const fragments = new Map<string, Fragment>();
    while (this.#peek().kind !== "end") {
      if (this.#peek().text === "fragment") {
        const fragment = this.#fragment();
        fragments.set(fragment.name, fragment);
      } else operations.push(this.#operation());
    }
    return { operations, fragments };
  }

  #operation(): Operation {
    if (this.#peek().text === "{") return { type: "query", variables: [], selections: this.#selections() };
    const type = this.#name();
    if (type !== "query" && type !== "mutation") throw this.#unexpected("query or mutation", type);
    const name = this.#peek().kind === "name" ? { name: this.#name() } : {};
    const variables = this.#peek().text === "(" ? this.#variables() : [];
    this.#directives();
    return { type, ...name, variables, selections: this.#selections() };
  }

  #variables(): VariableDefinition[] {
    const found: VariableDefinition[] = [];
    this.#take("(");
    while (!this.#took(")")) {
      this.#take("$");
      const name = this.#name();
      this.#take(":");
      const type = this.#type();
      const fallback = this.#took("=") ? { fallback: this.#value() } : {};
      this.#directives();
      found.push({ name, type, required: type.endsWith("!"), ...fallback });
    }
    return found;
  }

  #type(): string {
    let type: string;
    if (this.#took("[")) {
      type = `[${this.#type()}]`;
      this.#take("]");
    } else type = this.#name();
    return this.#took("!") ? `${type}!` : type;
  }

  #fragment(): Fragment {
    this.#take("fragment");
    const name = this.#name();
    this.#take("on");
    const on = this.#name();
    this.#directives();
    return { name, on, selections: this.#selections() };
  }

  #selections(): Selection[] {
    const found: Selection[] = [];
    this.#take("{");
    while (!this.#took("}")) found.push(this.#took("...") ? this.#spread() : this.#field());
    return found;
  }

  #spread(): Selection {
    const { kind, text } = this.#peek();
    if (kind === "name" && text !== "on") {
      return { kind: "spread", name: this.#name(), directives: this.#directives() };
    }
    const on = this.#took("on") ? { on: this.#name() } : {};
    return { kind: "inline", ...on, directives: this.#directives(), selections: this.#selections() };
  }

  #field(): FieldNode {
    const place = this.#place();
    const first = this.#name();
    const name = this.#took(":") ? this.#name() : first;
    const args = this.#arguments();
    const directives = this.#directives();
    const selections = this.#peek().text === "{" ? { selections: this.#selections() } : {};
    return { kind: "field", name, key: first, args, directives, ...selections, ...place };
  }

  #place(): { readonly line: number; readonly column: number } {
    const before = this.#text.slice(0, this.#peek().at);
    return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
  }

  #arguments(): Arguments {
    const found: [string, Value][] = [];
    if (!this.#took("(")) return found;
    while (!this.#took(")")) found.push(this.#pair());
    return found;
  }

  #pair(): [string, Value] {
    const name = this.#name();
    this.#take(":");
    return [name, this.#value()];
  }

  #directives(): Directive[] {
    const found: Directive[] = [];
    while (this.#took("@")) found.push({ name: this.#name(), args: this.#arguments() });
    return found;
  }

  #value(): Value {
    if (this.#took("$")) return { kind: "variable", name: this.#name() };
    if (this.#took("[")) {
      const items: Value[] = [];
      while (!this.#took("]")) items.push(this.#value());
      return { kind: "list", items };
    }
    if (this.#took("{")) {
      const fields: [string, Value][] = [];
      while (!this.#took("}")) fields.push(this.#pair());
      return { kind: "object", fields };
    }
    const token = this.#advance();
    if (token.kind === "string") return { kind: "literal", value: token.text };
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind === "name") return { kind: "literal", value: constant(token.text) };
    throw this.#unexpected("a value", token.text);
  }

  #name(): string {
    const token = this.#advance();
    if (token.kind !== "name") throw this.#unexpected("a name", token.text);
    return token.text;
  }

  #take(text: string): void {
    const token = this.#advance();
    if (token.text !== text || token.kind === "string") throw this.#unexpected(text, token.text);
  }

  #took(text: string): boolean {
    const token = this.#peek();
    if (token.kind === "string" || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: 0 };
  }

  #advance(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #unexpected(wanted: string, got: string): GraphqlSyntaxError {
    return new GraphqlSyntaxError(`Expected ${wanted}, got ${got === "" ? "the end" : JSON.stringify(got)}`);
  }
}

/** A bare word: true, false, null, or the value of an enum, which travels as text. */
function constant(word: string): unknown {
  if (word === "null") return null;
  return word === "true" ? true : word === "false" ? false : word;
}

// Reads a call's parameters: bracketed form text into a tree, and the tree by name. What nobody asked for is unknown.
import { invalid, invalidInteger, missingParameter, unknownParameter } from "./errors.ts";
import type { Body } from "./body.ts";

export type Tree = string | Tree[] | { [name: string]: Tree };
type Branch = { [name: string]: Tree };

const METADATA_KEYS_MAX = 50;
const METADATA_KEY_CHARACTERS_MAX = 40;
const METADATA_VALUE_CHARACTERS_MAX = 500;

/** `items[0][price]=p` and `expand[]=a` become what they mean. */
export function treeOf(form: URLSearchParams): Branch {
  const root: Branch = {};
  for (const [name, value] of form) put(root, pathOf(name), value);
  return listed(root) as Branch;
}

/** Numbers and flags as a form would bring them, for what a person does without a form. */
export function treeOfValues(values: Body): Branch {
  return asTree(values) as Branch;
}

function asTree(value: unknown): Tree {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(asTree);
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asTree(one)]));
  }
  return String(value as string | number | boolean);
}

function pathOf(name: string): string[] {
  const [first = "", ...rest] = name.split("[");
  return [first, ...rest.map((part) => part.replace(/\]$/, ""))];
}

function put(branch: Branch, [name = "", ...rest]: string[], value: string): void {
  const key = name === "" ? String(Object.keys(branch).length) : name;
  if (rest.length === 0) {
    branch[key] = value;
    return;
  }
  const below = branch[key];
  const next: Branch = typeof below === "object" && !Array.isArray(below) ? below : {};
  branch[key] = next;
  put(next, rest, value);
}

/** A branch whose names are 0, 1, 2 … is a list. */
function listed(tree: Tree): Tree {
  if (typeof tree === "string" || Array.isArray(tree)) return tree;
  const names = Object.keys(tree);
  const isList = names.length > 0 && names.every((name) => /^\d+$/.test(name));
  if (isList) return names.toSorted((a, b) => Number(a) - Number(b)).map((name) => listed(tree[name]!));
  return Object.fromEntries(names.map((name) => [name, listed(tree[name]!)]));
}

export class Params {
  readonly #tree: Branch;
  readonly #place: string;
  readonly #read = new Set<string>();

  constructor(tree: Branch, place = "") {
    this.#tree = tree;
    this.#place = place;
  }

  has(name: string): boolean {
    this.#read.add(name);
    return this.#tree[name] !== undefined;
  }

  /** Undefined when it was not given, null when it was given empty: Stripe's way to clear a field. */
  text(name: string): string | null | undefined {
    this.#read.add(name);
    const value = this.#tree[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw invalid(`Invalid string: ${JSON.stringify(value)}`, this.#at(name));
    return value === "" ? null : value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === null) throw missingParameter(this.#name(name));
    return value;
  }

  integer(name: string): number | null | undefined {
    const value = this.text(name);
    if (value === undefined || value === null) return value;
    if (!/^-?\d{1,15}$/.test(value)) throw invalidInteger(this.#name(name), value);
    return Number(value);
  }

  requiredInteger(name: string): number {
    const value = this.integer(name);
    if (value === undefined || value === null) throw missingParameter(this.#name(name));
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined || value === null) return undefined;
    if (value !== "true" && value !== "false") throw invalid(`Invalid boolean: ${value}`, this.#at(name));
    return value === "true";
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined || value === null) return undefined;
    const found = words.find((word) => word === value);
    if (found === undefined) {
      throw invalid(`Invalid ${this.#name(name)}: must be one of ${words.join(", ")}`, this.#at(name));
    }
    return found;
  }

  /** A part with parameters of its own; null when it was given empty. */
  part(name: string): Params | null | undefined {
    this.#read.add(name);
    const value = this.#tree[name];
    if (value === undefined) return undefined;
    if (value === "") return null;
    if (typeof value === "string" || Array.isArray(value)) throw invalid("Invalid object", this.#at(name));
    return new Params(value, this.#name(name));
  }

  parts(name: string): readonly Params[] {
    return this.#list(name).map((one, index) => {
      const place = `${this.#name(name)}[${index}]`;
      if (typeof one === "string" || Array.isArray(one)) throw invalid("Invalid object", this.#at(name));
      return new Params(one, place);
    });
  }

  texts(name: string): readonly string[] {
    return this.#list(name).filter((one) => typeof one === "string");
  }

  /** What metadata becomes: keys are merged in, an empty value takes its key away, an empty whole all of them. */
  metadata(before: Body, name = "metadata"): Body {
    this.#read.add(name);
    const given = this.#tree[name];
    if (given === undefined) return before;
    if (given === "") return {};
    if (typeof given === "string" || Array.isArray(given)) throw invalid("Invalid object", this.#at(name));
    const merged: Body = { ...before };
    for (const [key, value] of Object.entries(given)) {
      if (typeof value !== "string") throw invalid("Metadata values must be strings.", this.#at(`${name}[${key}]`));
      if (key.length > METADATA_KEY_CHARACTERS_MAX) {
        throw invalid("Metadata keys must be at most 40 characters.", this.#at(name));
      }
      if (value.length > METADATA_VALUE_CHARACTERS_MAX) {
        throw invalid("Metadata values must be at most 500 characters.", this.#at(`${name}[${key}]`));
      }
      if (value === "") delete merged[key];
      else merged[key] = value;
    }
    if (Object.keys(merged).length > METADATA_KEYS_MAX) {
      throw invalid("You can specify at most 50 metadata keys.", this.#at(name));
    }
    return merged;
  }

  /** As it is, where we keep a part without looking into it. */
  raw(name: string): Tree | undefined {
    this.#read.add(name);
    return this.#tree[name];
  }

  /** The address as Stripe keeps it; undefined when none was given. */
  address(name = "address"): Body | null | undefined {
    const part = this.part(name);
    if (part === undefined || part === null) return part;
    const address: Body = {};
    for (const field of ["city", "country", "line1", "line2", "postal_code", "state"]) {
      address[field] = part.text(field) ?? null;
    }
    part.finish();
    return address;
  }

  /** Throws for the first parameter that nobody asked for. */
  finish(): void {
    for (const name of Object.keys(this.#tree)) {
      if (!this.#read.has(name)) throw unknownParameter(this.#name(name));
    }
  }

  #list(name: string): readonly Tree[] {
    this.#read.add(name);
    const value = this.#tree[name];
    if (value === undefined || value === "") return [];
    if (!Array.isArray(value)) throw invalid("Invalid array", this.#at(name));
    return value;
  }

  #name(name: string): string {
    return this.#place === "" ? name : `${this.#place}[${name}]`;
  }

  #at(name: string) {
    return { param: this.#name(name), unsaved: true } as const;
  }
}

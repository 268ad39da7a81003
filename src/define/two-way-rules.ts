// The words for who wins when both sides of a field were edited: `wins: "crm"`, `wins: unlessEmpty("crm")`,
// `wins: newest({ otherwise: "crm" })`, `wins: greatest`.
import type { ConflictRule, Side } from "./two-way.ts";

export interface UnlessEmpty<Name extends string> {
  readonly kind: "unless-empty";
  readonly side: Name;
}

export interface Newest<Name extends string> {
  readonly kind: "newest";
  readonly otherwise: Lasting<Name>;
}

export interface Plain {
  readonly kind: "greatest" | "least" | "union";
}

/** A rule that always decides, or leaves it to a person. */
export type Lasting<Name extends string> = Name | UnlessEmpty<Name> | Plain | "park";
/** As people write it; `Name` is one of the sync's sides. */
export type Wins<Name extends string> = Lasting<Name> | Newest<Name>;

/** This side's value, or the other's where it is empty. */
export function unlessEmpty<const Name extends string>(side: Name): UnlessEmpty<Name> {
  return { kind: "unless-empty", side };
}

/** The later edit, where one clock or a version proves which it is; else as `otherwise` says. Clocks of two systems prove nothing. */
export function newest<const Name extends string = "park">({
  otherwise = "park",
}: { readonly otherwise?: Lasting<Name> } = {}): Newest<Name> {
  return { kind: "newest", otherwise };
}

/** The greater of two numbers, amounts or texts. */
export const greatest: Plain = { kind: "greatest" };
/** The lesser of two numbers, amounts or texts. */
export const least: Plain = { kind: "least" };
/** Of two lists: what is in either, less what one side took out since they last agreed. */
export const union: Plain = { kind: "union" };

const PLAIN: readonly unknown[] = [greatest, least, union].map(({ kind }) => kind);

/** The rule as the engine has it; undefined where it names a side that there is not, or is none, which only a compiler refuses before. */
export function ruleOf(wins: Wins<string>, names: readonly string[]): ConflictRule | undefined {
  const sideOf = (name: string): Side | undefined => {
    const index = names.indexOf(name);
    return index === 0 || index === 1 ? index : undefined;
  };
  if (typeof wins === "string") {
    const side = sideOf(wins);
    return side === undefined ? (wins === "park" ? { kind: "park" } : undefined) : { kind: "side", side };
  }
  if (typeof wins !== "object" || wins === null) return undefined;
  if (wins.kind === "newest") {
    const otherwise = ruleOf(wins.otherwise, names);
    return otherwise === undefined || otherwise.kind === "newest" ? undefined : { kind: "newest", otherwise };
  }
  if (wins.kind !== "unless-empty") return PLAIN.includes(wins.kind) ? { kind: wins.kind } : undefined;
  const side = sideOf(wins.side);
  return side === undefined ? undefined : { kind: "unless-empty", side };
}

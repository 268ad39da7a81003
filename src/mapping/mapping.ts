// What the engine, the web page and the documents need of a mapping, once its rules are compiled.
import type { RuleNode } from "./rule-node.ts";

export interface Mapping<Source = unknown, Fields = unknown> {
  /** One row per target field (nested ones with dotted paths), for the web page and documents. */
  explain(): readonly ExplainedRule[];
  /** The links that this record needs. Never throws; problems come out of `apply`. */
  links(record: Source): readonly LinkKey[];
  /**
   * Never throws: what people's own code throws parks the record. The rules of fields that a person corrected are left
   * out, and so are these fields.
   */
  apply(record: Source, linked: Linked, corrected?: Readonly<Record<string, unknown>>): Mapped<Fields>;
  /** The rules as data, for the check of the project. */
  readonly rules?: Readonly<Record<string, RuleNode>>;
  /** Why there are no rules, when `map` could not be read. */
  readonly fault?: string;
}

export interface ExplainedRule {
  /** The target field, such as "Line[].Amount". */
  readonly target: string;
  /** The source paths it is made from, such as "lineItems[].total". */
  readonly sources: readonly string[];
  /** What is done with them, such as "decimal(2)". */
  readonly rule: string;
  /** What happens when the source has no value or no match. */
  readonly ifMissing: string;
}

export interface LinkKey {
  readonly sync: string;
  readonly key: string;
}

/** The target key that a sync linked a source key to; undefined: not yet. */
export type Linked = (sync: string, key: string) => string | undefined;

export type Mapped<Fields = unknown> =
  | { readonly kind: "mapped"; readonly fields: Fields }
  /** These links are not made yet. */
  | { readonly kind: "wait"; readonly on: readonly LinkKey[] }
  | { readonly kind: "park"; readonly problems: readonly MappingProblem[] };

export interface MappingProblem {
  /** The target field; list items are counted from 0, as in code: "Line[2].Amount". */
  readonly field: string;
  /** The source value as JSON, cut at 200 characters; empty when there is none. */
  readonly value: string;
  readonly rule: string;
  /** Why there is no value for the field; quotes the source value, cut short, where there is one. */
  readonly reason: string;
}

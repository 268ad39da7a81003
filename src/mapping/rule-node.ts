// A rule as plain data: what `field`, `table`, `link` and the others leave behind for compiling, explaining and checking.

/** People's own functions: the record (or the list item) first, the whole record second. */
export type Read = (source: unknown, record: unknown) => unknown;

/** What to do where there is no value. */
export type Answer =
  | { readonly kind: "use"; readonly value: unknown }
  | { readonly kind: "omit" }
  | { readonly kind: "park"; readonly reason?: string };

export type RuleNode =
  | { readonly kind: "constant"; readonly value: unknown }
  | FieldNode
  | TableNode
  | LinkNode
  | EachNode
  | { readonly kind: "object"; readonly rules: RuleNodes }
  | OneNode
  | { readonly kind: "when"; readonly predicate: Read; readonly list: RuleNode }
  | { readonly kind: "concat"; readonly lists: readonly RuleNode[] };

export type RuleNodes = Readonly<Record<string, RuleNode>>;

export interface FieldNode {
  readonly kind: "field";
  readonly read: Read;
  readonly convert?: ((value: unknown) => unknown) & { readonly rule?: string };
  readonly ifMissing?: Answer;
}

export interface TableNode {
  readonly kind: "table";
  readonly read: Read;
  readonly entries: ReadonlyMap<string, unknown>;
  readonly otherwise?: Answer;
  readonly ifMissing?: Answer;
}

export interface LinkNode {
  readonly kind: "link";
  /** The sync that made the link; a function where two syncs need each other. */
  readonly sync: Named | (() => Named);
  readonly read: Read;
  readonly as?: (targetKey: string) => unknown;
  readonly ifMissing?: Answer;
}

/** All that a link needs to know of a sync. */
export interface Named {
  readonly name: string;
}

/** A list: one element for each item. */
export interface EachNode {
  readonly kind: "each";
  readonly read: Read;
  readonly rules: RuleNodes;
}

/** A list with one element made from what is read, or with none where that is null. */
export interface OneNode {
  readonly kind: "one";
  /** Absent: the record (or item) itself. */
  readonly read?: Read;
  readonly rules: RuleNodes;
}

/** The name of the sync that a link goes through; throws when the function that gives it does. */
export function linkedSync({ sync }: LinkNode): string {
  return (typeof sync === "function" ? sync() : sync).name;
}

// Values that a mapping's tables have no entry for, in one record: what a table was made from may have grown.
import type { Mapping } from "../mapping/mapping.ts";
import { readPaths } from "../mapping/read-paths.ts";
import { shown } from "../mapping/shown.ts";
import type { Read, RuleNode, RuleNodes } from "../mapping/rule-node.ts";

export interface NewValue {
  /** The source field. */
  readonly place: string;
  readonly value: string;
}

/** Tables that say what to use for every other value have foreseen them. */
export function newValues({ rules }: Mapping, record: unknown): readonly NewValue[] {
  return rules === undefined ? [] : inRules(rules, record, record, "");
}

function inRules(rules: RuleNodes, source: unknown, record: unknown, at: string): readonly NewValue[] {
  return Object.values(rules).flatMap((node) => inNode(node, source, record, at));
}

function inNode(node: RuleNode, source: unknown, record: unknown, at: string): readonly NewValue[] {
  switch (node.kind) {
    case "table": {
      const value = valueOf(node.read, source, record);
      const isForeseen = node.otherwise?.kind === "use" || value === null || value === undefined;
      if (isForeseen || node.entries.has(value as string)) return [];
      return [{ place: readPaths(node.read, at).paths[0] ?? at, value: shown(value) }];
    }
    case "object":
      return inRules(node.rules, source, record, at);
    case "each": {
      const items = valueOf(node.read, source, record);
      const place = `${readPaths(node.read, at).paths[0] ?? at}[]`;
      return Array.isArray(items) ? items.flatMap((item: unknown) => inRules(node.rules, item, record, place)) : [];
    }
    case "concat":
      return node.lists.flatMap((list) => inNode(list, source, record, at));
    default:
      return [];
  }
}

/** What throws parks the record, and is told there. */
function valueOf(read: Read, source: unknown, record: unknown): unknown {
  try {
    return read(source, record);
  } catch {
    return undefined;
  }
}

// Which links a record needs, found without mapping it: the engine asks for those of a whole batch at once.
import type { LinkKey } from "./mapping.ts";
import { linkedSync, type Read, type RuleNode, type RuleNodes } from "./rule-node.ts";

type Collect = (source: unknown, record: unknown, found: LinkKey[]) => void;

const NONE: readonly LinkKey[] = [];

/** Never throws: what cannot be read here becomes a problem when the record is mapped. */
export function linkCollector(rules: RuleNodes): (record: unknown) => readonly LinkKey[] {
  const collect = collectObject(rules);
  if (collect === undefined) return () => NONE;
  return (record) => {
    const found: LinkKey[] = [];
    collect(record, record, found);
    return found;
  };
}

/** Undefined where no link is: nothing is read then. */
function collectObject(rules: RuleNodes): Collect | undefined {
  return together(Object.values(rules).map(collectNode));
}

function together(parts: readonly (Collect | undefined)[]): Collect | undefined {
  const collects = parts.filter((part) => part !== undefined);
  if (collects.length <= 1) return collects[0];
  return (source, record, found) => {
    for (const collect of collects) collect(source, record, found);
  };
}

function collectNode(node: RuleNode): Collect | undefined {
  switch (node.kind) {
    case "link":
      return (source, record, found) => {
        const key = readOr(node.read, source, record, undefined);
        if (typeof key !== "string") return;
        const sync = readOr(() => linkedSync(node), source, record, undefined) as string | undefined;
        if (sync !== undefined && !found.some((other) => other.key === key && other.sync === sync)) {
          found.push({ sync, key });
        }
      };
    case "object":
      return collectObject(node.rules);
    case "each": {
      const collect = collectObject(node.rules);
      if (collect === undefined) return undefined;
      return (source, record, found) => {
        const items = readOr(node.read, source, record, undefined);
        if (Array.isArray(items)) for (const item of items as unknown[]) collect(item, record, found);
      };
    }
    case "one": {
      const { read = itself } = node;
      const collect = collectObject(node.rules);
      if (collect === undefined) return undefined;
      return (source, record, found) => {
        const item = readOr(read, source, record, undefined);
        if (item !== null && item !== undefined) collect(item, record, found);
      };
    }
    case "when": {
      const collect = collectNode(node.list);
      if (collect === undefined) return undefined;
      return (source, record, found) => {
        if (readOr(node.predicate, source, record, false)) collect(source, record, found);
      };
    }
    case "concat":
      return together(node.lists.map(collectNode));
    default:
      return undefined;
  }
}

function readOr(read: Read, source: unknown, record: unknown, instead: unknown): unknown {
  try {
    return read(source, record);
  } catch {
    return instead;
  }
}

function itself(source: unknown): unknown {
  return source;
}

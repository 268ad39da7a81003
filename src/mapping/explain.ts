// The mapping as rows that people read: each target field, what it is made from, how, and what happens without a value.
import type { ExplainedRule } from "./mapping.ts";
import type { RuleNode, RuleNodes } from "./rule-node.ts";
import { readPaths, type ReadPaths } from "./read-paths.ts";
import { ifMissingText, ruleText } from "./rule-text.ts";

/** `sourceAt` is the source path of the item around these rules, and `targetAt` the field. */
export function explainRules(rules: RuleNodes, targetAt = "", sourceAt = ""): readonly ExplainedRule[] {
  return Object.entries(rules).flatMap(([name, node]) =>
    explainNode(node, targetAt === "" ? name : `${targetAt}.${name}`, sourceAt),
  );
}

function explainNode(node: RuleNode, target: string, sourceAt: string): readonly ExplainedRule[] {
  switch (node.kind) {
    case "object":
      return explainRules(node.rules, target, sourceAt);
    case "concat":
      return node.lists.flatMap((list) => explainNode(list, target, sourceAt));
    case "when": {
      const condition = readPaths(node.predicate, sourceAt).paths;
      const [first, ...rest] = explainNode(node.list, target, sourceAt);
      return first === undefined ? [] : [{ ...first, rule: `${first.rule}, ${conditionText(condition)}` }, ...rest];
    }
    case "each": {
      const read = readPaths(node.read, sourceAt);
      return [row(node, target, read), ...explainRules(node.rules, `${target}[]`, `${listPath(read, sourceAt)}[]`)];
    }
    case "one": {
      const read = node.read === undefined ? itself(sourceAt) : readPaths(node.read, sourceAt);
      return [
        row(node, target, read),
        ...explainRules(node.rules, `${target}[]`, read.direct ?? read.paths[0] ?? sourceAt),
      ];
    }
    case "constant":
      return [row(node, target, { paths: [] })];
    default:
      return [row(node, target, readPaths(node.read, sourceAt))];
  }
}

function row(node: RuleNode, target: string, read: ReadPaths): ExplainedRule {
  const rule = ruleText(node);
  const isComputed = read.direct === undefined && node.kind !== "constant";
  return {
    target,
    sources: read.paths,
    rule: isComputed ? computed(rule, read.paths) : rule,
    ifMissing: ifMissingText(node),
  };
}

function computed(rule: string, paths: readonly string[]): string {
  const from = paths.length === 0 ? "computed" : `computed from ${paths.join(", ")}`;
  return rule === "as it is" || rule === "computed" ? from : `${from}; ${rule}`;
}

function conditionText(paths: readonly string[]): string {
  return paths.length === 0 ? "under a condition" : `under a condition on ${paths.join(", ")}`;
}

/** Where a list comes from: a filtered list is still that list. */
function listPath({ direct, paths }: ReadPaths, sourceAt: string): string {
  const list = direct ?? paths[0] ?? sourceAt;
  return list.endsWith("[]") && direct === undefined ? list.slice(0, -2) : list;
}

function itself(sourceAt: string): ReadPaths {
  return { paths: sourceAt === "" ? [] : [sourceAt], direct: sourceAt };
}

// Makes rules at run time: each tool leaves a node, and what answers an open question leaves the node with its answer.
import type { Answer, LinkNode, Named, Read, RuleNode, RuleNodes } from "./rule-node.ts";
import type { Tools } from "./tools.ts";

const NODE = Symbol("rule node");

/** Made by a tool; carries its node, and every answer that some rule offers. */
interface MadeRule {
  readonly [NODE]: RuleNode;
}

type Answered = "ifMissing" | "otherwise";

/** The node behind what a person wrote; undefined when that is no rule. */
function nodeOf(rule: unknown): RuleNode | undefined {
  return typeof rule === "object" && rule !== null ? (rule as Partial<MadeRule>)[NODE] : undefined;
}

/** The nodes behind an object of rules; throws naming the first member that is no rule. */
export function nodesOf(rules: unknown): RuleNodes {
  if (typeof rules !== "object" || rules === null || nodeOf(rules) !== undefined) {
    throw new TypeError(
      `could not read the rules: expected an object with a rule for each field and got ${kindOf(rules)}`,
    );
  }
  const nodes: Record<string, RuleNode> = {};
  for (const [name, rule] of Object.entries(rules)) nodes[name] = ruleNode(rule, name);
  return nodes;
}

function ruleNode(rule: unknown, place: string): RuleNode {
  const node = nodeOf(rule);
  if (node !== undefined) return node;
  throw new TypeError(
    `could not read ${place}: expected a rule such as field(…) or constant(…) and got ${kindOf(rule)}`,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value)
    ? "an array"
    : typeof value === "object"
      ? "an object"
      : `a value of type ${typeof value}`;
}

function made(node: RuleNode): MadeRule {
  const answer = (which: Answered, given: Answer): MadeRule => made({ ...node, [which]: given } as RuleNode);
  const park = (reason?: string): Answer => ({ kind: "park", ...(reason === undefined ? {} : { reason }) });
  return {
    [NODE]: node,
    or: (value: unknown) => answer("ifMissing", { kind: "use", value }),
    orOmit: () => answer("ifMissing", { kind: "omit" }),
    orPark: (reason?: string) => answer("ifMissing", park(reason)),
    otherwise: Object.assign((value: unknown) => answer("otherwise", { kind: "use", value }), {
      omit: () => answer("otherwise", { kind: "omit" }),
      park: (reason?: string) => answer("otherwise", park(reason)),
    }),
  } as MadeRule;
}

const TOOLS: object = {
  field: (read: Read, convert?: (value: unknown) => unknown) =>
    made({ kind: "field", read, ...(convert === undefined ? {} : { convert }) }),
  constant: (value: unknown) => made({ kind: "constant", value }),
  table: (read: Read, entries: Readonly<Record<string, unknown>>) =>
    made({ kind: "table", read, entries: new Map(Object.entries(entries)) }),
  link: (sync: Named | (() => Named), read: Read, as?: LinkNode["as"]) =>
    made({ kind: "link", sync, read, ...(as === undefined ? {} : { as }) }),
  each: (read: Read, rules: (tools: unknown) => unknown) => made({ kind: "each", read, rules: nodesOf(rules(TOOLS)) }),
  one: (first: unknown, rules?: (tools: unknown) => unknown) =>
    rules === undefined
      ? made({ kind: "one", rules: nodesOf(first) })
      : made({ kind: "one", read: first as Read, rules: nodesOf(rules(TOOLS)) }),
  when: (predicate: Read, rule: unknown) =>
    made({ kind: "when", predicate, list: ruleNode(rule, "the list of when(…)") }),
  concat: (...lists: readonly unknown[]) =>
    made({ kind: "concat", lists: lists.map((rule, index) => ruleNode(rule, `list ${index + 1} of concat(…)`)) }),
  object: (rules: unknown) => made({ kind: "object", rules: nodesOf(rules) }),
};

/** The same tools for every record and item: only their types differ. */
export function toolsFor<Source>(): Tools<Source> {
  return TOOLS as unknown as Tools<Source>;
}

// Turns rule nodes into functions once, so that mapping a record is calling them: no look-ups, no new closures. A rule
// that cannot give a value notes a problem and goes on, so that a parked record tells all that is wrong with it.
import {
  type Answer,
  type EachNode,
  type FieldNode,
  type LinkNode,
  linkedSync,
  type OneNode,
  type Read,
} from "./rule-node.ts";
import type { RuleNode, RuleNodes, TableNode } from "./rule-node.ts";
import type { Linked, LinkKey, MappingProblem } from "./mapping.ts";
import { ruleText } from "./rule-text.ts";
import { reasonOver, shown } from "./shown.ts";
import { thrownText } from "../define/thrown-text.ts";

/** One record on its way through the rules. */
export interface Run {
  readonly record: unknown;
  readonly linked: Linked;
  /** Where in each of the lists around it the rule is. */
  readonly indexes: number[];
  readonly problems: MappingProblem[];
  readonly waits: LinkKey[];
}

/** What a rule gives for a record or item; {@link OMITTED} where the field is left out. */
export type Evaluate = (source: unknown, run: Run) => unknown;
/** Adds what a list rule gives to a list. */
type Append = (source: unknown, run: Run, to: unknown[]) => void;

const OMITTED = Symbol("left out");

/** Why there is no value. */
const NO_VALUE = "there is no value, and the rule does not say what then";
const NO_ENTRY = "the table has no entry for this value";

/** `place` is the target field with `[]` for each list around it. */
export function compileObject(rules: RuleNodes, place: string): Evaluate {
  const names = Object.keys(rules);
  const evaluators = Object.entries(rules).map(([name, node]) =>
    compile(node, place === "" ? name : `${place}.${name}`),
  );
  return (source, run) => {
    const fields: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) {
      const value = (evaluators[index] as Evaluate)(source, run);
      if (value !== OMITTED) fields[names[index] as string] = value;
    }
    return fields;
  };
}

function compile(node: RuleNode, place: string): Evaluate {
  switch (node.kind) {
    case "constant":
      return () => node.value;
    case "field":
      return compileField(node, place);
    case "table":
      return compileTable(node, place);
    case "link":
      return compileLink(node, place);
    case "object":
      return compileObject(node.rules, place);
    default:
      return compileList(node, place);
  }
}

function compileField(node: FieldNode, place: string): Evaluate {
  const { read, convert } = node;
  const park = parking(node, place);
  const missing = answering(node.ifMissing, NO_VALUE, park);
  return (source, run) => {
    let value: unknown;
    try {
      value = read(source, run.record);
      if (value === null || value === undefined) return missing(run, value);
      if (convert === undefined) return value;
      const converted = convert(value);
      return converted === null || converted === undefined ? missing(run, value) : converted;
    } catch (error) {
      return park(run, value, reasonOf(error));
    }
  };
}

function compileTable(node: TableNode, place: string): Evaluate {
  const { read, entries } = node;
  const park = parking(node, place);
  const missing = answering(node.ifMissing, NO_VALUE, park);
  const otherwise = answering(node.otherwise, NO_ENTRY, park);
  return (source, run) => {
    let value: unknown;
    try {
      value = read(source, run.record);
    } catch (error) {
      return park(run, value, reasonOf(error));
    }
    if (value === null || value === undefined) return missing(run, value);
    const entry = entries.get(value as string);
    return entry === undefined && !entries.has(value as string) ? otherwise(run, value) : entry;
  };
}

function compileLink(node: LinkNode, place: string): Evaluate {
  const { read, as } = node;
  const park = parking(node, place);
  const missing = answering(node.ifMissing, NO_VALUE, park);
  return (source, run) => {
    let key: unknown;
    try {
      key = read(source, run.record);
      if (key === null || key === undefined) return missing(run, key);
      if (typeof key !== "string") return park(run, key, "the key of a link has to be text");
      const sync = linkedSync(node);
      const target = run.linked(sync, key);
      if (target === undefined) return wait(run, sync, key);
      return as === undefined ? target : as(target);
    } catch (error) {
      return park(run, key, reasonOf(error));
    }
  };
}

function wait({ waits }: Run, sync: string, key: string): typeof OMITTED {
  if (!waits.some((other) => other.sync === sync && other.key === key)) waits.push({ sync, key });
  return OMITTED;
}

function compileList(node: RuleNode, place: string): Evaluate {
  const append = compileAppend(node, place);
  return (source, run) => {
    const elements: unknown[] = [];
    append(source, run, elements);
    return elements;
  };
}

function compileAppend(node: RuleNode, place: string): Append {
  switch (node.kind) {
    case "each":
      return appendEach(node, place);
    case "one":
      return appendOne(node, place);
    case "when":
      return appendWhen(node, place);
    case "concat": {
      const lists = node.lists.map((list) => compileAppend(list, place));
      return (source, run, to) => {
        for (const append of lists) append(source, run, to);
      };
    }
    default: {
      const evaluate = compile(node, place);
      const park = parking(node, place);
      return (source, run, to) => {
        const value = evaluate(source, run);
        if (Array.isArray(value)) to.push(...(value as unknown[]));
        else if (value !== OMITTED) park(run, value, "the rule has to give a list");
      };
    }
  }
}

function appendEach(node: EachNode, place: string): Append {
  const evaluate = compileObject(node.rules, `${place}[]`);
  const park = parking(node, place);
  return (source, run, to) => {
    const items = reading(node.read, source, run, park);
    if (items === OMITTED) return;
    if (!Array.isArray(items)) return void park(run, items, "each(…) needs a list");
    for (const item of items as unknown[]) appendItem(evaluate, item, run, to);
  };
}

function appendOne(node: OneNode, place: string): Append {
  const { read, rules } = node;
  const evaluate = compileObject(rules, `${place}[]`);
  if (read === undefined) return (source, run, to) => appendItem(evaluate, source, run, to);
  const park = parking(node, place);
  return (source, run, to) => {
    const item = reading(read, source, run, park);
    if (item !== OMITTED && item !== null && item !== undefined) appendItem(evaluate, item, run, to);
  };
}

function appendItem(evaluate: Evaluate, item: unknown, run: Run, to: unknown[]): void {
  run.indexes.push(to.length);
  to.push(evaluate(item, run));
  run.indexes.pop();
}

function appendWhen(node: RuleNode & { readonly kind: "when" }, place: string): Append {
  const append = compileAppend(node.list, place);
  const park = parking(node, place);
  return (source, run, to) => {
    const holds = reading(node.predicate, source, run, park);
    if (holds !== OMITTED && Boolean(holds)) append(source, run, to);
  };
}

function reading(read: Read, source: unknown, run: Run, park: Park): unknown {
  try {
    return read(source, run.record);
  } catch (error) {
    return park(run, undefined, reasonOf(error));
  }
}

type Park = (run: Run, value: unknown, reason: string) => typeof OMITTED;

/** Notes a problem of this rule. */
function parking(node: RuleNode, place: string): Park {
  return (run, value, reason) => {
    run.problems.push({
      field: placeIn(place, run.indexes),
      value: shown(value),
      rule: ruleText(node),
      reason: reasonOver(value, reason),
    });
    return OMITTED;
  };
}

function placeIn(place: string, indexes: readonly number[]): string {
  let depth = 0;
  return place.replaceAll("[]", () => `[${indexes[depth++] ?? ""}]`);
}

/** What an answer does; a question nobody answered (which the compiler forbids) parks. */
function answering(answer: Answer | undefined, unanswered: string, park: Park): (run: Run, value: unknown) => unknown {
  if (answer?.kind === "use") return () => answer.value;
  if (answer?.kind === "omit") return () => OMITTED;
  const reason = answer?.reason ?? (answer === undefined || unanswered === NO_ENTRY ? unanswered : "there is no value");
  return (run, value) => park(run, value, reason);
}

function reasonOf(error: unknown): string {
  return thrownText(error);
}

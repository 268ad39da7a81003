// Makes a mapping from the function that people write: its rules are read once, compiled once, and explained when asked.
import { linkCollector } from "./collect-links.ts";
import { compileObject, type Run } from "./compile.ts";
import { explainRules } from "./explain.ts";
import { nodesOf, toolsFor } from "./make-rules.ts";
import type { ExplainedRule, Linked, Mapped, Mapping } from "./mapping.ts";
import type { RuleNodes } from "./rule-node.ts";
import type { RulesMissing, Tools, Unruled } from "./tools.ts";
import { thrownText } from "../define/thrown-text.ts";

/** A `map` that cannot be read gives a mapping with a `fault`, which the check of the project tells. */
export function defineMapping<Source, Fields, Names extends PropertyKey>(
  map: (tools: Tools<Source>) => RulesMissing<Unruled<Fields, Names>, Fields, Names>,
): Mapping<Source, Fields> {
  try {
    return mappingOf(nodesOf(map(toolsFor<Source>())));
  } catch (error) {
    return unusable(thrownText(error));
  }
}

function mappingOf<Source, Fields>(rules: RuleNodes): Mapping<Source, Fields> {
  const evaluate = compileObject(rules, "");
  let explained: readonly ExplainedRule[] | undefined;
  return {
    rules,
    explain: () => (explained ??= explainRules(rules)),
    links: linkCollector(rules),
    apply: (record, linked, corrected) => {
      const run: Run = { record, linked, indexes: [], problems: [], waits: [] };
      const rest = corrected === undefined ? evaluate : compileObject(without(rules, corrected), "");
      const fields = rest(record, run);
      if (run.problems.length > 0) return { kind: "park", problems: run.problems };
      if (run.waits.length > 0) return { kind: "wait", on: run.waits };
      return { kind: "mapped", fields: fields as Fields };
    },
  };
}

/** Corrections are few: the rules that remain are compiled for the one record. */
function without(rules: RuleNodes, corrected: Readonly<Record<string, unknown>>): RuleNodes {
  return Object.fromEntries(Object.entries(rules).filter(([name]) => !(name in corrected)));
}

function unusable<Source, Fields>(fault: string): Mapping<Source, Fields> {
  const parked: Mapped<Fields> = { kind: "park", problems: [{ field: "", value: "", rule: "map", reason: fault }] };
  return { fault, explain: () => [], links: () => [], apply: (_record: Source, _linked: Linked) => parked };
}

// Each rule again, in a sentence of its own over what people did: which of two concurrent edits may not be overwritten.
import { isEmpty, type System } from "./fields.ts";
import type { Cell } from "./cell.ts";
import type { Rule, Setting } from "./setting.ts";

export interface Overwritten {
  readonly rule: Rule;
  /** Where the losing value stood. */
  readonly system: System;
  readonly was: Cell;
  readonly by: Cell;
  /** When the counterpart was changed last. */
  readonly newerElsewhere: number;
}

/** Why the overwritten edit should have won; undefined: it was the rule. */
export function isRuleBroken(overwritten: Overwritten, setting: Pick<Setting, "sharedClock">): string | undefined {
  const { rule, system, was, by } = overwritten;
  switch (rule.kind) {
    case "side":
      return rule.system === system ? `${system} wins` : undefined;
    case "unless-empty":
      if (rule.system === system) return isEmpty(was.value) ? undefined : `${system} wins unless it is empty`;
      return isEmpty(by.value) ? `an empty ${rule.system} does not win` : undefined;
    case "newest":
      if (!setting.sharedClock) return rule.otherwise === system ? `${system} wins where no clock tells` : undefined;
      return was.at > overwritten.newerElsewhere ? "it was the later one" : undefined;
    case "greatest":
      return numberOf(by) < numberOf(was) ? "the greatest wins" : undefined;
    case "least":
      return numberOf(by) > numberOf(was) ? "the least wins" : undefined;
    case "from":
      return rule.system === system ? `only ${system} tells it` : undefined;
    case "park":
      return "a person decides";
    case "union":
      return undefined;
  }
}

/** Nothing is less than any number. */
function numberOf({ value }: Cell): number {
  return isEmpty(value) ? Number.NEGATIVE_INFINITY : Math.round(Number(value) * 100) / 100;
}

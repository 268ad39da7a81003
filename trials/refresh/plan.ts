// What goes wrong in each trial: every kind of fault, with and without a grace, in an order from the seed.
import type { Random } from "../../src/world/world.ts";

/**
 * - `kill-answered`: kill -9 between the provider's answer and the commit.
 * - `kill-recorded`: kill -9 between the record of the attempt and the call.
 * - `stop-answered`, `stop-recorded`, `stop-sending`: the process is stopped there, and wakes after its lease has ended.
 * - `race`: nothing but four processes that want the same token at once.
 */
export type Fault = "kill-answered" | "kill-recorded" | "stop-answered" | "stop-recorded" | "stop-sending" | "race";

export interface Plan {
  readonly connection: string;
  readonly fault: Fault;
  /** How long the provider takes a superseded token, and the connector says so. */
  readonly graceMs: number;
}

/** Far longer than a trial takes. */
const GRACE_MS = 60_000;

/**
 * `kill-recorded` only with a grace: without one nobody can tell it from `kill-answered`, so that the token is not presented
 * again either, though the provider never saw it. A person connects again.
 */
const KINDS: readonly (readonly [Fault, graceMs: number])[] = [
  ["kill-answered", 0],
  ["kill-answered", 0],
  ["kill-answered", GRACE_MS],
  ["kill-answered", GRACE_MS],
  ["kill-recorded", GRACE_MS],
  ["stop-answered", 0],
  ["stop-answered", 0],
  ["stop-answered", GRACE_MS],
  ["stop-recorded", 0],
  ["stop-recorded", GRACE_MS],
  ["stop-sending", 0],
  ["stop-sending", GRACE_MS],
  ["race", 0],
];

export function plansOf(trials: number, random: Random): readonly Plan[] {
  const plans: Plan[] = [];
  while (plans.length < trials) {
    for (const [fault, graceMs] of shuffled(KINDS, random)) {
      if (plans.length < trials) plans.push({ connection: `account-${plans.length + 1}`, fault, graceMs });
    }
  }
  return plans;
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

export const isKill = ({ fault }: Plan): boolean => fault.startsWith("kill");

/**
 * The answer with the new token died with the process, the old token is superseded, and the provider takes all tokens back
 * when it sees that one again. Nothing that could be written down beforehand changes this: only a provider with a grace
 * (or with a way to ask for the answer once more) lets anybody go on.
 */
export const isUnavoidable = ({ fault, graceMs }: Plan): boolean => fault === "kill-answered" && graceMs === 0;

// What differs from one sequence to the next besides what is done in it: how many systems, what they tell, whose clock is off,
// what deletions mean.
import fc from "fast-check";
import type { Field, System } from "./fields.ts";

export interface Setting {
  /** Of latencies, sizes and the engine's own chances. */
  readonly seed: number;
  /** Three agree in a ring: each with both others. */
  readonly systems: 2 | 3;
  /** Records tell a version, and when and by whom they were changed; else two readings can only be compared. */
  readonly versions: boolean;
  /** An answer takes as long at the most: much happens while a slow one is waited for. */
  readonly answerMsMax: number;
  /** The systems stamp their records by one clock; else they are far apart. */
  readonly sharedClock: boolean;
  readonly skewMs: number;
  readonly onDelete: "delete" | "unlink" | "park";
  /** Listings of changes tell deletions; else only a complete listing or a webhook finds them. */
  readonly tellsDeletions: boolean;
  /** What the answer to an update holds: the record as it is now, its version, or nothing. */
  readonly returns: "record" | "version" | "nothing";
  /** A write is refused where the record is no longer of the version that it was decided on. */
  readonly preconditions: boolean;
  /** Of two merged records one stays; or a new one takes the place of both. */
  readonly mergedKey: "kept" | "new";
  /** Who reads a merged contact gets the one that took its place; or has to ask which that is. */
  readonly mergedRead: "follows" | "asked";
  /** A webhook brings the record; else only its key. */
  readonly webhookWhole: boolean;
  /** Our writing of a contact's tags sets off an automation there, under our name, that edits the city. */
  readonly automation: boolean;
  /** Contacts that both sides have when Bowline is started first. */
  readonly initial: number;
}

const anySettings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.nat(1_000_000),
  systems: fc.oneof(
    { weight: 4, arbitrary: fc.constant(2 as const) },
    { weight: 1, arbitrary: fc.constant(3 as const) },
  ),
  versions: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  answerMsMax: fc.constantFrom(60, 60, 1_500),
  sharedClock: fc.boolean(),
  skewMs: fc.constantFrom(600_000, -600_000),
  onDelete: fc.constantFrom("delete", "delete", "unlink", "park"),
  tellsDeletions: fc.boolean(),
  returns: fc.constantFrom("record", "version", "nothing"),
  preconditions: fc.boolean(),
  mergedKey: fc.constantFrom("kept", "new"),
  mergedRead: fc.constantFrom("follows", "asked"),
  webhookWhole: fc.boolean(),
  automation: fc.boolean(),
  initial: fc.integer({ min: 1, max: 4 }),
});

/** Without versions there is none to return or to refuse a write by, and no clock to go by. */
export const settings = anySettings.map((setting): Setting => {
  if (setting.versions) return setting;
  const returns = setting.returns === "version" ? "nothing" : setting.returns;
  return { ...setting, returns, sharedClock: false, preconditions: false };
});

/** What decides between two concurrent edits of a field: a system, or how. */
export type Rule =
  | { readonly kind: "side"; readonly system: System }
  | { readonly kind: "unless-empty"; readonly system: System }
  | { readonly kind: "newest"; readonly otherwise: System }
  | { readonly kind: "greatest" | "least" | "union" | "park" }
  | { readonly kind: "from"; readonly system: System };

/** The rule of a field between two systems, in their order; undefined: it does not go between them. */
export function ruleOf(field: Field, [first, second]: readonly [System, System]): Rule | undefined {
  switch (field) {
    case "email":
      return { kind: "side", system: first };
    case "city":
      return { kind: "side", system: second };
    case "name":
      return { kind: "newest", otherwise: second };
    case "phone":
      return { kind: "unless-empty", system: first };
    case "score":
      return [first, second].includes("marketing") ? { kind: "from", system: "marketing" } : undefined;
    case "amount":
      return { kind: "greatest" };
    case "credit":
      return { kind: "least" };
    case "tags":
      return { kind: "union" };
    case "note":
      return { kind: "park" };
  }
}

/** The systems that agree with each other, two by two. */
export function pairsOf({ systems }: Pick<Setting, "systems">): readonly (readonly [System, System])[] {
  const two = ["crm", "marketing"] as const;
  return systems === 2 ? [two] : [two, ["marketing", "billing"], ["crm", "billing"]];
}

export const syncName = ([first, second]: readonly [System, System]): string => `${first}-${second}`;

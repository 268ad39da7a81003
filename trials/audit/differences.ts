// The differences that are planted, each behind Bowline's back, and what an audit has to say of it.
import type { FindingKind } from "../../src/watch/audit/report.ts";
import type { TwoSystems } from "../../src/testing/two-systems.ts";
import type { Random } from "../../src/world/world.ts";
import { AGREED_AT, contactOf } from "./prepare.ts";

export interface Planted {
  readonly way: string;
  /** What is to be found: kinds by key. */
  readonly found: readonly (readonly [key: string, kind: FindingKind])[];
}

/** Changed after it was last read, and before the last listing began: no poll shows it any more. */
const UNSEEN_AT = new Date(AGREED_AT - 60_000).toISOString();

type Way = (systems: TwoSystems, next: () => string, random: Random) => Planted["found"];

export const WAYS: Readonly<Record<string, Way>> = {
  "deleted at the target": ({ contacts }, next) => {
    const id = next();
    contacts.delete(contactOf(id));
    return [[id, "missing"]];
  },
  "deleted at the source": ({ people }, next) => {
    const id = next();
    people.delete(id);
    return [[id, "extra"]];
  },
  "edited at the target": (systems, next, random) => {
    const id = next();
    // Where the rule leaves the address out and none was ever written, whatever stands there is none of the sync's.
    const own = systems.people.get(id)?.email === null ? [] : [{ Email: "other@example.com" }];
    const edits = [{ City: "Nowhere" }, { FullName: "Somebody Else" }, ...own];
    systems.putContact(contactOf(id), edits[Math.floor(random.next() * edits.length)]);
    return [[id, "different"]];
  },
  "emptied at the target": (systems, next) => {
    const id = next();
    systems.putContact(contactOf(id), { City: "" });
    return [[id, "different"]];
  },
  "a change that nobody told": (systems, next) => {
    const id = next();
    systems.putPerson(id, { city: "Elsewhere", updatedAt: UNSEEN_AT });
    return [[id, "different"]];
  },
  "an emptied field that nobody told": (systems, next) => {
    let id = next();
    while (systems.people.get(id)?.email === null) id = next();
    systems.putPerson(id, { email: null, updatedAt: UNSEEN_AT });
    return [[id, "different"]];
  },
  "a new record that nobody told": (systems, next) => {
    const id = `${next()}n`;
    systems.putPerson(id, { updatedAt: UNSEEN_AT });
    return [[id, "missing"]];
  },
  "out of scope, and nobody told": (systems, next) => {
    const id = next();
    systems.putPerson(id, { active: false, updatedAt: UNSEEN_AT });
    return [[id, "extra"]];
  },
  "two links that are swapped": (systems, next) => {
    const [one, other] = [next(), next()];
    const [first, second] = [systems.contacts.get(contactOf(one)), systems.contacts.get(contactOf(other))];
    if (first === undefined || second === undefined) throw new Error("these two have no contacts");
    // The records stay, and are others' by now: to Bowline the same as links that were made to the wrong ones.
    const { Email: _one, ...bare } = first;
    const { Email: _other, ...bareToo } = second;
    systems.contacts.set(contactOf(one), {
      ...bareToo,
      ...emailOf(second),
      Id: contactOf(one),
      Revision: first.Revision + 1,
    });
    systems.contacts.set(contactOf(other), {
      ...bare,
      ...emailOf(first),
      Id: contactOf(other),
      Revision: second.Revision + 1,
    });
    return [
      [one, "different"],
      [other, "different"],
    ];
  },
};

const emailOf = ({ Email }: { readonly Email?: string | undefined }): { readonly Email?: string } =>
  Email === undefined ? {} : { Email };

/** So many, each of another record, in ways chosen at random. */
export function plantDifferences(systems: TwoSystems, count: number, keys: Keys, random: Random): readonly Planted[] {
  const ways = Object.entries(WAYS);
  return Array.from({ length: count }, () => {
    const [way, plant] = ways[Math.floor(random.next() * ways.length)] as [string, Way];
    return { way, found: plant(systems, () => keys.draw(), random) };
  });
}

/** Keys drawn at random, each once. */
export class Keys {
  readonly #all: readonly string[];
  readonly #random: Random;
  readonly #drawn = new Set<string>();

  constructor(all: readonly string[], random: Random) {
    this.#all = all;
    this.#random = random;
  }

  draw(): string {
    for (;;) {
      const key = this.#all[Math.floor(this.#random.next() * this.#all.length)] as string;
      if (this.#drawn.has(key)) continue;
      this.#drawn.add(key);
      return key;
    }
  }
}

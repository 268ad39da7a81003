// Fills both systems with people as they are found when two departments have kept their own lists for years: most in both, written
// differently and knowing different things, some in one only, some twice, some without an address.
import type { Random } from "../../src/world/world.ts";
import { Dice } from "./dice.ts";
import { inOtherWriting, persona, phoneOf, scoreOf } from "./persona.ts";
import type { Person, Register } from "./register.ts";
import { type SystemName, SYSTEMS, type Values } from "./values.ts";

/** Each sort of person, and how many of a hundred. */
const SORTS = {
  alike: 30,
  otherwiseWritten: 16,
  different: 16,
  crmOnly: 13,
  marketingOnly: 12,
  byPhone: 4,
  supplier: 3,
  subscriber: 3,
  withoutAddress: 1,
  withoutName: 1,
  twiceInCrm: 1,
} as const;
export type Sort = keyof typeof SORTS;

export type Sorted = Readonly<Record<Sort, readonly Person[]>>;

/** Nobody of it was told by a webhook: it was there before. */
export function populate(register: Register, people: number, random: Random): Sorted {
  const dice = new Dice(random);
  const sorted = Object.fromEntries(Object.keys(SORTS).map((sort) => [sort, [] as Person[]])) as Record<Sort, Person[]>;
  const total = Object.values(SORTS).reduce((sum, share) => sum + share, 0);
  for (const [sort, share] of Object.entries(SORTS) as [Sort, number][]) {
    const count = Math.max(2, Math.round((people * share) / total));
    for (let made = 0; made < count; made += 1) sorted[sort].push(make(register, dice, sort));
  }
  for (const person of register.people) register.settle(person);
  return sorted;
}

function make(register: Register, dice: Dice, sort: Sort): Person {
  switch (sort) {
    case "alike":
      return alike(register, dice);
    case "otherwiseWritten":
      return otherwiseWritten(register, dice);
    case "different":
      return different(register, dice);
    case "crmOnly":
      return inOne(register, dice, "crm");
    case "marketingOnly":
      return inOne(register, dice, "marketing");
    case "byPhone":
      return byPhone(register, dice);
    case "supplier":
      return leftAlone(register, dice, "crm", { LeadSource: "Supplier" });
    case "subscriber":
      return leftAlone(register, dice, "marketing", { lifecyclestage: "subscriber" });
    case "withoutAddress":
      return unfit(register, dice, "crm", "email");
    case "withoutName":
      return unfit(register, dice, "marketing", "lastName");
    case "twiceInCrm":
      return twiceInCrm(register, dice);
  }
}

/** Scores are marketing's alone. */
const scored = (dice: Dice, values: Values): Values => ({ ...values, score: scoreOf(dice) });

export function alike(register: Register, dice: Dice): Person {
  const person = register.newcomer();
  const values = scored(dice, persona(dice, person.number));
  for (const system of SYSTEMS) register.write(person, system, values);
  return person;
}

function otherwiseWritten(register: Register, dice: Dice): Person {
  const person = register.newcomer();
  const values = scored(dice, persona(dice, person.number));
  register.write(person, "crm", inOtherWriting(dice, values));
  register.write(person, "marketing", values);
  return person;
}

/** Each side knows something that the other does not, and of something they say different things. */
function different(register: Register, dice: Dice): Person {
  const person = register.newcomer();
  const { number } = person;
  const one = persona(dice, number);
  const { email } = one;
  const other = persona(dice, number);
  const only = { title: "", phone: "", street: "", city: "", state: "", postalCode: "", country: "" };
  register.write(person, "crm", dice.chance(0.5) ? one : { ...one, ...only, score: scoreOf(dice) });
  register.write(person, "marketing", scored(dice, { ...other, email, ...(dice.chance(0.4) ? only : {}) }));
  return person;
}

export function inOne(register: Register, dice: Dice, system: SystemName): Person {
  const person = register.newcomer();
  const values = persona(dice, person.number);
  register.write(person, system, system === "marketing" ? scored(dice, values) : values);
  return person;
}

/** One of the two has no address: the telephone tells that it is the same person. */
function byPhone(register: Register, dice: Dice): Person {
  const person = register.newcomer();
  const values = { ...persona(dice, person.number), phone: phoneOf(dice, person.number) };
  const without = dice.pick(SYSTEMS);
  for (const system of SYSTEMS) register.write(person, system, system === without ? { ...values, email: "" } : values);
  return person;
}

/** The filter keeps these out. */
function leftAlone(register: Register, dice: Dice, system: SystemName, more: Readonly<Record<string, string>>): Person {
  const person = register.newcomer("apart");
  register.write(person, system, persona(dice, person.number), more);
  return person;
}

/** The other system would not take the person as they are: somebody has to fill in what is missing. */
function unfit(register: Register, dice: Dice, system: SystemName, missing: keyof Values): Person {
  const person = register.newcomer("apart", true);
  register.write(person, system, { ...persona(dice, person.number), [missing]: "" });
  return person;
}

/** Twice in the CRM and once in marketing: which of them it is, only a person can tell. */
function twiceInCrm(register: Register, dice: Dice): Person {
  const person = register.newcomer("apart", true);
  const values = persona(dice, person.number);
  register.write(person, "crm", values);
  register.write(person, "crm", { ...values, email: values.email.toUpperCase(), title: "" });
  register.write(person, "marketing", values);
  return person;
}

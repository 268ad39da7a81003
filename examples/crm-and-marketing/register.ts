// The register: who each record is, and what both systems should come to show. It is written by the people of the example as they
// work in either system, and never by Bowline.
import type { Simulators } from "./providers.ts";
import { agreedOn, type Lost } from "./rules.ts";
import { forCrm, forMarketing, NOTHING, plainValues, type SystemName, SYSTEMS, type Values } from "./values.ts";

/** What one system should have of a person. */
export interface Seat {
  /** Each record that people made, and what they wrote there last. */
  readonly written: Map<string, Values>;
  /** Records that there were; what was left over of one is parked under it. */
  readonly former: string[];
  /** Besides them Bowline makes one. */
  made: boolean;
  /** What people wrote, and what the rules brought. */
  values: Values;
}

export type Fate =
  /** One record in each system, and they agree. */
  | "agree"
  /** Nobody but people writes to these records. */
  | "apart"
  /** No record is left. */
  | "gone";

export interface Person {
  readonly number: number;
  readonly crm: Seat;
  readonly marketing: Seat;
  fate: Fate;
  /** It waits for somebody to decide. */
  parked: boolean;
  /** What both had when they last agreed. */
  agreed: Values | undefined;
  /** Values that people wrote and that gave way. */
  readonly lost: Lost[];
}

type More = Readonly<Record<string, string>>;

export class Register {
  readonly people: Person[] = [];
  readonly systems: Simulators;
  /** How often people wrote in the CRM; what is beyond that was Bowline. */
  readonly inCrm = { created: 0, updated: 0 };

  constructor(systems: Simulators) {
    this.systems = systems;
  }

  /** Somebody nobody knows yet. */
  newcomer(fate: Fate = "agree", parked = false): Person {
    const seat = (): Seat => ({ written: new Map(), former: [], made: false, values: NOTHING });
    const number = this.people.length + 1;
    const person: Person = { number, crm: seat(), marketing: seat(), fate, parked, agreed: undefined, lost: [] };
    this.people.push(person);
    return person;
  }

  /** A record of the person is made; `more` is in the system's own words. */
  write(person: Person, system: SystemName, given: Values, more: More = {}): string {
    const { crm, marketing } = this.systems;
    if (system === "crm") this.inCrm.created += 1;
    const id =
      system === "crm"
        ? String(crm.person.create("Contact", { ...forCrm(given), ...more })["Id"])
        : marketing.person.create("contacts", { ...forMarketing(given), ...more }).id;
    const seat = person[system];
    seat.values = { ...NOTHING, ...plainValues(given) };
    seat.written.set(id, seat.values);
    return id;
  }

  /** Somebody edits the person's record. */
  edit(person: Person, system: SystemName, changes: Partial<Values>, more: More = {}): void {
    const { crm, marketing } = this.systems;
    const id = idOf(person, system);
    if (system === "crm") this.inCrm.updated += 1;
    if (system === "crm") crm.person.update("Contact", id, { ...forCrm(changes), ...more });
    else marketing.person.update("contacts", id, { ...forMarketing(changes), ...more });
    const seat = person[system];
    seat.values = { ...seat.values, ...plainValues(changes) };
    seat.written.set(id, seat.values);
  }

  /** One record of the CRM becomes part of another, which is written too. */
  mergeInCrm(goes: string, stays: string): void {
    this.inCrm.updated += 1;
    this.systems.crm.person.merge("Contact", goes, stays);
  }

  /** Works out what both systems should come to show, if both are to have the person. */
  settle(person: Person): void {
    if (person.fate !== "agree") return;
    const { values, lost } = agreedOn(person.crm.values, person.marketing.values, person.agreed);
    // Where nobody wrote anything, nothing gives way.
    person.lost.push(...lost.filter(({ system }) => person[system].written.size > 0));
    for (const system of SYSTEMS) person[system].made ||= person[system].written.size === 0;
    person.agreed = values;
    for (const system of SYSTEMS) this.#show(person[system], values);
  }

  /** From here on nobody but people writes to what is there. */
  part(person: Person): void {
    this.settle(person);
    person.fate = "apart";
  }

  /** A system has no record of the person any more. */
  leave(person: Person, ...systems: readonly SystemName[]): void {
    for (const system of systems) {
      const seat = person[system];
      seat.former.push(...seat.written.keys());
      seat.written.clear();
      seat.made = false;
    }
    if (SYSTEMS.every((system) => person[system].written.size === 0 && !person[system].made)) person.fate = "gone";
  }

  #show(seat: Seat, values: Values): void {
    seat.values = values;
    for (const id of seat.written.keys()) seat.written.set(id, values);
  }
}

/** The record of their own that people made for the person in a system. */
export function idOf(person: Person, system: SystemName): string {
  const [id] = person[system].written.keys();
  if (id === undefined) throw new Error(`Person ${person.number} has no record of their own in ${system}`);
  return id;
}

// What people do in both systems while Bowline runs: they edit, on one side and on both at once, come, go, are merged and
// restored, leave the filter and come back. Everything is noted in the register.
import type { Random } from "../../src/world/world.ts";
import { Dice } from "./dice.ts";
import { emailOf, persona, phoneOf, scoreOf } from "./persona.ts";
import { alike, inOne, type Sort, type Sorted } from "./population.ts";
import { idOf, type Person, type Register } from "./register.ts";
import { NOTHING, type SystemName, SYSTEMS, type Values } from "./values.ts";

/** How often each happens in a life of a hundred events, once at least. */
const HAPPENINGS = {
  "edited in the CRM": 18,
  "edited in marketing": 18,
  "edited ten times in a row": 4,
  "edited in both, different fields": 8,
  "edited in both, the same field": 12,
  "scored in the CRM, which is not its business": 3,
  "opted out": 4,
  "new in the CRM": 5,
  "new in marketing": 5,
  "new in both at once": 2,
  "deleted in the CRM": 3,
  "archived in marketing": 2,
  "deleted in the CRM while marketing edits": 2,
  "deleted in the CRM and restored": 2,
  "merged in the CRM": 1,
  "merged in marketing": 1,
  "merged in marketing with a reader of the newsletter": 1,
  "left the filter": 2,
  "left the filter, was edited in both, and came back": 3,
  "a supplier became a customer": 1,
  "a reader became a lead": 1,
  "the missing address was filled in": 1,
  "the missing name was filled in": 1,
  "two of the CRM were merged into one": 1,
} as const;
export type Happening = keyof typeof HAPPENINGS;

/** After how many further events a story goes on. */
const CHAPTER_EVENTS = 25;

interface Chapter {
  readonly at: number;
  readonly what: string;
  readonly happens: () => void;
}

/** There is nobody of a sort left to whom nothing has happened yet. */
export class NobodyLeft extends Error {
  override readonly name = "NobodyLeft";

  constructor(sort: Sort) {
    super(
      `Could not go on: expected somebody of the sort "${sort}" to whom nothing has happened yet, and nobody is left`,
    );
  }
}

export class Life {
  readonly #register: Register;
  readonly #dice: Dice;
  /** Those of each sort to whom nothing has happened yet. */
  readonly #untouched: Record<Sort, Person[]>;
  #plan: Happening[] = [];
  #chapters: Chapter[] = [];
  #events = 0;

  constructor(register: Register, sorted: Sorted, random: Random) {
    this.#register = register;
    this.#dice = new Dice(random);
    this.#untouched = Object.fromEntries(
      Object.entries(sorted).map(([sort, people]) => [sort, [...people]]),
    ) as unknown as Record<Sort, Person[]>;
  }

  /** One event; tells what it was. */
  step(): string {
    this.#events += 1;
    const chapter = this.#chapters.find(({ at }) => at <= this.#events);
    if (chapter !== undefined) {
      this.#chapters = this.#chapters.filter((one) => one !== chapter);
      chapter.happens();
      return chapter.what;
    }
    const what = this.#next();
    this.#happens(what);
    return what;
  }

  /** Those whose stories have ended can live through another one; only for when both systems have come to rest. */
  rest(): void {
    const waiting = new Set(Object.values(this.#untouched).flat());
    const isLinked = ({ fate, crm, marketing }: Person): boolean =>
      fate === "agree" && crm.written.size === 1 && marketing.written.size === 1;
    this.#untouched.alike.push(...this.#register.people.filter((one) => isLinked(one) && !waiting.has(one)));
  }

  /** What has begun is brought to its end. */
  finish(): void {
    for (const { happens } of this.#chapters) happens();
    this.#chapters = [];
  }

  /** Of a hundred events each happens in its turn, shuffled. */
  #next(): Happening {
    if (this.#plan.length === 0) {
      const all = Object.entries(HAPPENINGS).flatMap(([what, times]) =>
        Array<Happening>(times).fill(what as Happening),
      );
      while (all.length > 0) this.#plan.push(...all.splice(this.#dice.below(all.length), 1));
    }
    return this.#plan.pop() ?? "edited in the CRM";
  }

  #later(what: string, happens: () => void): void {
    this.#chapters.push({ at: this.#events + CHAPTER_EVENTS, what, happens });
  }

  #happens(what: Happening): void {
    switch (what) {
      case "edited in the CRM":
        return this.#edited("crm");
      case "edited in marketing":
        return this.#edited("marketing");
      case "edited ten times in a row":
        return this.#editedTenTimes();
      case "edited in both, different fields":
        return this.#editedInBoth(["firstName"], ["title"]);
      case "edited in both, the same field":
        return this.#editedInBoth(...this.#sameField());
      case "scored in the CRM, which is not its business":
        return this.#with((person) => this.#register.edit(person, "crm", { score: scoreOf(this.#dice) }));
      case "opted out":
        return this.#optedOut();
      case "new in the CRM":
        return this.#comes("crm");
      case "new in marketing":
        return this.#comes("marketing");
      case "new in both at once":
        return this.#register.settle(alike(this.#register, this.#dice));
      case "deleted in the CRM":
        return this.#deletedInCrm();
      case "archived in marketing":
        return this.#archivedInMarketing();
      case "deleted in the CRM while marketing edits":
        return this.#deletedWhileEdited();
      case "deleted in the CRM and restored":
        return this.#restored();
      case "merged in the CRM":
        return this.#mergedInCrm();
      case "merged in marketing":
        return this.#mergedInMarketing();
      case "merged in marketing with a reader of the newsletter":
        return this.#mergedWithReader();
      case "left the filter":
        return this.#left();
      case "left the filter, was edited in both, and came back":
        return this.#leftAndCameBack();
      case "a supplier became a customer":
        return this.#entered("supplier", "crm", { LeadSource: "Web" });
      case "a reader became a lead":
        return this.#entered("subscriber", "marketing", { lifecyclestage: "lead" });
      case "the missing address was filled in":
        return this.#filledIn("withoutAddress", "crm");
      case "the missing name was filled in":
        return this.#filledIn("withoutName", "marketing");
      case "two of the CRM were merged into one":
        return this.#duplicateResolved();
    }
  }

  // ------------------------------------------------------------ edits

  #edited(system: SystemName): void {
    this.#with((person) => {
      const fields = system === "crm" ? ([] as const) : (["score"] as const);
      const group = this.#dice.pick([
        ["firstName"],
        ["lastName", "phone"],
        ["title"],
        ["email"],
        ADDRESS,
        ["phone"],
      ] as const);
      this.#register.edit(person, system, this.#changes(person, [...group, ...fields]));
    });
  }

  #editedTenTimes(): void {
    const system = this.#dice.pick(SYSTEMS);
    this.#with((person) => {
      for (let time = 0; time < 10; time += 1) {
        this.#register.edit(person, system, this.#changes(person, ["title", "firstName"]));
      }
    });
  }

  #editedInBoth(inCrm: Fields, inMarketing: Fields): void {
    this.#with((person) => {
      this.#register.edit(person, "crm", this.#changes(person, inCrm));
      this.#register.edit(person, "marketing", this.#changes(person, inMarketing));
    });
  }

  #sameField(): readonly [Fields, Fields] {
    const fields = this.#dice.pick([["lastName"], ["title"], ["phone"], ["email"], ADDRESS] as const);
    return [fields, fields];
  }

  #optedOut(): void {
    const [inCrm, inMarketing] = this.#dice.pick([
      ["true", "true"],
      ["true", undefined],
      [undefined, "true"],
    ] as const);
    this.#with((person) => {
      if (inCrm !== undefined) this.#register.edit(person, "crm", { optOut: inCrm });
      if (inMarketing !== undefined) this.#register.edit(person, "marketing", { optOut: inMarketing });
    });
  }

  // ------------------------------------------------------------ coming and going

  #comes(system: SystemName): void {
    this.#register.settle(inOne(this.#register, this.#dice, system));
  }

  #deletedInCrm(): void {
    const person = this.#take("alike");
    this.#register.systems.crm.person.delete("Contact", idOf(person, "crm"));
    this.#register.leave(person, "crm", "marketing");
  }

  #archivedInMarketing(): void {
    const person = this.#take("alike");
    this.#register.systems.marketing.person.archive("contacts", idOf(person, "marketing"));
    this.#register.part(person);
    this.#register.leave(person, "marketing");
  }

  /** Somebody worked on the record at that moment: it stays. */
  #deletedWhileEdited(): void {
    const person = this.#take("alike");
    this.#register.systems.crm.person.delete("Contact", idOf(person, "crm"));
    this.#register.edit(person, "marketing", this.#changes(person, ["title", "score"]));
    person.fate = "apart";
    this.#register.leave(person, "crm");
  }

  #restored(): void {
    const person = this.#take("crmOnly");
    const id = idOf(person, "crm");
    this.#register.systems.crm.person.delete("Contact", id);
    const restore = (): void => this.#register.systems.crm.person.undelete("Contact", id);
    if (this.#dice.chance(0.5)) restore();
    else this.#later("restored in the CRM", restore);
  }

  #left(): void {
    const person = this.#takeLinked();
    this.#register.part(person);
    this.#register.edit(person, "crm", { title: this.#dice.digits(6) }, { LeadSource: "Supplier" });
    this.#later("edited outside the filter", () =>
      this.#register.edit(person, "marketing", { firstName: `Outside ${this.#dice.digits(4)}` }),
    );
  }

  #leftAndCameBack(): void {
    const person = this.#takeLinked();
    this.#register.edit(person, "crm", {}, { LeadSource: "Supplier" });
    this.#later("edited in both, outside the filter", () => {
      this.#register.edit(person, "crm", this.#changes(person, ["title", "phone"]));
      this.#register.edit(person, "marketing", this.#changes(person, ["title", "score"]));
      this.#later("back in the filter", () => {
        this.#register.edit(person, "crm", {}, { LeadSource: "Web" });
        this.#register.settle(person);
      });
    });
  }

  #entered(sort: Sort, system: SystemName, more: Readonly<Record<string, string>>): void {
    const person = this.#take(sort);
    person.fate = "agree";
    this.#register.edit(person, system, {}, more);
    this.#register.settle(person);
  }

  #filledIn(sort: "withoutAddress" | "withoutName", system: SystemName): void {
    const person = this.#take(sort);
    person.fate = "agree";
    person.parked = false;
    const field = sort === "withoutAddress" ? "email" : "lastName";
    this.#register.edit(person, system, this.#changes(person, [field]));
    this.#register.settle(person);
  }

  // ------------------------------------------------------------ merges

  /** Both were known to marketing too: there, only a person can merge them. */
  #mergedInCrm(): void {
    const [stays, goes] = [this.#take("alike"), this.#take("alike")];
    this.#register.mergeInCrm(idOf(goes, "crm"), idOf(stays, "crm"));
    this.#register.part(goes);
    this.#register.leave(goes, "crm");
    goes.parked = true;
  }

  #mergedInMarketing(): void {
    const [stays, goes] = [this.#take("alike"), this.#take("alike")];
    this.#merge(stays, goes);
    this.#register.part(goes);
    this.#register.leave(goes, "marketing");
    goes.parked = true;
    this.#register.settle(stays);
  }

  #mergedWithReader(): void {
    const [stays, goes] = [this.#takeLinked(), this.#take("subscriber")];
    // Else what fills the gap would make a reader of the newsletter of everybody.
    this.#register.edit(stays, "marketing", {}, { lifecyclestage: "lead" });
    this.#merge(stays, goes);
    this.#register.leave(goes, "marketing");
    this.#register.settle(stays);
  }

  /** HubSpot fills what the one that stays lacks, and may give it another id. */
  #merge(stays: Person, goes: Person): void {
    const { marketing } = this.#register.systems;
    const { id } = marketing.person.merge("contacts", idOf(stays, "marketing"), idOf(goes, "marketing"));
    const seat = stays.marketing;
    const filled = Object.entries(goes.marketing.values).filter(
      ([field, value]) => value !== "" && seat.values[field as keyof Values] === "",
    );
    seat.values = { ...seat.values, ...Object.fromEntries(filled) };
    seat.written.clear();
    seat.written.set(id, seat.values);
  }

  #duplicateResolved(): void {
    const person = this.#take("twiceInCrm");
    const [stays, goes] = [...person.crm.written.keys()];
    if (stays === undefined || goes === undefined) throw new Error("Could not merge a duplicate: expected two records");
    this.#register.mergeInCrm(goes, stays);
    person.crm.values = person.crm.written.get(stays) ?? NOTHING;
    person.crm.written.delete(goes);
    person.fate = "agree";
    person.parked = false;
    this.#register.settle(person);
  }

  // ------------------------------------------------------------ who

  #with(happens: (person: Person) => void): void {
    const person = this.#takeLinked();
    happens(person);
    this.#register.settle(person);
  }

  #takeLinked(): Person {
    const sorts = LINKED.filter((sort) => this.#untouched[sort].length > 0);
    return this.#take(sorts.length === 0 ? "alike" : this.#dice.pick(sorts));
  }

  /** Each person lives through one story, so that what should come of it does not depend on who was quicker. */
  #take(sort: Sort): Person {
    const people = this.#untouched[sort];
    if (people.length > 0) return people.splice(this.#dice.below(people.length), 1)[0] as Person;
    throw new NobodyLeft(sort);
  }

  #changes(person: Person, fields: Fields): Partial<Values> {
    const made = persona(this.#dice, person.number);
    const fresh: Values = {
      ...made,
      firstName: `${made.firstName} ${this.#dice.digits(3)}`,
      lastName: `${made.lastName} ${this.#dice.digits(3)}`,
      title: this.#dice.chance(0.2) ? "" : `${made.title} ${this.#dice.digits(3)}`,
      email: emailOf(this.#dice, person.number),
      phone: this.#dice.chance(0.2) ? "" : phoneOf(this.#dice, person.number),
      score: scoreOf(this.#dice),
    };
    return Object.fromEntries(fields.map((field) => [field, fresh[field]]));
  }
}

type Fields = readonly (keyof Values)[];
const LINKED = ["alike", "otherwiseWritten", "different", "byPhone"] as const;
const ADDRESS = ["street", "city", "state", "postalCode", "country"] as const;

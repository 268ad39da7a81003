// What people did, and what each value at each system knows of: the judge of every write of Bowline's at the moment it lands. An
// edit may be overwritten by one whose author saw it; by another only as the field's rule says, and then it has to be kept.
import { editOf, editsOf, FIELDS, isEmpty, stored, type Field, type Value, type Values } from "./fields.ts";
import { isSameList, missing, NEVER, type Cell } from "./cell.ts";
import { areApart, creationFaults, KNOWN_AFTER_MS } from "./creation.ts";
import { isGone, Persons } from "./persons.ts";
import type { Contact, WrittenHow } from "./provider.ts";
import { isRuleBroken } from "./rules.ts";
import { pairsOf, ruleOf, type Rule, type Setting } from "./setting.ts";

/** One edit of one field, by a person or an automation. */
export interface Edit {
  readonly id: number;
  readonly field: Field;
  readonly at: number;
  /** It took the value away. */
  readonly isEmptying: boolean;
  /** The edits that its author could see, itself among them. */
  readonly past: ReadonlySet<number>;
}

/** An edit that was overwritten by one whose author did not see it: a kept conflict has to hold it. */
export interface Owed {
  readonly contact: string;
  readonly field: Field;
  readonly edit: number;
  readonly by: number;
  readonly at: number;
}

/** How a write of Bowline's came, and when. */
export interface HowWritten extends WrittenHow {
  readonly at: number;
}

export interface LedgerCounts {
  edits: number;
  overwrites: number;
  unprotected: number;
  readonly conflicts: Record<string, number>;
}

export class Ledger {
  /** What did not hold, as it was seen. */
  readonly violations: string[] = [];
  readonly owed: Owed[] = [];
  readonly counts: LedgerCounts = { edits: 0, overwrites: 0, unprotected: 0, conflicts: {} };
  readonly edits = new Map<number, Edit>();
  readonly #persons: Persons;
  readonly #cells = new Map<string, Map<Field, Cell>>();
  /** What each field of each contact was before, the oldest first. */
  readonly #past = new Map<string, readonly Cell[]>();
  /** Contacts whose link lost its base, and when last; or that were not linked yet: what is empty there is filled. */
  readonly #baseless = new Map<string, number>();
  /** When the link of two lost it, each pair both ways round: the link may go on with another contact. */
  readonly #lost = new Map<string, number>();
  /** Entered on both sides: neither had it from the other, and Bowline may not have seen that they agreed. */
  readonly #joint = new Set<number>();
  /** Entered again later: nobody can tell which time is meant. */
  readonly #again = new Set<number>();
  /** What people took out of lists. */
  readonly #takenOut = new Set<number>();
  /** Of whose contact each edit is: what is created with it is the same person. */
  readonly #authors = new Map<number, string>();
  readonly #writes = new Map<number, number>();
  readonly #wroteAt = new Map<string, number>();
  readonly #unconfirmed = new Set<string>();
  /** What the system made something else of that was not returned, and the stamp that Bowline has to be shown to know it. */
  readonly #madeUnseen = new Map<string, number>();
  readonly #setting: Setting;
  readonly #contact: (id: string) => Contact | undefined;
  #lastEdit = 0;

  constructor(setting: Setting, contact: (id: string) => Contact | undefined) {
    this.#setting = setting;
    this.#contact = contact;
    this.#persons = new Persons(contact);
  }

  // ------------------------------------------------------------ what people do

  nextEdit(): number {
    this.#lastEdit += 1;
    return this.#lastEdit;
  }

  /** Each before the contact is changed. `isVague`: a value that was there before. */
  edited(contact: Contact, field: Field, value: Value, edit: number, at: number, isVague = false): void {
    this.counts.edits += 1;
    if (contact.servedStamp < (this.#madeUnseen.get(contact.id) ?? 0)) this.unconfirmed(contact.id);
    const cell = this.cell(contact.id, field);
    if (field === "tags") for (const gone of missing(cell.value, value)) this.#takenOut.add(gone);
    const knows = new Set([...cell.knows, edit]);
    if (this.edits.has(edit) && !isVague) this.#joint.add(edit);
    if (isVague) this.#again.add(edit);
    else this.edits.set(edit, { id: edit, field, at, past: knows, isEmptying: isEmpty(value) });
    const vague = isVague || (isEmpty(value) && this.#isPutBack(contact, field, cell));
    this.#put(contact.id, field, { edit, value, knows, at, stamp: contact.stamp + 1, isVague: vague });
  }

  /** Emptied is as it was before, for all that Bowline knows, where the counterpart had not taken the value over. */
  #isPutBack(contact: Contact, field: Field, cell: Cell): boolean {
    const isTaken = this.#others(contact).every((id) => this.cell(id, field).knows.has(cell.edit));
    return this.#baseless.has(contact.id) || this.#joint.has(cell.edit) || !isTaken;
  }

  /** A person says, by its address or otherwise, that these may be one. */
  same(one: string, other: string): void {
    this.#persons.same(one, other);
  }

  deleted(contact: Contact, at: number): void {
    this.#persons.deleted(contact.id, at);
  }

  restored(contact: Contact, at: number): void {
    this.#persons.restored(contact, at);
  }

  unhidden(contact: Contact): void {
    this.#persons.unhidden(contact);
  }

  /** Somebody made two contacts of the person in one system. */
  shared(contact: string): void {
    this.#persons.shared(contact);
  }

  authored(edit: number, contact: string): void {
    if (!this.#authors.has(edit)) this.#authors.set(edit, contact);
  }

  /** A person made one of two, and saw both: what the one that stays lacked it took from the other. */
  mergedInto(gone: Contact, stays: Contact, at: number): void {
    this.same(stays.id, gone.id);
    this.shared(stays.id);
    for (const field of FIELDS) {
      const [lost, kept] = [this.cell(gone.id, field), this.cell(stays.id, field)];
      const taken = isEmpty(kept.value) ? lost : kept;
      // Of two lists one was left, by somebody who saw both.
      if (field === "tags") for (const out of missing(lost.value, taken.value)) this.#takenOut.add(out);
      this.#put(stays.id, field, {
        ...taken,
        knows: new Set([...lost.knows, ...kept.knows]),
        at,
        stamp: stays.stamp + 1,
        isVague: taken.isVague || isEmpty(kept.value),
      });
    }
  }

  /** Nothing is known of what both sides agreed on. */
  lostBase(contact: string, at: number): void {
    for (const one of this.#persons.contactsOf(contact)) {
      this.#loseBase(one, at);
      if (this.#persons.wereLinked(contact, one)) this.#lost.set(`${contact} ${one}`, at).set(`${one} ${contact}`, at);
    }
  }

  #loseBase(contact: string, at: number): void {
    this.#baseless.set(contact, Math.max(at, this.#baseless.get(contact) ?? at));
  }

  /**
   * It was written, and what came of it was not told: the answer was lost, or held less than was made of what was sent. Bowline
   * cannot tell what was edited on top of it from what was there before.
   */
  unconfirmed(contact: string): void {
    this.#unconfirmed.add(contact);
  }

  /** What was written just before a crash is not confirmed. */
  crashed(at: number): void {
    for (const [contact, wroteAt] of this.#wroteAt) if (wroteAt > at - KNOWN_AFTER_MS) this.#unconfirmed.add(contact);
  }

  #isUnconfirmed(contact: Contact): boolean {
    return this.#persons.contactsOf(contact.id).some((id) => this.#unconfirmed.has(id));
  }

  /** They have a link, and with it a base; unless it went on from a contact that was merged away, and had lost it. */
  linked(one: string, other: string): void {
    const lostAt = this.#lostBefore(one, other);
    for (const contact of [one, other]) {
      if (!this.#persons.isLinked(contact)) this.#baseless.delete(contact);
      if (lostAt !== undefined) this.#loseBase(contact, lostAt);
    }
    this.#persons.linked(one, other);
  }

  /** Two who were linked before have a base of their own, whoever became part of them. */
  #lostBefore(one: string, other: string): number | undefined {
    if (this.#persons.wereLinked(one, other)) return undefined;
    const names = (contact: string): readonly string[] => [contact, ...(this.#contact(contact)?.former ?? [])];
    const lost = names(one).flatMap((first) =>
      names(other).flatMap((second) => this.#lost.get(`${first} ${second}`) ?? []),
    );
    return lost.length === 0 ? undefined : Math.max(...lost);
  }

  /** What was entered since the base was lost, and is known here, was carried across, and is agreed on again. */
  #isAgreed(contact: string, edit: number): boolean {
    const lostAt = this.#baseless.get(contact);
    return lostAt === undefined || (this.edits.get(edit)?.at ?? 0) > lostAt;
  }

  /** All links that there are just now. */
  linkedNow(pairs: readonly (readonly [string, string])[]): void {
    for (const pair of pairs) this.linked(...pair);
    // Both were deleted: where both are restored, they find each other anew, and nothing is known of what they agreed on.
    for (const contact of this.#persons.linkedNow(pairs)) this.#loseBase(contact, UNTIL_LINKED);
  }

  isLinkedNow(contact: string): boolean {
    return this.#persons.isLinkedNow(contact);
  }

  /** Are all contacts of its person? */
  areLinkedNow(contact: string): boolean {
    return this.#persons.areLinkedNow(contact);
  }

  added(contact: Contact): void {
    this.#persons.add(contact.id);
    this.#loseBase(contact.id, UNTIL_LINKED);
  }

  // ------------------------------------------------------------ what Bowline does

  wrote(contact: Contact, values: Values, how: HowWritten): void {
    if (how.isNew) this.#created(contact, values, how.triedAt);
    this.#countWrite(contact.id);
    this.#wroteAt.set(contact.id, how.at);
    // What comes back otherwise than it was sent, and under no version, cannot be told from an edit.
    const isPlain = FIELDS.every((field) => isKeptAsSent(contact, field, values[field]));
    if (this.#setting.returns === "nothing" && !isPlain) this.unconfirmed(contact.id);
    if (this.#setting.returns === "version" && !isPlain && !how.isNew)
      this.#madeUnseen.set(contact.id, contact.stamp + 1);
    for (const field of FIELDS) {
      const value = values[field];
      if (value === undefined) continue;
      if (field === "tags") this.#wroteList(contact, value, how);
      else this.#wroteValue(contact, field, value, how);
    }
  }

  removed(contact: Contact, { seenStamp }: Pick<HowWritten, "seenStamp">): void {
    this.#countWrite(contact.id);
    const others = this.#others(contact).filter((id) => this.#persons.wasDeleted(id));
    if (others.length === 0) this.#fault(`${contact.id} was removed, and nobody had deleted its counterpart`);
    for (const field of FIELDS) {
      const cell = this.cell(contact.id, field);
      if (cell.edit === 0 || cell.isVague || cell.stamp > seenStamp || this.#isTold(contact, field)) continue;
      // In a ring it may have been carried on to the third system, whose contact went with the first one's.
      if (this.#setting.systems === 3) continue;
      if (
        others.length > 0 &&
        !others.some((id) => showsNothingLess(this.cell(id, field), cell)) &&
        !isEmpty(cell.value)
      )
        this.#fault(`${contact.id} was removed, and its ${field} was edited since (edit ${cell.edit})`);
    }
  }

  #created(contact: Contact, values: Values, triedAt: number): void {
    this.added(contact);
    const edits = FIELDS.flatMap((field) => [editOf(field, values[field]), ...editsOf(values[field])]);
    const author = edits.find((edit) => edit > 0 && this.#authors.has(edit));
    if (author === undefined) return this.#fault(`${contact.id} was created, and nobody entered anything of it`);
    this.same(this.#authors.get(author) as string, contact.id);
    const known = { persons: this.#persons, setting: this.#setting, contact: this.#contact };
    const creation = { made: contact, triedAt, ...known };
    if (areApart(creation)) this.shared(contact.id);
    const faults = creationFaults(creation);
    for (const fault of faults) this.#fault(fault);
  }

  #wroteValue(contact: Contact, field: Field, value: Value, how: HowWritten): void {
    const { at, isNew } = how;
    const was = this.cell(contact.id, field);
    const source = this.#sourceOf(contact, field, value, was.edit);
    if (source === undefined) {
      if (!isEmpty(value)) this.#fault(`${contact.id} was told a ${field} that nobody entered: ${String(value)}`);
      this.#put(contact.id, field, { edit: 0, value, knows: was.knows, at, stamp: contact.stamp + 1, isVague: true });
      return;
    }
    const now: Cell = {
      edit: source.edit,
      value,
      knows: new Set([...was.knows, ...source.knows]),
      at,
      stamp: contact.stamp + 1,
      isVague: source.isVague,
    };
    if (!isNew && was.edit !== 0 && was.edit !== source.edit && !source.knows.has(was.edit)) {
      // Edited between our look and our write, where the provider has no way to refuse that.
      if (was.stamp > how.seenStamp) this.#unprotected(() => (now.isVague = true));
      else this.#overwrote(contact, field, was, source, at);
    }
    this.#put(contact.id, field, now);
  }

  /** The cell that this value came from: at another system, or, where it shows something else by now, the edit itself. */
  #sourceOf(contact: Contact, field: Field, value: Value, was: number): Cell | undefined {
    const edit = editOf(field, value);
    const all = this.#others(contact);
    const living = all.filter((id) => !isGone(this.#contact(id)));
    const others = [...living, ...all.filter((id) => !living.includes(id))].map((id) => this.cell(id, field));
    if (edit === 0) {
      // Nothing says whose emptying it is: with a second contact of the same person, one that saw what it takes away.
      const empty = others.filter((cell) => isEmpty(cell.value) && cell.edit !== 0);
      return empty.find(({ knows }) => knows.has(was)) ?? empty[0];
    }
    const showing = others.filter((cell) => cell.edit === edit);
    // Or as it was shown before, by a contact that has been edited since: who merged two contacts saw what is overwritten.
    const before = all.flatMap((id) => this.#past.get(`${id} ${field}`) ?? []).filter((cell) => cell.edit === edit);
    const shown = [...showing, ...before].find(({ knows }) => knows.has(was)) ?? showing[0];
    const entered = this.edits.get(edit);
    if (entered === undefined) return undefined;
    const isVague = this.#again.has(edit);
    return shown ?? { edit, value, knows: entered.past, at: entered.at, stamp: 0, isVague };
  }

  #unprotected(forgive: () => void): void {
    this.counts.unprotected += 1;
    forgive();
  }

  #overwrote(contact: Contact, field: Field, was: Cell, by: Cell, at: number): void {
    this.counts.overwrites += 1;
    if (was.isVague || by.isVague) return;
    const isBaseless = this.#baseless.has(contact.id) || this.#isFromStranger(contact, field, by);
    // What one pair of a ring emptied may be filled by another that is linked only now.
    const isFilled = isEmpty(was.value) || isEmpty(by.value);
    if ((isBaseless || this.#setting.systems === 3) && isFilled) return;
    // Both were empty for a while: whoever looked then saw that they agree.
    const wereBothEmpty = this.#others(contact).some((id) =>
      (this.#past.get(`${id} ${field}`) ?? []).some((cell) => isEmpty(cell.value) && cell.edit !== 0),
    );
    if (isEmpty(was.value) && wereBothEmpty) return;
    // Emptied on top of a write whose answer was lost: for all that Bowline knows it was empty before.
    if (isEmpty(was.value) && this.#isUnconfirmed(contact)) return;
    const rule = this.#ruleFor(contact, field);
    // Nothing that was there before, and nothing to keep, where only the other side tells.
    if (rule?.kind === "from" && (isBaseless || isEmpty(was.value))) return;
    this.owed.push({ contact: contact.id, field, edit: was.edit, by: by.edit, at });
    if (rule === undefined) return;
    this.counts.conflicts[rule.kind] = (this.counts.conflicts[rule.kind] ?? 0) + 1;
    // In a ring an older edit may come round by the third system, with which this one had not agreed yet.
    const isKnown =
      this.#setting.systems === 2 &&
      this.#isAgreed(contact.id, by.edit) &&
      ![was.edit, by.edit].some((edit) => this.#joint.has(edit)) &&
      !this.#isUnconfirmed(contact);
    if (was.knows.has(by.edit) && isKnown && rule.kind !== "from") {
      this.#fault(`${contact.id}: the ${field} of edit ${was.edit} was undone by the older edit ${by.edit}`);
      return;
    }
    const why = isRuleBroken(
      { rule, system: contact.system, was, by, newerElsewhere: this.#newerElsewhere(contact) },
      this.#setting,
    );
    if (why !== undefined)
      this.#fault(`${contact.id}: the ${field} of edit ${was.edit} was overwritten by edit ${by.edit}, though ${why}`);
  }

  /** It came from one that this contact had no link with, as far as anybody looked: the link is new, and has no base. */
  #isFromStranger(contact: Contact, field: Field, { edit }: Cell): boolean {
    const showing = this.#others(contact).filter((id) => this.cell(id, field).edit === edit);
    return showing.length > 0 && !showing.some((id) => this.#persons.wereLinked(contact.id, id));
  }

  /** When a counterpart was changed last, by its own system's clock of the trial. */
  #newerElsewhere(contact: Contact): number {
    const others = this.#others(contact).flatMap((id) => this.#contact(id) ?? []);
    return Math.max(0, ...others.filter(({ system }) => system !== contact.system).map(({ changedAt }) => changedAt));
  }

  #wroteList(contact: Contact, value: Value, { at, seenStamp }: HowWritten): void {
    const was = this.cell(contact.id, "tags");
    const isSeen = was.stamp <= seenStamp;
    let { isVague } = was;
    for (const lost of missing(was.value, value)) {
      if (this.#takenOut.has(lost)) continue;
      if (isSeen) this.#fault(`${contact.id} lost tag ${lost}, which nobody took out`);
      else this.#unprotected(() => this.#takenOut.add(lost));
      // Nothing is there of the last edit for anybody to lose.
      if (lost === was.edit) isVague = true;
    }
    for (const come of missing(value, was.value)) {
      if (!this.edits.has(come)) this.#fault(`${contact.id} was told tag ${come}, which nobody entered`);
      const isBack = this.#takenOut.has(come) && was.knows.has(come);
      // Told to the counterpart by a write whose answer was lost, and taken out here since: for all that Bowline knows the
      // counterpart has it of its own, and nothing is taken from a list on the strength of that.
      const isKnown = this.#isAgreed(contact.id, come) && !this.#isUnconfirmed(contact);
      if (isBack && isSeen && isKnown && this.#setting.systems === 2)
        this.#fault(`${contact.id} was told tag ${come} again, which was taken out of it`);
    }
    const knows = new Set([...was.knows, ...editsOf(value)]);
    this.#put(contact.id, "tags", { ...was, value, knows, at, stamp: contact.stamp + 1, isVague });
  }

  // ------------------------------------------------------------ what is known

  cell(contact: string, field: Field): Cell {
    return this.#cells.get(contact)?.get(field) ?? NEVER;
  }

  person(contact: string): number {
    return this.#persons.numberOf(contact);
  }

  isEmptying(edit: number): boolean {
    return this.edits.get(edit)?.isEmptying === true;
  }

  /** Somebody writes without end: the systems stop answering. */
  get isRunaway(): boolean {
    return [...this.#writes.values()].some((writes) => writes >= RUNAWAY_WRITES);
  }

  /** Writes of Bowline's to each person's contacts. */
  get writesOfPersons(): ReadonlyMap<number, number> {
    return this.#writes;
  }

  #others(contact: Contact): readonly string[] {
    return this.#persons.othersOf(contact.id);
  }

  /** The rule between this contact's system and the only other one; in a ring only what holds between any two. */
  #ruleFor({ system }: Contact, field: Field): Rule | undefined {
    const pairs = pairsOf(this.#setting).filter((pair) => pair.includes(system));
    const rules = pairs.flatMap((pair) => ruleOf(field, pair) ?? []);
    return pairs.length === 1 || ANY_TWO.has(rules[0]?.kind ?? "") ? rules[0] : undefined;
  }

  /** A field that only the other side tells: what is edited here is put back. */
  #isTold({ system }: Contact, field: Field): boolean {
    return pairsOf(this.#setting).some((pair) => {
      const rule = pair.includes(system) ? ruleOf(field, pair) : undefined;
      return rule?.kind === "from" && rule.system !== system;
    });
  }

  #put(contact: string, field: Field, cell: Cell): void {
    const cells = this.#cells.get(contact) ?? new Map<Field, Cell>();
    const replaced = cells.get(field);
    const place = `${contact} ${field}`;
    if (replaced !== undefined) this.#past.set(place, [...(this.#past.get(place) ?? []), replaced]);
    this.#cells.set(contact, cells.set(field, cell));
  }

  #countWrite(contact: string): void {
    const person = this.person(contact);
    const writes = (this.#writes.get(person) ?? 0) + 1;
    this.#writes.set(person, writes);
    if (writes === RUNAWAY_WRITES) this.#fault(`${contact} was written ${writes} times: it does not come to an end`);
  }

  #fault(what: string): void {
    this.violations.push(what);
  }
}

/** It knows of the edit, or had the very list that the edit left: nothing of it was to be carried across. */
const showsNothingLess = (other: Cell, { edit, value }: Cell): boolean =>
  other.knows.has(edit) || (Array.isArray(value) && isSameList(other.value, value));

const isKeptAsSent = ({ system }: Contact, field: Field, value: Value | undefined): boolean =>
  value === undefined || JSON.stringify(stored(system, field, value)) === JSON.stringify(value);

/** Whatever was entered before there is a link was not agreed on. */
const UNTIL_LINKED = Number.POSITIVE_INFINITY;
/** No sequence gives reason for so many writes of one person's contacts. */
export const RUNAWAY_WRITES = 400;
const ANY_TWO: ReadonlySet<string> = new Set(["from", "greatest", "least", "park", "union"]);

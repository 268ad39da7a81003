// Which contacts are or may be one and the same person, and what has become of each: linked, deleted, restored, made one with another.
import type { Contact } from "./provider.ts";

export class Persons {
  /** One number for all contacts of a person. */
  readonly #numbers = new Map<string, number>();
  /** Which two were linked, ever. */
  readonly #pairs = new Set<string>();
  readonly #linked = new Set<string>();
  #linkedNow: ReadonlySet<string> = new Set();
  /** Contacts that people deleted, ever, and restored: when last. */
  readonly #deleted = new Map<string, number>();
  readonly #restored = new Map<string, number>();
  /** Of contacts that were restored, or hidden and are shown: the stamp until which they were gone. Who was shown them before has not seen that they are back. */
  readonly #goneStamps = new Map<string, number>();
  /** Contacts of whose person somebody made two in one system. */
  readonly #shared = new Set<string>();
  readonly #contact: (id: string) => Contact | undefined;

  constructor(contact: (id: string) => Contact | undefined) {
    this.#contact = contact;
  }

  add(contact: string): void {
    this.#numbers.set(contact, this.#numbers.size + 1);
  }

  /** A person says, by its address or otherwise, that these may be one. */
  same(one: string, other: string): void {
    const [person, was] = [this.numberOf(one), this.numberOf(other)];
    for (const [contact, each] of this.#numbers) if (each === was) this.#numbers.set(contact, person);
  }

  numberOf(contact: string): number {
    return this.#numbers.get(contact) ?? 0;
  }

  /** All contacts of the person, this one among them. */
  contactsOf(contact: string): readonly string[] {
    const person = this.numberOf(contact);
    return [...this.#numbers].filter(([, each]) => each === person).map(([id]) => id);
  }

  othersOf(contact: string): readonly string[] {
    return this.contactsOf(contact).filter((id) => id !== contact);
  }

  // ------------------------------------------------------------ links

  linked(one: string, other: string): void {
    this.#linked.add(one).add(other);
    this.#pairs.add(`${one} ${other}`).add(`${other} ${one}`);
  }

  /** All links that there are just now. Gives the contacts that have none any more. */
  linkedNow(pairs: readonly (readonly [string, string])[]): readonly string[] {
    const before = this.#linkedNow;
    this.#linkedNow = new Set(pairs.flat());
    return [...before].filter((contact) => !this.isLinkedNow(contact));
  }

  /** Is it, as far as anybody looked? */
  isLinkedNow(contact: string): boolean {
    return this.#linkedNow.has(contact);
  }

  /** Are all contacts linked that the person has: whatever becomes of its address, nobody has to find one by it? */
  areLinkedNow(contact: string): boolean {
    return this.contactsOf(contact).every((id) => isGone(this.#contact(id)) || this.isLinkedNow(id));
  }

  /** Was it ever? */
  isLinked(contact: string): boolean {
    return this.#linked.has(contact);
  }

  wereLinked(one: string, other: string): boolean {
    return this.#pairs.has(`${one} ${other}`);
  }

  /** Was it ever linked with a contact of that system? */
  wasLinkedWithin(contact: string, system: Contact["system"]): boolean {
    return this.othersOf(contact).some(
      (other) => this.#contact(other)?.system === system && this.wereLinked(contact, other),
    );
  }

  // ------------------------------------------------------------ gone, and back

  deleted(contact: string, at: number): void {
    this.#deleted.set(contact, at);
  }

  /** Where the person has got another contact in its place meanwhile, there are two now, as if somebody had made a second one. */
  restored(contact: Contact, at: number): void {
    this.#goneStamps.set(contact.id, contact.stamp);
    this.#restored.set(contact.id, at);
    const inPlace = this.othersOf(contact.id).map((id) => this.#contact(id));
    if (inPlace.some((one) => one?.system === contact.system && !isGone(one))) this.shared(contact.id);
  }

  /** The filter shows it again. */
  unhidden(contact: Contact): void {
    this.#goneStamps.set(contact.id, contact.stamp);
  }

  /** By a person, ever. */
  wasDeleted(contact: string): boolean {
    return this.#deleted.has(contact);
  }

  isDeletedNow(contact: string): boolean {
    const at = this.#deleted.get(contact);
    return at !== undefined && (this.#restored.get(contact) ?? -1) < at;
  }

  /** By a person, ever. */
  isRestored(contact: string): boolean {
    return this.#restored.has(contact);
  }

  /** A person has restored a contact of the one who was deleted: perhaps while Bowline took both for gone. */
  isBack(contact: string): boolean {
    return this.contactsOf(contact).some((id) => this.isRestored(id));
  }

  goneStampOf(contact: string): number {
    return this.#goneStamps.get(contact) ?? 0;
  }

  /** Somebody made two contacts of the person in one system. */
  shared(contact: string): void {
    this.#shared.add(contact);
  }

  isShared(contact: string): boolean {
    return this.contactsOf(contact).some((id) => this.#shared.has(id));
  }
}

export const isGone = (contact: Contact | undefined): boolean =>
  (contact?.deletedAt ?? contact?.mergedInto) !== undefined;

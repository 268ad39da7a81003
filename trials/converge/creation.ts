// What is wrong with a contact that Bowline made: one that was deleted rose again in it, or another one was there already.
import { isGone, type Persons } from "./persons.ts";
import { emailOf, type Contact } from "./provider.ts";
import type { Setting } from "./setting.ts";

/** What Bowline was shown is known to it after this, in milliseconds. */
export const KNOWN_AFTER_MS = 500;

export interface Creation {
  readonly made: Contact;
  /** When it was tried first. */
  readonly triedAt: number;
  readonly persons: Persons;
  readonly setting: Pick<Setting, "systems">;
  readonly contact: (id: string) => Contact | undefined;
}

/** It is the same person's as what it was made of by now. */
export function creationFaults(creation: Creation): readonly string[] {
  const { made, persons, contact } = creation;
  if (persons.isShared(made.id)) return [];
  const risen = persons
    .othersOf(made.id)
    .find(
      (id) =>
        contact(id)?.system === made.system &&
        persons.isDeletedNow(id) &&
        hadCounterpart(creation, id) &&
        !persons.isBack(id),
    );
  const there = twin(creation);
  return [
    ...(risen === undefined ? [] : [`${risen} was deleted, and rose again as ${made.id}`]),
    ...(there === undefined ? [] : [`${made.id} was created, and ${there.id} was there already`]),
  ];
}

/** A second counterpart of a contact that has one, which Bowline was shown. */
function twin({ made, triedAt, persons, setting, contact }: Creation): Contact | undefined {
  if (setting.systems === 3) return undefined;
  return persons
    .othersOf(made.id)
    .flatMap((id) => contact(id) ?? [])
    .find(
      (one) =>
        one.system === made.system &&
        !one.hidden &&
        !isGone(one) &&
        one.servedStamp > persons.goneStampOf(one.id) &&
        one.servedAt < triedAt - KNOWN_AFTER_MS,
    );
}

/**
 * Both were gone, so that their link ended, and both are back; the address of one was changed while nobody could carry that across.
 * Nothing says any more that they are one.
 */
export function areApart({ made, persons, setting, contact }: Creation): boolean {
  const others = persons.othersOf(made.id).flatMap((id) => contact(id) ?? []);
  const back = others.filter((one) => !isGone(one) && persons.isRestored(one.id) && !persons.isLinkedNow(one.id));
  const [one, other] = [back.find(isHere), back.find((each) => !isHere(each))];
  if (setting.systems === 3 || one === undefined || other === undefined) return false;
  return emailOf(one) !== emailOf(other);

  function isHere({ system }: Contact): boolean {
    return system === made.system;
  }
}

/**
 * Was the one that is gone linked with a contact that this one was made of? In a ring it may have been made of the third system's,
 * which never had a counterpart here: that is no resurrection, the other one's link is left as it is.
 */
function hadCounterpart({ made, persons, setting, contact }: Creation, gone: string): boolean {
  const isRing = setting.systems === 3;
  const sources = persons.othersOf(made.id).filter((id) => {
    const { system } = contact(id) ?? made;
    // In a ring only one system hands on what is new.
    const isSource = !isRing || [system, made.system].includes("crm");
    return isSource && system !== made.system && !isGone(contact(id));
  });
  if (isRing && sources.some((id) => !persons.wasLinkedWithin(id, made.system))) return false;
  return sources.some((id) => persons.wereLinked(id, gone));
}

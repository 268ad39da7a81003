// Do the two systems agree? From their own truth alone, record by record; nothing here is shared with Bowline.
import type { Contact, TwoSystems } from "../../src/testing/two-systems.ts";

/** Each record that does not, in words. */
export function disagreements({ people, contacts }: Pick<TwoSystems, "people" | "contacts">): readonly string[] {
  const found: string[] = [];
  const byName = new Map<string, Contact[]>();
  for (const contact of contacts.values()) {
    const known = byName.get(contact.FullName);
    if (known === undefined) byName.set(contact.FullName, [contact]);
    else known.push(contact);
  }
  for (const { name, email, city, active } of people.values()) {
    const all = byName.get(name) ?? [];
    byName.delete(name);
    const [contact] = all;
    if (all.length !== (active ? 1 : 0)) found.push(`${name} has ${all.length} contacts`);
    else if (contact !== undefined && (contact.City !== city || (contact.Email ?? "") !== (email ?? ""))) {
      found.push(`${name} is in ${city} with ${email}, its contact in ${contact.City} with ${contact.Email}`);
    }
  }
  for (const name of byName.keys()) found.push(`the contact "${name}" is nobody's`);
  return found;
}

// What has to hold once the dust has settled, said of what people did and of what stands at the systems; Bowline is only asked what
// it links, parked and kept.
import { agree, editOf, FIELDS, isEmpty, type Field } from "./fields.ts";
import type { Owed } from "./ledger.ts";
import type { Contact } from "./provider.ts";
import { pairsOf, ruleOf, syncName } from "./setting.ts";
import type { Settled } from "./settle.ts";
import type { SeenLink, View } from "./view.ts";
import type { TrialWorld } from "./world.ts";

/** Of a person's contacts: so many writes for each edit and each trouble, and some for what began before. */
const WRITES_PER_EDIT_MAX = 3;
const WRITES_FIRST = 12;

export function judge(world: TrialWorld, { view, writesAgain, rests }: Settled): readonly string[] {
  const found = [...world.ledger.violations, ...world.errors.map((error) => `Bowline called it an error: ${error}`)];
  if (world.ledger.isRunaway) return found;
  if (!rests) found.push("Bowline did not come to rest within hours");
  if (writesAgain > 0) found.push(`a second pass wrote ${writesAgain} times`);
  for (const { cause, key, reason } of view.parked) {
    if (cause === "bug") found.push(`${key} was parked as a bug: ${reason}`);
  }
  for (const link of view.links) found.push(...disagreements(world, link, view));
  for (const owed of world.ledger.owed) {
    if (!isKept(world, owed, view)) found.push(lostText(owed));
  }
  found.push(...alone(world, view), ...unbounded(world));
  return [...new Set(found)];
}

function disagreements(world: TrialWorld, { sync, keys }: SeenLink, view: View): readonly string[] {
  const pair = pairsOf(world.setting).find((one) => syncName(one) === sync);
  const [one, other] = keys.map((key) => world.contact(key));
  if (pair === undefined || one === undefined || other === undefined)
    return [`${sync} links ${keys.join(" and ")}, of which one never was`];
  if ([one, other].some((contact) => isGone(contact) || contact.hidden)) return [];
  if (world.ledger.person(one.id) !== world.ledger.person(other.id))
    return [`${one.id} and ${other.id} are linked, and are two persons`];
  return FIELDS.flatMap((field) => {
    const rule = ruleOf(field, pair);
    if (rule === undefined || agree(field, one.fields[field], other.fields[field])) return [];
    // What the only side that tells has never had is left as it is on the other.
    const teller = rule.kind === "from" ? [one, other].find(({ system }) => system === rule.system) : undefined;
    if (teller !== undefined && isEmpty(teller.fields[field])) return [];
    if (isAsked(keys, field, view)) return [];
    return [`${one.id} and ${other.id} disagree on ${field}: ${text(one, field)} and ${text(other, field)}`];
  });
}

const text = ({ fields }: Contact, field: Field): string => JSON.stringify(fields[field] ?? null);

/** A person was asked about this field of this pair, or about the pair. */
function isAsked(keys: readonly string[], field: Field, { conflicts, parked }: View): boolean {
  const isOpen = conflicts.some(
    ({ key, otherKey, winner, fields }) =>
      winner === undefined && isOf(keys, key, otherKey) && fields.some((name) => names(name, field)),
  );
  return isOpen || parked.some(({ key, cause }) => keys.includes(key) && cause !== "bug");
}

const isOf = (keys: readonly string[], ...named: readonly (string | undefined)[]): boolean =>
  named.some((key) => key !== undefined && keys.includes(key));

const names = (name: string, field: Field): boolean => name.toLowerCase().replace(/^b_/, "") === field;

/** Some kept conflict of this person holds the value. */
function isKept({ ledger }: TrialWorld, { contact, field, edit }: Owed, { conflicts }: View): boolean {
  const person = ledger.person(contact);
  const isEmptied = ledger.isEmptying(edit);
  return conflicts.some(({ key, fields, values }) => {
    if (ledger.person(key) !== person) return false;
    return values.some((value, side) => {
      const isField = names(fields[side] ?? "", field);
      const kept: unknown = value === null ? null : JSON.parse(value);
      return isField && (isEmpty(kept) ? isEmptied : editOf(field, kept) === edit);
    });
  });
}

function lostText({ contact, field, edit, by, at }: Owed): string {
  return `the ${field} of edit ${edit} vanished from ${contact}: overwritten at ${at} by edit ${by}, whose author did not see it, and no conflict holds it`;
}

const isGone = ({ deletedAt, mergedInto }: Contact): boolean => (deletedAt ?? mergedInto) !== undefined;

/** Contacts that are nowhere else although they should be, and of which nobody is asked. */
function alone(world: TrialWorld, { links, parked }: View): readonly string[] {
  const linked = new Set(links.flatMap(({ keys }) => keys));
  const asked = new Set(parked.map(({ key }) => key));
  return world.providers
    .flatMap((provider) => provider.living())
    .filter(({ id, hidden }) => !hidden && !linked.has(id) && !asked.has(id))
    .filter((contact) => !isLeftAlone(world, contact))
    .map(({ id }) => `${id} is linked with nothing, and nobody is asked why`);
}

/** A counterpart of it was deleted, is hidden, or was made one with another. */
function isLeftAlone(world: TrialWorld, contact: Contact): boolean {
  const person = world.ledger.person(contact.id);
  const others = world.providers.flatMap(({ contacts }) => [...contacts.values()]);
  return others.some(
    (other) => other.id !== contact.id && world.ledger.person(other.id) === person && (isGone(other) || other.hidden),
  );
}

function unbounded({ ledger, troubles, setting }: TrialWorld): readonly string[] {
  const most = WRITES_FIRST + (setting.systems - 1) * WRITES_PER_EDIT_MAX * (ledger.counts.edits + troubles);
  return [...ledger.writesOfPersons]
    .filter(([, writes]) => writes > most)
    .map(
      ([person, writes]) =>
        `the contacts of person ${person} were written ${writes} times, at most ${most} were wanted`,
    );
}

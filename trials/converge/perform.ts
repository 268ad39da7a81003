// Does one operation in the world, and tells the ledger of it. What cannot be done just now (nothing to restore, no webhook on its
// way) answers false and counts for nothing.
import { editOf, entered, FIELDS, isEmpty, tag, type Field, type Value } from "./fields.ts";
import type { Operation } from "./operations.ts";
import type { Contact, Provider } from "./provider.ts";
import type { TrialWorld } from "./world.ts";

/** What a new contact has. */
const FIRST_FIELDS: readonly Field[] = ["email", "name", "city", "amount"];

export async function perform(world: TrialWorld, operation: Operation): Promise<boolean> {
  const done = await attempt(world, operation);
  // Whatever it set off gets a moment of its own, seldom enough to end it.
  await world.clock.advance(1 + Math.floor(world.random.next() * 4));
  return done;
}

async function attempt(world: TrialWorld, operation: Operation): Promise<boolean> {
  switch (operation.do) {
    case "edit": {
      const contact = living(world, operation.system, operation.contact);
      return contact !== undefined && edit(world, contact, operation.field, operation.size, operation.to);
    }
    case "edit-both":
      return editBoth(world, operation);
    case "create":
      create(world, nth(world.providers, operation.system));
      return true;
    case "create-both":
      createBoth(world);
      return true;
    case "create-twin":
      return twin(world, operation);
    case "delete":
      return remove(world, living(world, operation.system, operation.contact));
    case "delete-and-edit":
      return removeAndEdit(world, operation);
    case "restore":
      return restore(world, operation);
    case "merge":
      return merge(world, operation);
    case "leave-filter":
    case "enter-filter":
      return filter(world, operation.contact, operation.do === "leave-filter");
    case "deliver":
      return deliver(world, nth(world.providers, operation.system), operation.how);
    case "poll":
      return ask(world, operation.full);
    case "broken-listing":
      nth(world.providers, operation.system).brokenPages += operation.pages;
      return ask(world, true);
    case "wait":
      await world.clock.advance(operation.ms);
      return true;
    case "crash":
      return crash(world, operation);
    case "down":
      nth(world.providers, operation.system).downUntil = world.clock.now() + operation.ms;
      return true;
    case "fail-after-effect":
      nth(world.providers, operation.system).failuresAfterEffect += operation.writes;
      return true;
    case "lose-base":
      return loseBase(world, operation.contact);
    case "import":
      return importContacts(world, operation);
  }
}

const nth = <One>(all: readonly One[], index: number): One => all[index % all.length] as One;

function living(world: TrialWorld, system: number, contact: number): Contact | undefined {
  const all = nth(world.providers, system).living();
  return all.length === 0 ? undefined : nth(all, contact);
}

// ------------------------------------------------------------ people at work

/** Puts one new value in place, under an edit of its own or a given one. */
function put(world: TrialWorld, contact: Contact, field: Field, value: Value, id: number, isVague = false): void {
  const { ledger, clock } = world;
  ledger.edited(contact, field, value, id, clock.now(), isVague);
  ledger.authored(id, contact.id);
  world.provider(contact.system).put(contact, { [field]: value }, "person");
}

type EditTo = Extract<Operation, { do: "edit" }>["to"];

function edit(world: TrialWorld, contact: Contact, field: Field, size: number, to: EditTo): boolean {
  const now = contact.fields[field];
  // The address is what contacts are known by: who takes it away, or changes it on one side before all
  // are linked, or after they were not any more, makes two persons of one.
  if (field === "email" && (to !== "new" || !world.ledger.areLinkedNow(contact.id))) return false;
  if (to === "earlier") return putEarlier(world, contact, field);
  if (to === "empty" && isEmpty(now)) return false;
  const id = world.ledger.nextEdit();
  if (field === "tags") put(world, contact, field, otherTags(now, id, to === "empty"), id);
  else put(world, contact, field, to === "empty" ? null : entered(field, id, size), id);
  return true;
}

/** One tag more, or the first one less. */
function otherTags(now: Value | undefined, id: number, isLess: boolean): Value {
  const tags = Array.isArray(now) ? (now as readonly string[]) : [];
  return isLess ? tags.slice(1) : [...tags, tag(id)];
}

/** What the contact's counterpart shows may be what was there before. */
function putEarlier(world: TrialWorld, contact: Contact, field: Field): boolean {
  const value = contact.earlier[field];
  if (field === "tags" || value === undefined || isEmpty(value)) return false;
  put(world, contact, field, value, editOf(field, value), true);
  return true;
}

function editBoth(world: TrialWorld, operation: Extract<Operation, { do: "edit-both" }>): boolean {
  const pairs = world.providers[0]!.living().flatMap((one) => {
    const other = counterpart(world, one);
    return other === undefined ? [] : [[one, other] as const];
  });
  if (pairs.length === 0) return false;
  const pair = nth(pairs, operation.contact);
  const { field, sizes, to } = operation;
  if (to === "different")
    return pair.map((one, side) => edit(world, one, field, sizes[side] ?? 0, "new")).every(Boolean);
  if (field === "tags" || field === "score") return false;
  if (field === "email" && !world.ledger.areLinkedNow(pair[0].id)) return false;
  const id = world.ledger.nextEdit();
  for (const one of pair) put(world, one, field, entered(field, id, sizes[0]), id);
  return true;
}

/** A living contact of another system that is, or may be, the same person. */
function counterpart(world: TrialWorld, contact: Contact): Contact | undefined {
  const person = world.ledger.person(contact.id);
  return world.providers
    .filter(({ system }) => system !== contact.system)
    .flatMap((provider) => provider.living())
    .find(({ id }) => world.ledger.person(id) === person);
}

/** A new contact; `same`: with the address of this one, whose person it is. */
function create(world: TrialWorld, provider: Provider, same?: Contact): Contact {
  const { ledger, clock } = world;
  const contact = provider.add();
  ledger.added(contact);
  const values: { [Name in Field]?: Value } = {};
  for (const field of FIRST_FIELDS) {
    const known = field === "email" && same !== undefined ? same.fields.email : undefined;
    const id = known === undefined ? ledger.nextEdit() : editOf("email", known);
    values[field] = known ?? entered(field, id, Math.floor(world.random.next() * 899));
    ledger.edited(contact, field, values[field], id, clock.now());
    ledger.authored(id, contact.id);
  }
  if (same !== undefined) ledger.same(same.id, contact.id);
  provider.put(contact, values, "person");
  return contact;
}

function createBoth(world: TrialWorld): void {
  let first: Contact | undefined;
  for (const provider of world.providers) {
    const made = create(world, provider, first);
    first ??= made;
  }
}

/** Somebody makes a second contact with an address that is there already. */
function twin(world: TrialWorld, { system, contact: index }: Extract<Operation, { do: "create-twin" }>): boolean {
  const of = living(world, system, index);
  if (of === undefined || isEmpty(of.fields.email)) return false;
  create(world, nth(world.providers, system + 1), of);
  world.ledger.shared(of.id);
  return true;
}

function remove(world: TrialWorld, contact: Contact | undefined): boolean {
  if (contact === undefined) return false;
  world.ledger.deleted(contact, world.clock.now());
  contact.deletedAt = world.clock.now();
  world.provider(contact.system).touch(contact, "person");
  return true;
}

function removeAndEdit(world: TrialWorld, operation: Extract<Operation, { do: "delete-and-edit" }>): boolean {
  const contact = living(world, operation.system, operation.contact);
  const other = contact === undefined ? undefined : counterpart(world, contact);
  if (contact === undefined || other === undefined || operation.field === "email") return false;
  return remove(world, contact) && edit(world, other, operation.field, operation.size, "new");
}

function restore(world: TrialWorld, { system, contact: index }: Extract<Operation, { do: "restore" }>): boolean {
  const gone = [...nth(world.providers, system).contacts.values()].filter(({ deletedAt }) => deletedAt !== undefined);
  if (gone.length === 0) return false;
  const contact = nth(gone, index);
  world.ledger.restored(contact, world.clock.now());
  contact.deletedAt = undefined;
  world.provider(contact.system).touch(contact, "person");
  return true;
}

/** One stays, or a new one takes the place of both; what it lacks it takes from the other. */
function merge(world: TrialWorld, { system, contact: index, into }: Extract<Operation, { do: "merge" }>): boolean {
  const provider = nth(world.providers, system);
  const [loser, winner] = [living(world, system, index), living(world, system, into)];
  if (loser === undefined || winner === undefined || loser === winner) return false;
  const isNew = world.setting.mergedKey === "new";
  const stays = isNew ? provider.add() : winner;
  if (isNew) world.ledger.added(stays);
  for (const gone of isNew ? [winner, loser] : [loser]) {
    world.ledger.mergedInto(gone, stays, world.clock.now());
    for (const field of FIELDS) if (isEmpty(stays.fields[field])) stays.fields[field] = gone.fields[field] ?? null;
    gone.mergedInto = stays.id;
    stays.former.push(gone.id, ...gone.former);
    provider.touch(gone, "person");
  }
  provider.touch(stays, "person");
  return true;
}

/** Only the first system has a filter. */
function filter(world: TrialWorld, index: number, isLeaving: boolean): boolean {
  const [first] = world.providers;
  const inside = first?.living().filter(({ hidden }) => hidden !== isLeaving) ?? [];
  if (inside.length === 0) return false;
  const contact = nth(inside, index);
  if (!isLeaving) world.ledger.unhidden(contact);
  contact.hidden = isLeaving;
  first?.touch(contact, "person");
  return true;
}

// ------------------------------------------------------------ what befalls Bowline

async function deliver(
  world: TrialWorld,
  provider: Provider,
  how: Extract<Operation, { do: "deliver" }>["how"],
): Promise<boolean> {
  const { hooks, system } = provider;
  if (hooks.length === 0) return false;
  if (how === "lost") {
    hooks.splice(0);
    world.webhooksLost += 1;
    return true;
  }
  if (!world.isUp) return false;
  const taken = how === "all" ? hooks.splice(0) : how === "last" ? hooks.splice(-1) : hooks.splice(0, 1);
  for (const hook of taken) await world.deliver(system, hook);
  if (how === "twice") for (const hook of taken) await world.deliver(system, hook, world.random.next() < 0.5);
  return true;
}

async function ask(world: TrialWorld, full: boolean): Promise<boolean> {
  if (!world.isUp) return false;
  await world.ask(full);
  return true;
}

async function crash(world: TrialWorld, operation: Extract<Operation, { do: "crash" }>): Promise<boolean> {
  if (!world.isUp) return false;
  if (operation.when === "now") await world.crash();
  else {
    const provider = nth(world.providers, operation.system);
    provider.onceWritten = () => void world.crash();
    await world.clock.advance(operation.downMs);
    provider.onceWritten = undefined;
    if (world.isUp) return false;
  }
  await world.clock.advance(operation.downMs);
  await world.start();
  return true;
}

async function loseBase(world: TrialWorld, index: number): Promise<boolean> {
  const linked = world.providers[0]!.living().filter(({ id }) => world.ledger.isLinkedNow(id));
  if (!world.isUp || linked.length === 0) return false;
  const contact = nth(linked, index);
  world.ledger.lostBase(contact.id, world.clock.now());
  world.loseBase(contact.id);
  return true;
}

/** A person hands over many contacts at once, as the system's own export has them. */
async function importContacts(
  world: TrialWorld,
  { system, contacts }: Extract<Operation, { do: "import" }>,
): Promise<boolean> {
  const provider = nth(world.providers, system);
  const made = Array.from({ length: contacts }, () => create(world, provider));
  if (world.isUp) await world.importContacts(provider.system, made);
  return true;
}

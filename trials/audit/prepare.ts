// Two systems of many records that agree, and the file of state that says so: made once, copied for each trial.
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { seenRecord } from "../../src/observe/seen-record.ts";
import { contactsSync, people, contacts, type Contact, type Person } from "../../src/testing/two-systems.ts";
import type { Observation, Settlement, Store } from "../../src/store/store.ts";

const BATCH = 5_000;
/** When everything agreed. */
export const AGREED_AT = Date.UTC(2026, 7, 20, 12);
/** What was changed before this and is not known was missed: the last listing began here. */
const CITIES = ["Bergen", "Oslo", "Paris", "Rome", "Lima"] as const;

export interface Prepared {
  readonly people: ReadonlyMap<string, Person>;
  readonly contacts: ReadonlyMap<string, Contact>;
}

export const SYNC = "people-to-contacts";

export async function prepare(path: string, records: number): Promise<Prepared> {
  const made = { people: new Map<string, Person>(), contacts: new Map<string, Contact>() };
  for (let index = 0; index < records; index += 1) add(made, index);
  const store = await openSqliteStore({ path, thread: false });
  const { from, to } = contactsSync();
  await store.declare({
    connections: [people.connectionName, contacts.connectionName],
    resources: [from.id, to.id],
    syncs: [{ name: SYNC, from: from.id, to: to.id }],
  });
  const all = [...made.people.values()];
  for (let first = 0; first < all.length; first += BATCH) await agree(store, all.slice(first, first + BATCH), made);
  const state = { completeAt: AGREED_AT, records };
  await store.observe({ observations: [], scan: { resource: from.id, kind: "everything", state } });
  await store.observe({ observations: [], scan: { resource: from.id, kind: "changes", state } });
  // What is made smaller in idle moments is done once, here.
  await store.prune({ before: 0, rowsMax: 2 * records });
  await store.close();
  return made;
}

function add(made: { people: Map<string, Person>; contacts: Map<string, Contact> }, index: number): void {
  const id = `p${String(index).padStart(7, "0")}`;
  const city = CITIES[index % CITIES.length] as string;
  const email = index % 7 === 0 ? null : `${id}@example.com`;
  const updatedAt = new Date(AGREED_AT - 86_400_000 + index).toISOString();
  const name = `Person ${id}`;
  made.people.set(id, { id, name, email, city, active: true, updatedAt });
  const Id = contactOf(id);
  made.contacts.set(Id, { Id, FullName: name, City: city, Revision: 1, ...(email === null ? {} : { Email: email }) });
}

/** In another order than the people's. */
export const contactOf = (id: string): string => `c${id.slice(1).split("").toReversed().join("")}`;

async function agree(store: Store, batch: readonly Person[], made: Prepared): Promise<void> {
  const observations = batch.map((person): Observation => {
    const told = {
      resource: people.people.id,
      key: person.id,
      cause: "scan",
      priority: "backfill",
      at: AGREED_AT,
    } as const;
    return { ...told, ...seenRecord(people.people.resource, person) };
  });
  const { claimed } = await store.observe({ observations, claim: [{ sync: SYNC, limit: batch.length }] });
  await store.settle(
    claimed.map(({ key, seq, record }): Settlement => {
      const targetKey = contactOf(key);
      const { Id: _id, Revision, ...fields } = made.contacts.get(targetKey) as Contact;
      return {
        sync: SYNC,
        key,
        seq,
        at: AGREED_AT,
        to: "cleared",
        why: "confirmed",
        action: "create",
        link: {
          targetKey,
          base: JSON.stringify(fields),
          targetVersion: String(Revision).padStart(9, "0"),
          recordHash: record?.hash ?? "",
          ...(record?.version === undefined ? {} : { recordVersion: record.version }),
        },
      };
    }),
  );
}

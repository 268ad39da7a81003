// Two systems for audits, in one process: people at the source, contacts at the target, both listed, read by key and edited
// behind Bowline's back; and the project that keeps them in agreement.
import { z } from "zod";
import type { Api } from "../define/connector.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import { defineConfig } from "../define/define-config.ts";
import { defineSync, type SyncOptions } from "../define/define-sync.ts";
import type { Page } from "../define/resource.ts";
import type { FetchHandler } from "../world/in-process.ts";
import type { Clock } from "../world/world.ts";

const PEOPLE = "https://people.example";
const CONTACTS = "https://contacts.example";

const person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  city: z.string(),
  active: z.boolean(),
  updatedAt: z.string(),
});
export type Person = z.infer<typeof person>;

const contactFields = z.object({
  FullName: z.string().max(200),
  Email: z.string().optional(),
  City: z.string(),
});
export type ContactFields = z.infer<typeof contactFields>;
export interface Contact extends ContactFields {
  readonly Id: string;
  readonly Revision: number;
}

export interface TwoSystems {
  readonly people: Map<string, Person>;
  readonly contacts: Map<string, Contact>;
  readonly handlers: ReadonlyMap<string, FetchHandler>;
  /** Each request that came. */
  readonly calls: { people: number; contacts: number; writes: number };
  putPerson(id: string, changes?: Partial<Person>): Person;
  putContact(id: string, changes?: Partial<Contact>): Contact;
  /** Called with each request, such as "GET /people". */
  onRequest: ((what: string) => void) | undefined;
}

export interface TwoSystemsOptions {
  readonly clock: Clock;
  /** Records on a page. */
  readonly page: number;
}

export function twoSystems({ clock, page }: TwoSystemsOptions): TwoSystems {
  const byKey = new Map<string, string>();
  const systems: TwoSystems = {
    people: new Map(),
    contacts: new Map(),
    calls: { people: 0, contacts: 0, writes: 0 },
    handlers: new Map([
      [PEOPLE, (request: Request) => served(request, systems.people, "people")],
      [CONTACTS, (request: Request) => served(request, systems.contacts, "contacts")],
    ]),
    putPerson(id, changes = {}) {
      const updatedAt = new Date(clock.now()).toISOString();
      const before = systems.people.get(id) ?? {
        id,
        name: `Person ${id}`,
        email: `${id}@example.com`,
        city: "Bergen",
        active: true,
      };
      const put = { updatedAt, ...before, ...changes };
      const now = { ...put, updatedAt: changes.updatedAt ?? updatedAt };
      systems.people.set(id, now);
      return now;
    },
    putContact(id, changes = {}) {
      const before = systems.contacts.get(id) ?? { Id: id, FullName: "", City: "", Revision: 0 };
      const put = { ...before, ...changes, Id: id, Revision: before.Revision + 1 };
      systems.contacts.set(id, put);
      return put;
    },
    onRequest: undefined,
  };

  async function served(
    request: Request,
    records: ReadonlyMap<string, unknown>,
    kind: "people" | "contacts",
  ): Promise<Response> {
    systems.calls[kind] += 1;
    const url = new URL(request.url);
    systems.onRequest?.(`${request.method} ${url.pathname}${url.search}`);
    if (request.method === "GET") return Response.json(listed(records, url.searchParams, page));
    systems.calls.writes += 1;
    const id = url.pathname.split("/")[2];
    const idempotencyKey = request.headers.get("idempotency-key") ?? "";
    if (id !== undefined && !systems.contacts.has(id)) return Response.json({}, { status: 404 });
    if (request.method === "DELETE") {
      systems.contacts.delete(id ?? "");
      return Response.json({});
    }
    const made = id ?? byKey.get(idempotencyKey) ?? `c${systems.contacts.size + 1}-${byKey.size}`;
    byKey.set(idempotencyKey, made);
    return Response.json(systems.putContact(made, (await request.json()) as Partial<Contact>));
  }
  return systems;
}

/** Keys, or the page that begins at this place; `since`: only what was changed since. */
function listed(records: ReadonlyMap<string, unknown>, query: URLSearchParams, size: number): unknown {
  const keys = query.get("keys");
  if (keys !== null) return { records: keys.split(",").flatMap((key) => records.get(key) ?? []) };
  const since = query.get("since");
  if (since !== null) {
    const from = new Date(Number(since)).toISOString();
    return { records: [...records.values()].filter((record) => (record as Person).updatedAt >= from) };
  }
  const first = Number(query.get("at") ?? 0);
  const page = [...records.values()].slice(first, first + size);
  return { records: page, ...(page.length < size ? {} : { next: String(first + size) }) };
}

async function pageOf<Record>(api: Api, path: string, query: Readonly<globalThis.Record<string, string | number>>) {
  return (await api.request({ method: "GET", path, query })).json as Page<Record>;
}

const settings = z.object({ url: z.string() });
const unlimited = [{ kind: "concurrency", name: "calls", count: 8, every: true }] as const;

export const peopleConnector = defineConnector({
  name: "people",
  title: "People",
  settings,
  baseUrl: ({ url }) => url,
  auth: { kind: "none" },
  limits: unlimited,
  resources: {
    people: defineResource<Person>({
      name: "people",
      schema: person,
      key: ({ id }) => id,
      version: ({ updatedAt }) => updatedAt,
      title: ({ name }) => name,
      read: {
        keysMax: 100,
        records: async (api, keys) => (await pageOf<Person>(api, "/people", { keys: keys.join(",") })).records,
      },
      changes: { overlapMs: 0, page: (api, { since }) => pageOf<Person>(api, "/people", { since }) },
      everything: {
        page: (api, { cursor }) => pageOf<Person>(api, "/people", cursor === undefined ? {} : { at: cursor }),
      },
    }),
  },
});

const contactsConnector = defineConnector({
  name: "contacts",
  title: "Contacts",
  settings,
  baseUrl: ({ url }) => url,
  auth: { kind: "none" },
  limits: unlimited,
  resources: {
    contacts: defineResource<Contact, ContactFields, "delete">({
      name: "contacts",
      schema: contactFields.extend({ Id: z.string(), Revision: z.number() }) as never,
      key: ({ Id }) => Id,
      version: ({ Revision }) => String(Revision).padStart(9, "0"),
      versionExact: true,
      read: {
        keysMax: 100,
        records: async (api, keys) => (await pageOf<Contact>(api, "/contacts", { keys: keys.join(",") })).records,
      },
      everything: {
        page: (api, { cursor }) => pageOf<Contact>(api, "/contacts", cursor === undefined ? {} : { at: cursor }),
      },
      write: {
        fields: contactFields,
        safety: { kind: "idempotency-key", retentionMs: 86_400_000 },
        create: async (api, { idempotencyKey, fields }) => {
          const headers = { "idempotency-key": idempotencyKey };
          return writtenOf(await api.request({ method: "POST", path: "/contacts", headers, body: fields }));
        },
        update: async (api, { key, idempotencyKey, fields, changed }) => {
          const headers = { "idempotency-key": idempotencyKey };
          const body = Object.fromEntries(changed.map((name) => [name, fields[name] ?? ""]));
          return writtenOf(await api.request({ method: "PUT", path: `/contacts/${key}`, headers, body }));
        },
        removals: {
          delete: async (api, { key }) => {
            await api.request({ method: "DELETE", path: `/contacts/${key}` });
            return undefined;
          },
        },
        fieldsOf: ({ Id: _id, Revision: _revision, ...fields }) => fields,
      },
    }),
  },
});

function writtenOf({ json }: { readonly json: unknown }) {
  const contact = json as Contact;
  return { key: contact.Id, version: String(contact.Revision).padStart(9, "0"), record: contact };
}

export const people = peopleConnector.connect("people", { url: PEOPLE });
export const contacts = contactsConnector.connect("contacts", { url: CONTACTS });

export type ContactsSyncOptions = SyncOptions<Person, ContactFields, "delete", keyof ContactFields>;

export function contactsSync(changes: Partial<ContactsSyncOptions> = {}) {
  return defineSync<Person, ContactFields, "delete", keyof ContactFields>({
    name: "people-to-contacts",
    purpose: "Whoever we know is a contact.",
    owner: "sales",
    from: people.people,
    to: contacts.contacts,
    freshWithin: "2m",
    pollEvery: "1m",
    only: ({ active }) => active,
    map: ({ field }) => ({
      FullName: field(({ name }) => name),
      Email: field(({ email }) => email).orOmit(),
      City: field(({ city }) => city),
    }),
    onDelete: "delete",
    onOutOfScope: "delete",
    ...changes,
  });
}

export function twoSystemsProject(changes: Partial<ContactsSyncOptions> = {}, from = people) {
  const syncs = [contactsSync({ from: from.people, ...changes })];
  return defineConfig({ name: "two", connections: [from, contacts], syncs, port: 0 });
}

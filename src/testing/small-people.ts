// A small provider that keeps people, for tests of two-way syncs: it can be edited from both ends, and can be told to normalise
// what it is given, to return nothing of what was written, or to share its clock with another.
import { z } from "zod";
import type { Api, Limit } from "../define/connector.ts";
import { defineConnector } from "../define/define-connector.ts";
import type { Page, PageQuery, Resource, UpdateOrder, WriteOrder, Written } from "../define/resource.ts";
import { signedWebhook } from "../server/testing/signed-webhook.ts";
import type { FetchHandler } from "../world/in-process.ts";
import type { Clock } from "../world/world.ts";
import { befallen, type Trouble } from "./troubles.ts";

const PAGE_RECORDS = 4;

const personFields = z.strictObject({
  email: z.string().optional(),
  name: z.string().max(40).optional(),
  phone: z.string().optional(),
  score: z.number().optional(),
  scoreText: z.string().optional(),
  tags: z.array(z.string()).optional(),
});
export type PersonFields = z.infer<typeof personFields>;

const person = z.object({
  id: z.string(),
  version: z.string(),
  changedAt: z.number(),
  hidden: z.boolean(),
  former: z.array(z.string()),
  fields: personFields,
});
export type Person = z.infer<typeof person>;

export interface SmallPeopleOptions {
  /** What it makes of what it is given. Default: nothing. */
  readonly normal?: (fields: PersonFields) => PersonFields;
  /** Does it answer a write with the record? Default true. */
  readonly returns?: boolean;
  /** The name of its clock. Default: none. */
  readonly clock?: string;
  /** Is an update of another version refused? Default true. */
  readonly guarded?: boolean;
  /** What an automation there makes of each record that is written, as an edit of its own. */
  readonly automation?: (fields: PersonFields) => PersonFields;
  /** Does it know a creation by its key when it comes again? Else it is looked up by its address. Default true. */
  readonly keyed?: boolean;
  /** Each e-mail address only once. Default false. */
  readonly unique?: boolean;
  /** Default: none. */
  readonly limits?: readonly Limit[];
}

export interface SmallPeople {
  readonly url: string;
  readonly all: Map<string, Person>;
  readonly troubles: Trouble[];
  /** Records that are answered with this for their id, so that nobody can tell which they are. */
  readonly showsAs: Map<string, unknown>;
  /** Each call that changed something, such as "PUT /people/a1". */
  readonly writes: string[];
  readonly reads: string[];
  /** Somebody edits it there; what is undefined is emptied. */
  edit(id: string, fields: { readonly [Name in keyof PersonFields]?: PersonFields[Name] | undefined }): Person;
  hide(id: string, hidden: boolean): void;
  remove(id: string): void;
  restore(id: string): void;
  /** The second becomes part of the first. */
  merge(id: string, away: string): void;
  fields(id: string): PersonFields | undefined;
  readonly fetch: FetchHandler;
}

export function smallPeople(name: string, clock: Clock, options: SmallPeopleOptions = {}): SmallPeople {
  const { normal = (fields) => fields, automation, returns = true, unique = false, guarded = true } = options;
  const troubles: Trouble[] = [];
  const removed = new Map<string, Person>();
  const made = new Map<string, string>();
  let versions = 0;
  let ids = 0;
  const stamp = () => ({ version: String((versions += 1)).padStart(9, "0"), changedAt: clock.now() });
  const put = (one: Omit<Person, "version" | "changedAt">): Person => {
    const whole = { ...one, fields: filled(one.fields), ...stamp() };
    people.all.set(one.id, whole);
    return whole;
  };
  const people: SmallPeople = {
    url: `https://${name}.example`,
    all: new Map(),
    troubles,
    showsAs: new Map(),
    writes: [],
    reads: [],
    edit(id, fields) {
      const before = people.all.get(id);
      const { hidden = false, former = [] } = before ?? {};
      return put({ id, hidden, former, fields: { ...before?.fields, ...fields } as PersonFields });
    },
    hide(id, hidden) {
      const before = people.all.get(id);
      if (before !== undefined) put({ ...before, hidden });
    },
    remove(id) {
      const before = people.all.get(id);
      if (before !== undefined) removed.set(id, { ...before, ...stamp() });
      people.all.delete(id);
    },
    restore(id) {
      const before = removed.get(id);
      if (before !== undefined) put(before);
    },
    merge(id, away) {
      const stays = people.all.get(id);
      people.all.delete(away);
      if (stays !== undefined) put({ ...stays, former: [...stays.former, away] });
    },
    fields: (id) => people.all.get(id)?.fields,
    fetch: befallen(async (request) => {
      const url = new URL(request.url);
      const [, , id] = url.pathname.split("/");
      const what = `${request.method} ${url.pathname}${url.search}`;
      if (request.method === "GET") {
        people.reads.push(what);
        const answer = answerOf([...people.all.values()], [...removed.values()], url.searchParams);
        const shown = (one: Person) => (people.showsAs.has(one.id) ? { ...one, id: people.showsAs.get(one.id) } : one);
        return Response.json({ ...answer, records: answer.records.map(shown) });
      }
      people.writes.push(what);
      if (request.method === "DELETE") {
        people.remove(id ?? "");
        return Response.json({});
      }
      const fields = normal(personFields.parse(await request.json()));
      const key = request.headers.get("idempotency-key") ?? "";
      if (id === undefined) {
        const holder = unique && [...people.all.values()].find((one) => one.fields.email === fields.email);
        if (holder && made.get(key) !== holder.id) return Response.json({}, { status: 409 });
        const known = made.get(key) ?? `${name}-new-${(ids += 1)}`;
        made.set(key, known);
        const whole = people.all.get(known) ?? put({ id: known, hidden: false, former: [], fields });
        return Response.json(returns ? whole : { id: known, version: whole.version });
      }
      const before = people.all.get(id);
      if (before === undefined) return Response.json({}, { status: 404 });
      const version = request.headers.get("if-match");
      if (guarded && version !== null && version !== before.version) return Response.json({}, { status: 409 });
      const emptied = request.headers.get("x-emptied")?.split(",") ?? [];
      const kept = Object.entries({ ...before.fields, ...fields }).filter(([field]) => !emptied.includes(field));
      const whole = put({ ...before, fields: Object.fromEntries(kept) });
      if (automation !== undefined) put({ ...whole, fields: automation(whole.fields) });
      return Response.json(returns ? whole : { id, version: whole.version });
    }, troubles),
  };
  return people;
}

const filled = (fields: PersonFields): PersonFields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function answerOf(records: readonly Person[], removed: readonly Person[], query: URLSearchParams): Page<Person> {
  const keys = query.get("keys")?.split(",");
  const email = query.get("email");
  if (email !== null) return { records: records.filter(({ fields }) => fields.email === email) };
  if (keys !== undefined) return { records: records.filter(({ id }) => keys.includes(id)) };
  const since = Number(query.get("since") ?? 0);
  const after = query.get("after") ?? "";
  const rest = records
    .filter((one) => one.changedAt >= since && one.id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const page = rest.slice(0, PAGE_RECORDS);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  const isGone = ({ id, changedAt }: Person): boolean => changedAt >= since && records.every((one) => one.id !== id);
  const deleted = query.has("since") ? removed.filter(isGone).map(({ id }) => id) : [];
  return { records: page, deleted, ...(last === undefined ? {} : { next: last.id }) };
}

async function pageOf(api: Api, { since, cursor }: Partial<PageQuery>): Promise<Page<Person>> {
  const answer = await api.request({ method: "GET", path: "/people", query: { since, after: cursor } });
  return answer.json as Page<Person>;
}

function writtenIn(json: unknown): Written<Person> {
  const answer = json as Person;
  if (answer.fields === undefined) return { key: answer.id, version: answer.version };
  return { key: answer.id, version: answer.version, record: answer };
}

async function send(
  api: Api,
  method: "POST" | "PUT",
  order: WriteOrder<PersonFields> | UpdateOrder<PersonFields, Person>,
) {
  const isUpdate = "key" in order;
  const changed: readonly (keyof PersonFields)[] = isUpdate ? order.changed : (Object.keys(order.fields) as never[]);
  const body = Object.fromEntries(
    changed.flatMap((field) => (order.fields[field] === undefined ? [] : [[field, order.fields[field]]])),
  );
  const emptied = changed.filter((field) => order.fields[field] === undefined);
  const answer = await api.request({
    method,
    path: isUpdate ? `/people/${order.key}` : "/people",
    headers: {
      "idempotency-key": order.idempotencyKey,
      ...(emptied.length > 0 ? { "x-emptied": emptied.join(",") } : {}),
      ...(isUpdate && order.version !== undefined ? { "if-match": order.version } : {}),
    },
    body,
  });
  return writtenIn(answer.json);
}

function peopleResource({ clock, guarded = true, keyed = true }: SmallPeopleOptions = {}): Resource<
  Person,
  PersonFields,
  "delete"
> {
  return {
    name: "people",
    schema: person,
    key: ({ id }) => id,
    version: ({ version }) => version,
    title: ({ fields }) => fields.name,
    formerKeys: ({ former }) => former,
    changedAt: ({ changedAt }) => changedAt,
    ...(clock === undefined ? {} : { clock }),
    read: {
      keysMax: 10,
      records: async (api, keys) => {
        const answer = await api.request({ method: "GET", path: "/people", query: { keys: keys.join(",") } });
        return (answer.json as Page<Person>).records;
      },
    },
    changes: { overlapMs: 1_000, page: pageOf, tellsDeletions: true },
    everything: { page: (api, { cursor }) => pageOf(api, cursor === undefined ? {} : { cursor }) },
    write: {
      fields: personFields,
      safety: keyed ? { kind: "idempotency-key", retentionMs: 86_400_000 } : { kind: "lookup", lagMs: 1_000 },
      guarded,
      create: (api, order) => send(api, "POST", order),
      update: (api, order) => send(api, "PUT", order),
      removals: {
        delete: async (api, { key }) => {
          await api.request({ method: "DELETE", path: `/people/${key}` });
          return undefined;
        },
      },
      lookup: async (api, { fields }) => {
        const { json } = await api.request({ method: "GET", path: "/people", query: { email: fields.email } });
        return (json as Page<Person>).records.map((record) => ({ key: record.id, version: record.version, record }));
      },
      fieldsOf: ({ fields }) => fields,
    },
  };
}

export function peopleConnector(name: string, options: SmallPeopleOptions = {}) {
  return defineConnector({
    name: `small-${name}`,
    title: `Small ${name}`,
    settings: z.object({ token: z.string(), webhookSecret: z.string(), url: z.string().optional() }),
    baseUrl: ({ url = `https://${name}.example` }) => url,
    auth: { kind: "header", header: "x-token", setting: "token" },
    limits: options.limits ?? [],
    webhook: {
      ...signedWebhook,
      secretSettings: ["webhookSecret"],
      events: ({ json }) => {
        const { events } = z.object({ events: z.array(z.looseObject({ resource: z.string() })) }).parse(json);
        return events as never;
      },
    },
    resources: { people: peopleResource(options) },
  });
}

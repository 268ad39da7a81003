// Tickets of a help desk: listed, read by key, and written under idempotency keys.
import { z } from "zod";
import { type Api, type ApiRequest, defineResource, type Page, type Written } from "../../../src/index.ts";

/** As strict as what is mapped: a field that nobody maps may change without a word. */
const ticket = z.object({
  id: z.string(),
  revision: z.int(),
  status: z.enum(["open", "escalated", "closed"]),
  subject: z.string(),
  body: z.string(),
  requester_email: z.string().nullable(),
  /** Free text for whoever integrates: one's own number. */
  reference: z.string().nullable(),
});
export type Ticket = z.output<typeof ticket>;

const fields = z.strictObject({
  subject: z.string().min(1).max(200),
  body: z.string(),
  requester_email: z.string().optional(),
  reference: z.string().max(60).optional(),
});
type Fields = z.output<typeof fields>;

const PAGE_RECORDS = 100;
const DAY_MS = 86_400_000;

/** Sorts as the numbers do. */
const versionOf = ({ revision }: Ticket): string => String(revision).padStart(12, "0");

interface Listing {
  readonly tickets: readonly Ticket[];
  readonly next_cursor: string | null;
}

async function page(api: Api, query: ApiRequest["query"]): Promise<Page<Ticket>> {
  const answer = await api.request({ method: "GET", path: "/tickets", query: { ...query, limit: PAGE_RECORDS } });
  const { tickets: records, next_cursor: next } = answer.json as Listing;
  return next === null ? { records } : { records, next };
}

async function write(api: Api, request: ApiRequest): Promise<Written<Ticket>> {
  const { json } = await api.request(request);
  const record = json as Ticket;
  return { key: record.id, version: versionOf(record), record };
}

export const tickets = defineResource({
  name: "tickets",
  schema: ticket,
  key: ({ id }) => id,
  version: versionOf,
  versionExact: true,
  title: ({ id, subject }) => `${id} ${subject}`,
  read: {
    keysMax: 50,
    records: async (api, keys) => (await page(api, { ids: keys.join(",") })).records,
  },
  changes: {
    paging: "cursor",
    overlapMs: 60_000,
    page: (api, { since, cursor }) => page(api, { updated_since: new Date(since).toISOString(), cursor }),
  },
  everything: { paging: "cursor", page: (api, { cursor }) => page(api, { cursor }) },
  write: {
    fields,
    safety: { kind: "idempotency-key", retentionMs: DAY_MS },
    guarded: true,
    create: (api, { fields: body, idempotencyKey }) =>
      write(api, { method: "POST", path: "/tickets", headers: { "idempotency-key": idempotencyKey }, body }),
    update: (api, { key, fields: wanted, changed, version, idempotencyKey }) =>
      write(api, {
        method: "PATCH",
        path: `/tickets/${encodeURIComponent(key)}`,
        headers: {
          "idempotency-key": idempotencyKey,
          ...(version === undefined ? {} : { "if-match": String(Number(version)) }),
        },
        // What is not among the wanted fields any more is emptied.
        body: Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null])),
      }),
    removals: {
      close: (api, { key, idempotencyKey }) =>
        write(api, {
          method: "POST",
          path: `/tickets/${encodeURIComponent(key)}/close`,
          headers: { "idempotency-key": idempotencyKey },
        }),
    },
    /** After a day the key is forgotten; by its reference a ticket can still be found. */
    lookup: async (api, { fields: { reference } }) => {
      if (reference === undefined) return [];
      const { records } = await page(api, { reference });
      return records.map((record) => ({ key: record.id, version: versionOf(record), record }));
    },
    fieldsOf: ({ subject, body, requester_email, reference }): Partial<Fields> => ({
      subject,
      body,
      ...(requester_email === null ? {} : { requester_email }),
      ...(reference === null ? {} : { reference }),
    }),
  },
});

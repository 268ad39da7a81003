// What really is in the simulated books and what really happened to them: the side of a comparison that cannot be wrong.
import { textOf, type Body } from "./body.ts";
import type { Books } from "./books.ts";
import type { Gateway } from "./gateway.ts";
import type { Meter, MeterCounts } from "./meter.ts";
import type { Kind, Organisation, Row } from "./organisation.ts";
import type { Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";
import type { Webhooks } from "./webhooks.ts";

export interface XeroTruth {
  /** By id; amounts are text with their own digits, days as "2026-08-20". */
  readonly contacts: ReadonlyMap<string, Row>;
  readonly invoices: ReadonlyMap<string, Row>;
  readonly creditNotes: ReadonlyMap<string, Row>;
  readonly payments: ReadonlyMap<string, Row>;
  readonly items: ReadonlyMap<string, Row>;
  /** HTTP requests of every kind. */
  readonly requestsServed: number;
  /** How many records of a kind were made, by clients and people. */
  readonly created: Readonly<Record<Kind, number>>;
  /** Records refused, by the first message. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers given again for an idempotency key, and keys that came with another request. */
  readonly idempotency: { readonly replays: number; readonly mismatches: number };
  readonly limits: Readonly<MeterCounts>;
  readonly refreshes: number;
  readonly refreshTokensPresentedTwice: number;
  readonly changesAnnounced: number;
  /** How many records that count share a field's text beyond the first; 0 when nothing was doubled. */
  duplicates(kind: Kind, field: string): number;
}

export interface TruthParts {
  readonly organisation: Organisation;
  readonly books: Books;
  readonly gateway: Gateway;
  readonly meter: Meter;
  readonly service: Service;
  readonly tokens: Tokens;
  readonly webhooks: Webhooks;
}

export function truthOf({ organisation, books, gateway, meter, service, tokens, webhooks }: TruthParts): XeroTruth {
  const { rows } = organisation;
  return {
    contacts: rows.Contacts,
    invoices: rows.Invoices,
    creditNotes: rows.CreditNotes,
    payments: rows.Payments,
    items: rows.Items,
    created: books.created,
    refused: service.refused,
    idempotency: service.keys.counts,
    limits: meter.counts,
    get requestsServed() {
      return gateway.requestsServed;
    },
    get refreshes() {
      return tokens.counts.refreshes;
    },
    get refreshTokensPresentedTwice() {
      return tokens.counts.presentedTwice;
    },
    get changesAnnounced() {
      return webhooks.announced;
    },
    duplicates: (kind, field) =>
      duplicates(
        [...rows[kind].values()].map(({ body }) => body),
        field,
      ),
  };
}

function duplicates(bodies: readonly Body[], field: string): number {
  const texts = bodies.filter(counts).flatMap((body) => textOf(body, field) ?? []);
  return texts.length - new Set(texts).size;
}

function counts({ Status }: Body): boolean {
  return Status !== "DELETED" && Status !== "VOIDED";
}

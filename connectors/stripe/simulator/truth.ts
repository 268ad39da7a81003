// What really is in the simulated account and what really happened: the side of a comparison that cannot be wrong.
import { isBody, type Body } from "./body.ts";
import type { Gateway } from "./gateway.ts";
import type { Idempotency } from "./idempotency.ts";
import type { Kind, Ledger } from "./ledger.ts";
import type { Meter, MeterCounts } from "./meter.ts";
import type { Webhooks } from "./webhooks.ts";

export interface StripeTruth {
  /** By id, of the account itself. */
  readonly customers: ReadonlyMap<string, Body>;
  readonly products: ReadonlyMap<string, Body>;
  readonly prices: ReadonlyMap<string, Body>;
  readonly invoiceItems: ReadonlyMap<string, Body>;
  readonly invoices: ReadonlyMap<string, Body>;
  readonly paymentIntents: ReadonlyMap<string, Body>;
  readonly charges: ReadonlyMap<string, Body>;
  readonly refunds: ReadonlyMap<string, Body>;
  readonly subscriptions: ReadonlyMap<string, Body>;
  readonly events: ReadonlyMap<string, Body>;
  /** All lines of each invoice, by the invoice's id. */
  readonly lines: ReadonlyMap<string, readonly Body[]>;
  /** What is left of deleted objects. */
  readonly deleted: ReadonlyMap<string, Body>;
  readonly requestsServed: number;
  /** Objects made by calls, by their kind, such as "customer". */
  readonly created: Readonly<Record<string, number>>;
  /** Refusals given, by code, or by type where there is none. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers given again for an idempotency key. */
  readonly replays: number;
  readonly limits: Readonly<MeterCounts>;
  readonly eventsAnnounced: number;
  /** How many objects share each text of a field beyond the first; "metadata.order" looks into metadata. */
  duplicates(kind: Kind, field: string): number;
}

export interface TruthParts {
  readonly ledger: Ledger;
  readonly gateway: Gateway;
  readonly meter: Meter;
  readonly idempotency: Idempotency;
  readonly webhooks: Webhooks;
}

export function truthOf({ ledger, gateway, meter, idempotency, webhooks }: TruthParts): StripeTruth {
  const { objects } = ledger;
  return {
    customers: objects.customer,
    products: objects.product,
    prices: objects.price,
    invoiceItems: objects.invoiceitem,
    invoices: objects.invoice,
    paymentIntents: objects.payment_intent,
    charges: objects.charge,
    refunds: objects.refund,
    subscriptions: objects.subscription,
    events: objects.event,
    lines: ledger.lines,
    deleted: ledger.gone,
    created: gateway.counts.created,
    refused: gateway.counts.refused,
    limits: meter.counts,
    get requestsServed() {
      return gateway.counts.requestsServed;
    },
    get replays() {
      return idempotency.replays;
    },
    get eventsAnnounced() {
      return webhooks.announced;
    },
    duplicates: (kind, field) => duplicates(objects[kind], field.split(".")),
  };
}

function duplicates(bodies: ReadonlyMap<string, Body>, path: readonly string[]): number {
  const seen = new Set<unknown>();
  let count = 0;
  for (const body of bodies.values()) {
    const value = path.reduce<unknown>((part, name) => (isBody(part) ? part[name] : undefined), body);
    if (value === undefined || value === null) continue;
    if (seen.has(value)) count += 1;
    seen.add(value);
  }
  return count;
}

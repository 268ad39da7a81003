// What really is in the simulated books and what really happened to them: the side of a comparison that cannot be wrong.
import type { Company, Change } from "./company.ts";
import { textOf } from "./fields.ts";
import type { Gateway } from "./gateway.ts";
import type { Body, Kind } from "./kinds.ts";
import type { Meter, MeterCounts } from "./meter.ts";
import type { RequestIds } from "./request-ids.ts";
import type { Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";
import type { Webhooks } from "./webhooks.ts";

export interface QuickBooksTruth {
  /** By Id; numbers that count money are text such as "19.90". */
  readonly customers: ReadonlyMap<string, Body>;
  readonly items: ReadonlyMap<string, Body>;
  readonly invoices: ReadonlyMap<string, Body>;
  readonly payments: ReadonlyMap<string, Body>;
  readonly creditMemos: ReadonlyMap<string, Body>;
  readonly refundReceipts: ReadonlyMap<string, Body>;
  readonly deletions: readonly Change[];
  /** HTTP requests of every kind. */
  readonly requestsServed: number;
  /** How many objects of a kind clients created. */
  readonly created: Readonly<Record<Kind, number>>;
  /** Faults given, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers given again for a `requestid`. */
  readonly replays: number;
  readonly limits: Readonly<MeterCounts>;
  readonly refreshes: number;
  readonly refreshTokensPresentedTwice: number;
  readonly changesAnnounced: number;
  /** How many objects share each text of a field beyond the first; such as 0 for DocNumber when nothing was doubled. */
  duplicates(kind: Kind, field: string): number;
}

export interface TruthParts {
  readonly company: Company;
  readonly gateway: Gateway;
  readonly meter: Meter;
  readonly requestIds: RequestIds;
  readonly service: Service;
  readonly tokens: Tokens;
  readonly webhooks: Webhooks;
}

export function truthOf({
  company,
  gateway,
  meter,
  requestIds,
  service,
  tokens,
  webhooks,
}: TruthParts): QuickBooksTruth {
  const { bodies } = company;
  return {
    customers: bodies.Customer,
    items: bodies.Item,
    invoices: bodies.Invoice,
    payments: bodies.Payment,
    creditMemos: bodies.CreditMemo,
    refundReceipts: bodies.RefundReceipt,
    deletions: company.deletions,
    created: service.counts.created,
    refused: service.counts.refused,
    limits: meter.counts,
    get requestsServed() {
      return gateway.requestsServed;
    },
    get replays() {
      return requestIds.replays;
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
    duplicates: (kind, field) => duplicates(bodies[kind], field),
  };
}

function duplicates(bodies: ReadonlyMap<string, Body>, field: string): number {
  const seen = new Set<string>();
  let count = 0;
  for (const body of bodies.values()) {
    const text = textOf(body, field);
    if (text === undefined) continue;
    if (seen.has(text)) count += 1;
    seen.add(text);
  }
  return count;
}

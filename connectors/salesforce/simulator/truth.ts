// What really is in the simulated org and what really happened to it: the side of a comparison that cannot be wrong.
import type { Gateway } from "./gateway.ts";
import type { Meter, MeterCounts } from "./meter.ts";
import type { Deletion, Org, Row } from "./org.ts";
import type { Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";
import type { Webhooks } from "./webhooks.ts";
import type { WriteCounts, Writes } from "./write.ts";

export interface SalesforceTruth {
  /** Live records of an object, by id; numbers are numbers. */
  records(object: string): ReadonlyMap<string, Row>;
  readonly deletions: readonly Deletion[];
  /** HTTP requests of every kind. */
  readonly requestsServed: number;
  /** API requests of the last 24 hours, as the org is charged for them. */
  readonly apiUsage: number;
  /** How many records of an object were made and changed, by clients and people. */
  readonly writes: Readonly<WriteCounts>;
  /** Refusals, by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly limits: Readonly<MeterCounts>;
  readonly refreshes: number;
  readonly refreshTokensPresentedTwice: number;
  readonly changesAnnounced: number;
  /** How many live records share each text of a field beyond the first; 0 when nothing was doubled. */
  duplicates(object: string, field: string): number;
}

export interface TruthParts {
  readonly org: Org;
  readonly writes: Writes;
  readonly service: Service;
  readonly gateway: Gateway;
  readonly meter: Meter;
  readonly tokens: Tokens;
  readonly webhooks: Webhooks;
}

export function truthOf({ org, writes, service, gateway, meter, tokens, webhooks }: TruthParts): SalesforceTruth {
  const records = (object: string): ReadonlyMap<string, Row> => {
    const live = [...org.rows(org.schema(object).facts.name)].filter((row) => row["IsDeleted"] === false);
    return new Map(live.map((row) => [String(row["Id"]), row]));
  };
  return {
    records,
    writes: writes.counts,
    refused: service.refused,
    limits: meter.counts,
    get deletions() {
      return org.deletions;
    },
    get requestsServed() {
      return gateway.requestsServed;
    },
    get apiUsage() {
      return meter.used;
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
    duplicates: (object, field) => {
      const values = [...records(object).values()].map((row) => row[field] ?? null).filter((value) => value !== null);
      return values.length - new Set(values).size;
    },
  };
}

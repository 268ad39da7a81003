// What really is in the simulated account and what really happened to it: the side of a comparison that cannot be wrong.
import type { Gateway } from "./gateway.ts";
import type { Kind } from "./kinds.ts";
import type { Meter, MeterCounts } from "./meter.ts";
import type { Portal, Stored } from "./portal.ts";
import type { Service } from "./service.ts";
import type { Tokens } from "./tokens.ts";
import type { Webhooks } from "./webhooks.ts";

export interface HubSpotTruth {
  /** By id. Archived and merged ones are not among them. */
  readonly contacts: ReadonlyMap<string, Stored>;
  readonly companies: ReadonlyMap<string, Stored>;
  readonly deals: ReadonlyMap<string, Stored>;
  readonly tickets: ReadonlyMap<string, Stored>;
  readonly archived: Readonly<Record<Kind, ReadonlyMap<string, Stored>>>;
  /** The ids of one kind that a record is associated with. */
  associated(kind: Kind, id: string, to: Kind): readonly string[];
  /** HTTP requests of every kind. */
  readonly requestsServed: number;
  /** How many records of a kind clients created. */
  readonly created: Readonly<Record<Kind, number>>;
  /** Upserts that found their record. */
  readonly upsertedAgain: number;
  /** Refusals given, by category or, where there is none, by status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly limits: Readonly<MeterCounts>;
  readonly refreshes: number;
  readonly refreshesRefused: number;
  readonly changesAnnounced: number;
  /** How many records share each value of a property beyond the first. */
  duplicates(kind: Kind, property: string): number;
}

export interface TruthParts {
  readonly portal: Portal;
  readonly gateway: Gateway;
  readonly meter: Meter;
  readonly service: Service;
  readonly tokens: Tokens;
  readonly webhooks: Webhooks;
}

export function truthOf({ portal, gateway, meter, service, tokens, webhooks }: TruthParts): HubSpotTruth {
  return {
    ...portal.records,
    archived: portal.archived,
    associated: (kind, id, to) => [...portal.associations(kind, id, to).keys()],
    created: service.objects.counts.created,
    refused: service.refused,
    limits: meter.counts,
    get requestsServed() {
      return gateway.requestsServed;
    },
    get upsertedAgain() {
      return service.objects.counts.upsertedAgain;
    },
    get refreshes() {
      return tokens.counts.refreshes;
    },
    get refreshesRefused() {
      return tokens.counts.refused;
    },
    get changesAnnounced() {
      return webhooks.announced;
    },
    duplicates: (kind, property) => duplicates(portal.records[kind], property),
  };
}

function duplicates(records: ReadonlyMap<string, Stored>, property: string): number {
  const values = [...records.values()].map(({ properties }) => properties[property]).filter((value) => value);
  return values.length - new Set(values).size;
}

// Takes up webhooks that are already durable, at our own pace: parse, ask the connector which records may have changed, and
// note them. The cursor of arrivals moves in the transaction that notes them.
import { isKey } from "../define/checked-answers.ts";
import type { Connector, WebhookEvent } from "../define/connector.ts";
import type { Resource } from "../define/resource.ts";
import { thrownText } from "../define/thrown-text.ts";
import { parseJsonStrict } from "../call/json.ts";
import { Turns } from "../world/turns.ts";
import type { Clock } from "../world/world.ts";
import type { Arrival, Observation, ObserveBatch, Store } from "../store/store.ts";
import type { Reader } from "./reader.ts";
import { seenRecord, textOrNone } from "./seen-record.ts";
import { noKey } from "./unreadable.ts";

/** Arrivals taken up at once. */
const ARRIVALS_MAX = 256;
/** Of those that make no sense so many are told one by one. */
const TOLD_MAX = 3;

export interface ArrivalsParts {
  readonly store: Store;
  readonly clock: Clock;
  /** By connection name. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The account behind each connection, by the connection's name, where its connector tells. */
  readonly accounts: ReadonlyMap<string, string | undefined>;
  /** The resources that a sync reads, by id; what webhooks tell of others is nothing to us. */
  readonly observed: ReadonlySet<string>;
  /** Who reads a resource, by its id, where it is only one sync. */
  readonly readers: ReadonlyMap<string, Reader>;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  readonly report: (reason: string) => void;
  readonly onIdle: () => void;
}

export class Arrivals {
  readonly #parts: ArrivalsParts;
  #taking = false;
  #again = false;
  #running = false;
  #stopped: (() => void) | undefined;

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
  }

  /** While no sync reads anything, what comes in is only kept; the first sync finds it. */
  start(): void {
    this.#running = this.#parts.observed.size > 0;
    this.wake();
  }

  async stop(): Promise<void> {
    this.#running = false;
    if (this.#taking) await new Promise<void>((resolve) => (this.#stopped = resolve));
  }

  get idle(): boolean {
    return !this.#taking;
  }

  /** A webhook came in. */
  wake(): void {
    this.#again = true;
    if (this.#running && !this.#taking) void this.#takeAll();
  }

  /** Records that came whole are taken up at once where their reader waits for work. */
  async #observe({ bodies, ...batch }: Told): Promise<void> {
    const { store, readers, wakeSyncs } = this.#parts;
    const hungry = [...readers.values()].filter(({ appetite }) => appetite > 0);
    const claim = hungry.map(({ sync, appetite }) => ({ sync, limit: appetite }));
    const { syncs, claimed } = await store.observe({ ...batch, ...(claim.length > 0 ? { claim } : {}) });
    if (claimed.length > 0) {
      for (const [resource, reader] of readers) {
        const mine = claimed.filter(({ sync }) => sync === reader.sync);
        const toDecide = mine.map((one) => ({ claim: one, body: bodies.get(bodyId(resource, one.key)) }));
        if (mine.length > 0) reader.takeUp(toDecide);
      }
    }
    wakeSyncs(syncs);
  }

  /** They are kept, and their changes found by polls; but somebody should know, and why. */
  #tellUnreadable(arrivals: readonly Arrival[], unreadable: NonNullable<ObserveBatch["unreadable"]>): void {
    for (const { arrival, reason } of unreadable.slice(0, TOLD_MAX)) {
      const connection = arrivals.find(({ id }) => id === arrival)?.connection;
      this.#parts.report(
        `could not make sense of a webhook of ${connection} (number ${arrival}), which is kept: ${reason}`,
      );
    }
    const more = unreadable.length - TOLD_MAX;
    if (more > 0) this.#parts.report(`could not make sense of ${more} more webhooks`);
  }

  async #takeAll(): Promise<void> {
    this.#taking = true;
    const { store, clock } = this.#parts;
    try {
      while (this.#running && this.#again) {
        this.#again = false;
        const arrivals = await store.arrivals(ARRIVALS_MAX);
        if (arrivals.length === 0) continue;
        this.#again = true;
        const told = await observedIn(arrivals, this.#parts);
        await this.#observe(told);
        this.#tellUnreadable(arrivals, told.unreadable ?? []);
      }
    } catch (error) {
      this.#parts.report(`could not take up webhooks, trying again in a second: ${String(error)}`);
      clock.timer(1_000, () => this.wake());
    } finally {
      this.#taking = false;
      this.#stopped?.();
      this.#parts.onIdle();
    }
  }
}

/** What a batch of arrivals tells. One that makes no sense is kept for a person and holds up no other. */
export interface Told extends ObserveBatch {
  /** The records that came whole, by resource and key; of one that came twice the first, which is what can be claimed. */
  readonly bodies: ReadonlyMap<string, unknown>;
}

const bodyId = (resource: string, key: string): string => `${resource}\n${key}`;

export async function observedIn(
  arrivals: readonly Arrival[],
  { clock, connectors, accounts, observed }: Pick<ArrivalsParts, "clock" | "connectors" | "accounts" | "observed">,
): Promise<Told> {
  const at = clock.now();
  const observations: Observation[] = [];
  const bodies = new Map<string, unknown>();
  const unreadable: { arrival: number; reason: string }[] = [];
  let upTo = 0;
  // Some are large, and what a connector makes of them is not ours.
  const turns = new Turns(clock);
  for (const arrival of arrivals) {
    if (turns.areOver()) await turns.next();
    upTo = Math.max(upTo, arrival.id);
    const connector = connectors.get(arrival.connection);
    const account = accounts.get(arrival.connection);
    try {
      const told = observedByOne(arrival, { connector, account }, observed, at);
      for (const { observation, body } of told.observed) {
        observations.push(observation);
        const id = bodyId(observation.resource, observation.key);
        if (body !== undefined && !bodies.has(id)) bodies.set(id, body);
      }
      if (told.fault !== undefined) unreadable.push({ arrival: arrival.id, reason: told.fault });
    } catch (error) {
      unreadable.push({ arrival: arrival.id, reason: thrownText(error) });
    }
  }
  return { observations, bodies, arrivalsUpTo: upTo, ...(unreadable.length > 0 ? { unreadable } : {}) };
}

/** What one event tells; its body where the record came whole. */
interface Observed {
  readonly observation: Observation;
  readonly body?: unknown;
}

/** An event that makes no sense costs only itself; the arrival is kept for a person with the first such fault. */
function observedByOne(
  arrival: Arrival,
  { connector, account }: { readonly connector: Connector | undefined; readonly account: string | undefined },
  observed: ReadonlySet<string>,
  at: number,
): { readonly observed: readonly Observed[]; readonly fault: string | undefined } {
  if (connector?.webhook === undefined) {
    throw new Error(`the project has no connection ${arrival.connection} that takes webhooks any more`);
  }
  // The edge took only bodies in which each key stands once.
  const json = parseJsonStrict(arrival.body, { strictKeys: false });
  const told: Observed[] = [];
  let fault: string | undefined;
  for (const event of connector.webhook.events({ headers: arrival.headers, json })) {
    try {
      const resource = connector.resources[event.resource];
      const id = `${arrival.connection}/${event.resource}`;
      if (resource === undefined || !observed.has(id)) continue;
      if (event.account !== undefined && account !== undefined && event.account !== account) continue;
      told.push(observedOf(event, { arrival: arrival.id, resource, id, at }));
    } catch (error) {
      fault ??= thrownText(error);
    }
  }
  return { observed: told, fault };
}

function observedOf(
  event: WebhookEvent,
  {
    arrival,
    resource,
    id,
    at,
  }: { readonly arrival: number; readonly resource: Resource; readonly id: string; readonly at: number },
): Observed {
  // A key or a version that the store cannot take would hold up the whole batch, for ever.
  if (!isKey(event.key)) throw noKey(`a record of ${event.resource}`, event.key);
  const version = textOrNone("version", event.version);
  const known = {
    resource: id,
    key: event.key,
    cause: "webhook",
    priority: "live",
    at,
    arrival,
    readable: resource.read !== undefined,
    ...(version === undefined ? {} : { version }),
  } as const;
  if (event.deleted) return { observation: { ...known, seen: { kind: "deleted" } } };
  if (event.record === undefined) return { observation: { ...known, seen: { kind: "changed" } } };
  return { observation: { ...known, ...seenRecord(resource, event.record) }, body: event.record };
}

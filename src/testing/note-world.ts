// Orders with a note at one account, which one-way syncs write to another: their reconcilers and nothing else of the engine, in
// virtual time.
import assert from "node:assert/strict";
import { z } from "zod";
import { createCredentials } from "../auth/credentials.ts";
import { vaultOf } from "../auth/vault.ts";
import { createCaller, type Caller } from "../call/caller.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { ConnectionBase, Limit } from "../define/connector.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import type { Resource, Write } from "../define/resource.ts";
import type { Sync } from "../define/sync.ts";
import { seenRecord } from "../observe/seen-record.ts";
import { Reconciler } from "../reconcile/reconciler.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Observation, Store } from "../store/store.ts";
import { inProcessNetwork, type FetchHandler } from "../world/in-process.ts";
import { NO_PLANTS } from "../world/plant.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import type { Clock } from "../world/world.ts";

const SOURCE = "https://source.example";
const TARGET = "https://target.example";

export interface Order {
  readonly id: string;
  readonly note: string;
}

interface Note {
  readonly note: string;
}

const orderSchema = z.object({ id: z.string(), note: z.string() });

/** Orders that are read one a call, at the path of their id. */
export function ordersOf(changes: Partial<Resource<Order>> = {}) {
  return defineResource<Order>({
    name: "orders",
    schema: orderSchema,
    key: ({ id }) => id,
    read: {
      keysMax: 1,
      records: async (api, [id]) => [(await api.request({ method: "GET", path: `/${id}` })).json as Order],
    },
    ...changes,
  });
}

/** Notes, which can be written again without harm. */
export function notesOf(name: string, write: Omit<Write<Order, Note, never>, "fields" | "safety">) {
  return defineResource<Order, Note>({
    name,
    schema: orderSchema,
    key: ({ id }) => id,
    write: { fields: z.object({ note: z.string() }), safety: { kind: "upsert" }, ...write },
  });
}

/** Bills that are made by their notes. */
export const BILLS = notesOf("bills", {
  create: async (api, { fields }) => {
    await api.request({ method: "PUT", path: "/bills", body: fields });
    return { key: `bill of ${fields.note}` };
  },
});

/** Notes that are put at the path of their resource. */
export const putNotes = (name: string) =>
  notesOf(name, {
    create: async (api, { fields }) => {
      await api.request({ method: "PUT", path: `/${name}`, body: fields });
      return { key: name };
    },
    update: async (api, { key, fields }) => {
      await api.request({ method: "PUT", path: `/${name}`, body: fields });
      return { key };
    },
  });

/** What all syncs here say. */
export const NOTE_SYNC = { purpose: "A note goes over.", freshWithin: "1m", onDelete: "keep" } as const;

/** The two accounts; `limits` are the target's. */
export function accounts<
  const From extends Record<string, Resource<any, any, any>>,
  const To extends Record<string, Resource<any, any, any>>,
>(from: From, to: To, limits: readonly Limit[] = []) {
  const anybody = { settings: z.object({}), auth: { kind: "none" } } as const;
  const shop = { ...anybody, name: "shop", title: "Shop", limits: [], baseUrl: () => SOURCE, resources: from };
  const books = { ...anybody, name: "books", title: "Books", limits, baseUrl: () => TARGET, resources: to };
  return { shop: defineConnector(shop).connect("shop", {}), books: defineConnector(books).connect("books", {}) };
}

/** Orders as they were read, each with its id for a note. */
export function ordersSeen(
  { orders }: { readonly orders: ConnectedResource },
  ids: readonly string[],
  how: Pick<Observation, "cause" | "priority" | "at">,
): readonly Observation[] {
  return ids.map((id) => ({ resource: orders.id, key: id, ...how, ...seenRecord(orders.resource, { id, note: id }) }));
}

export interface NoteWorldOptions {
  readonly accounts: { readonly shop: ConnectionBase<any, any>; readonly books: ConnectionBase<any, any> };
  readonly syncs: readonly Sync[];
  readonly source: FetchHandler;
  readonly target: FetchHandler;
  readonly virtual?: VirtualClock;
  /** What the engine's clock says. Default: the virtual time. */
  readonly clock?: Clock;
}

export interface NoteWorld extends AsyncDisposable {
  readonly virtual: VirtualClock;
  readonly store: Store;
  /** Starts the syncs' reconcilers, and tells how they are stopped. */
  begin(): () => Promise<void>;
  observe(observations: readonly Observation[]): Promise<void>;
  /** A webhook told that it may have changed. */
  changed(key: string): Promise<void>;
  /** Rows that are not settled for good. */
  left(): Promise<number>;
}

const STOPPING_MS = 60_000;

export async function noteWorld(options: NoteWorldOptions): Promise<NoteWorld> {
  const { syncs, source, target, virtual = new VirtualClock(), clock = virtual } = options;
  const { shop, books } = options.accounts;
  const handlers = new Map<string, FetchHandler>([
    [SOURCE, source],
    [TARGET, target],
  ]);
  const random = new SeededRandom(1);
  const world = { clock, random, network: inProcessNetwork(handlers, clock) };
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({
    connections: ["shop", "books"],
    resources: [...new Set(syncs.flatMap(({ from, to }) => [from.id, to.id]))],
    syncs: syncs.map(({ name, from, to }) => ({ name, from: from.id, to: to.id })),
  });
  const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), ...world });
  const caller = (connection: ConnectionBase<any, any>): Caller =>
    createCaller({ connection, secrets: () => undefined, world, credentials, onReauthorize: assert.fail });
  const running = new Map<string, Reconciler>();
  const wakeSyncs = (names: readonly string[]): void => names.forEach((name) => running.get(name)?.wake());
  const observe = async (observations: readonly Observation[]): Promise<void> =>
    wakeSyncs((await store.observe({ observations })).syncs);
  return {
    virtual,
    store,
    observe,
    begin() {
      const parts = { store, source: caller(shop), target: caller(books), world, plants: NO_PLANTS, wakeSyncs };
      for (const sync of syncs) {
        running.set(sync.name, new Reconciler({ ...parts, sync, report: () => undefined, onIdle: () => undefined }));
      }
      for (const one of running.values()) one.start();
      return async () => {
        const stopped = Promise.all([...running.values()].map((one) => one.stop()));
        await virtual.advance(STOPPING_MS);
        await stopped;
      };
    },
    changed: (key) =>
      observe([
        {
          resource: "shop/orders",
          key,
          cause: "webhook",
          priority: "live",
          at: clock.now(),
          seen: { kind: "changed" },
        },
      ]),
    async left() {
      const counted = (await store.status()).syncs;
      return counted.reduce(
        (sum, { ready, waiting, unknown, sending, parked }) => sum + ready + waiting + unknown + sending + parked,
        0,
      );
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}

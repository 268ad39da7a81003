// What tests of a listing alone begin with: a shop that lists its items, a real store, and a clock that can be set back.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { z } from "zod";
import { createCredentials } from "../../auth/credentials.ts";
import { vaultOf } from "../../auth/vault.ts";
import { createCaller } from "../../call/caller.ts";
import { defineConnector, defineResource } from "../../define/define-connector.ts";
import type { Page, Resource } from "../../define/resource.ts";
import { openSqliteStore } from "../../store/sqlite/open.ts";
import type { Store } from "../../store/store.ts";
import { befallen, type Trouble } from "../../testing/troubles.ts";
import { inProcessNetwork } from "../../world/in-process.ts";
import { pause } from "../../world/pause.ts";
import { NO_PLANTS } from "../../world/plant.ts";
import { SeededRandom, VirtualClock } from "../../world/virtual.ts";
import type { Clock } from "../../world/world.ts";
import { Listing } from "../listing.ts";
import type { Reader } from "../reader.ts";

const SHOP = "https://shop.example";
export const MINUTE = 60_000;
export const DAY = 86_400_000;

interface Item {
  readonly id: string;
  readonly name: string;
}

export interface ListedItemsOptions {
  readonly throughStore?: (store: Store) => Store;
  /** How items are read besides as a whole. Default: by key, which finds none, and by their changes. */
  readonly reads?: Pick<Resource<Item>, "read" | "changes">;
  /** How long the shop takes for a page, in milliseconds. Default 0. */
  readonly answerMs?: number;
  /** Default 2. */
  readonly pageItems?: number;
  /** The one sync that reads the items. Default: none. */
  readonly reader?: Reader;
}

const page = (query: { readonly since?: number; readonly cursor?: string | undefined }) =>
  ({ method: "GET", path: "/items", query }) as const;

export const READ_BY_KEY = { keysMax: 10, records: async () => [] };

const BY_KEY_AND_CHANGES: Pick<Resource<Item>, "read" | "changes"> = {
  read: READ_BY_KEY,
  changes: {
    overlapMs: 5_000,
    lookbackMaxMs: 7 * DAY,
    page: async (api, { since, cursor }) => (await api.request(page({ since, cursor }))).json as Page<Item>,
  },
};

function shopWith(reads: Pick<Resource<Item>, "read" | "changes">) {
  const items = defineResource<Item>({
    name: "items",
    schema: z.object({ id: z.string(), name: z.string() }),
    key: ({ id }) => id,
    everything: { page: async (api, { cursor }) => (await api.request(page({ cursor }))).json as Page<Item> },
    ...reads,
  });
  const connector = defineConnector({
    name: "shop",
    title: "Shop",
    settings: z.object({}),
    baseUrl: () => SHOP,
    auth: { kind: "none" },
    limits: [],
    resources: { items },
  });
  return connector.connect("shop", {});
}

export async function listedItems(t: TestContext, options: ListedItemsOptions = {}) {
  const {
    throughStore = (store: Store): Store => store,
    reads = BY_KEY_AND_CHANGES,
    answerMs = 0,
    pageItems = 2,
    reader,
  } = options;
  const shop = shopWith(reads);
  const virtual = new VirtualClock();
  let backMs = 0;
  const clock: Clock = { now: () => virtual.now() - backMs, timer: (delayMs, wake) => virtual.timer(delayMs, wake) };
  const random = new SeededRandom(1);
  const there = new Map<string, Item>();
  const troubles: Trouble[] = [];
  const asked: string[] = [];
  const reports: string[] = [];
  const handler = befallen(async (request) => {
    if (answerMs > 0) await pause(clock, answerMs);
    const query = new URL(request.url).searchParams;
    const rest = [...there.values()].filter(({ id }) => id > (query.get("cursor") ?? ""));
    const records = query.has("since") ? [] : rest.slice(0, pageItems);
    return Response.json({ records, ...(records.length < rest.length ? { next: records.at(-1)?.id } : {}) });
  }, troubles);
  const counted = (request: Request): Promise<Response> => {
    asked.push(new URL(request.url).search);
    return handler(request);
  };
  const world = { clock, random, network: inProcessNetwork(new Map([[SHOP, counted]]), clock) };
  const opened = await openSqliteStore({ path: ":memory:", thread: false });
  const store = throughStore(opened);
  await store.declare({
    connections: ["shop"],
    resources: ["shop/items", "books/things"],
    syncs: [{ name: "s", from: "shop/items", to: "books/things" }],
  });
  const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), ...world });
  const source = createCaller({
    connection: shop,
    secrets: () => undefined,
    world,
    credentials,
    onReauthorize: assert.fail,
  });
  const start = (): Listing => {
    const listing = new Listing({
      from: shop.items,
      intervals: { pollEveryMs: MINUTE, everythingEveryMs: DAY },
      store,
      source,
      world,
      plants: NO_PLANTS,
      wakeSyncs: () => undefined,
      report: (reason) => reports.push(reason),
      onIdle: () => undefined,
      ...(reader === undefined ? {} : { reader }),
    });
    listing.start();
    return listing;
  };
  t.after(() => opened.close());
  const put = (count: number): void => {
    for (let id = 0; id < count; id += 1) there.set(keyOf(id), { id: keyOf(id), name: `item ${id}` });
  };
  /** The time that is told is earlier from now on; what waits goes on waiting as long. */
  const setBack = (ms: number): void => {
    backMs += ms;
  };
  const everything = () => store.scan("shop/items", "everything");
  return { clock: virtual, store, there, troubles, asked, reports, start, put, setBack, everything };
}

export const keyOf = (number: number): string => String(number).padStart(4, "0");

// The clock is set back while everything is being listed: what the listing shows after that is there, and not absent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCredentials } from "../auth/credentials.ts";
import { vaultOf } from "../auth/vault.ts";
import { createCaller } from "../call/caller.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import type { Page } from "../define/resource.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { NO_PLANTS } from "../world/plant.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import type { Clock } from "../world/world.ts";
import { Listing } from "./listing.ts";

const SHOP = "https://shop.example";
interface Item {
  readonly id: string;
}
const keyOf = (number: number): string => String(number).padStart(4, "0");

for (const isReadable of [false, true]) {
  test(`what is listed after the clock was set back is not taken for absent (readable: ${isReadable})`, async () => {
    const items = defineResource<Item>({
      name: "items",
      schema: z.object({ id: z.string() }),
      key: ({ id }) => id,
      ...(isReadable ? { read: { keysMax: 10, records: async () => [] } } : {}),
      everything: {
        page: async (api, { cursor }) =>
          (await api.request({ method: "GET", path: "/items", query: { cursor } })).json as Page<Item>,
      },
    });
    const shop = defineConnector({
      name: "shop",
      title: "Shop",
      settings: z.object({}),
      baseUrl: () => SHOP,
      auth: { kind: "none" },
      limits: [],
      resources: { items },
    }).connect("shop", {});
    const virtual = new VirtualClock();
    let back = 0;
    const clock: Clock = { now: () => virtual.now() - back, timer: (delayMs, wake) => virtual.timer(delayMs, wake) };
    const all = Array.from({ length: 20 }, (_, index) => ({ id: keyOf(index) }));
    const handler = async (request: Request): Promise<Response> => {
      await new Promise<void>((go) => virtual.timer(1_000, go));
      const after = new URL(request.url).searchParams.get("cursor") ?? "";
      const rest = all.filter(({ id }) => id > after);
      const records = rest.slice(0, 2);
      return Response.json({ records, ...(records.length < rest.length ? { next: records.at(-1)?.id } : {}) });
    };
    const world = { clock, random: new SeededRandom(1), network: inProcessNetwork(new Map([[SHOP, handler]]), clock) };
    const store = await openSqliteStore({ path: ":memory:", thread: false });
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
    const reports: string[] = [];
    const listing = new Listing({
      from: shop.items,
      intervals: { pollEveryMs: 60_000, everythingEveryMs: 86_400_000 },
      store,
      source,
      world,
      plants: NO_PLANTS,
      wakeSyncs: () => undefined,
      report: (reason) => reports.push(reason),
      onIdle: () => undefined,
    });
    listing.start();
    await virtual.advance(5_500);
    back = 3_600_000;
    await virtual.advance(60_000);
    await listing.stop();
    const states = await Promise.all(all.map(async ({ id }) => store.record("shop/items", id)));
    await store.close();
    assert.deepEqual(reports, []);
    const gone = states.filter((state) => state?.deleted).length;
    const doubted = states.filter((state) => (state?.stale ?? 0) > 0).length;
    assert.deepEqual({ gone, doubted }, { gone: 0, doubted: 0 });
  });
}

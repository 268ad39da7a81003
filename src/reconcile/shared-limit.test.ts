// One account's budget, a backfill of one sync and an edit of another: the edit goes before what is left of the backfill.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCredentials } from "../auth/credentials.ts";
import { vaultOf } from "../auth/vault.ts";
import { createCaller } from "../call/caller.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import type { Limit } from "../define/connector.ts";
import { defineSync } from "../define/define-sync.ts";
import { seenRecord } from "../observe/seen-record.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Priority } from "../store/store.ts";
import { NO_PLANTS } from "../world/plant.ts";
import { inProcessNetwork, type FetchHandler } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { Reconciler } from "./reconciler.ts";

const [SOURCE, TARGET] = ["https://source.example", "https://target.example"];
interface Order {
  readonly id: string;
  readonly note: string;
}
const schema = z.object({ id: z.string(), note: z.string() });
const source = (name: string) =>
  defineResource<Order>({ name, schema, key: ({ id }) => id, read: { keysMax: 10, records: async () => [] } });
const target = (name: string) =>
  defineResource<Order, { note: string }>({
    name,
    schema,
    key: ({ id }) => id,
    write: {
      fields: z.object({ note: z.string() }),
      safety: { kind: "upsert" },
      create: async (api, { fields }) => ({
        key: ((await api.request({ method: "POST", path: `/${name}`, body: fields })).json as Order).id,
      }),
    },
  });
const anybody = { settings: z.object({}), auth: { kind: "none" } } as const;

const LIMITS: Record<string, Limit> = {
  "10 a minute": { kind: "rate", name: "calls", count: 10, perMs: 60_000, every: true },
  "200 a day": { kind: "quota", name: "calls", count: 200, day: "rolling", every: true },
  "100 in ten minutes": { kind: "rate", name: "calls", count: 100, perMs: 600_000, every: true },
};
for (const [words, limit] of Object.entries(LIMITS))
  for (const urgent of ["live", "person"] as const)
    test(`what is ${urgent === "live" ? "live" : "asked for by a person"} of one sync goes before another's backfill: ${words}`, async () => {
      const shop = defineConnector({
        ...anybody,
        limits: [],
        name: "shop",
        title: "Shop",
        baseUrl: () => SOURCE!,
        resources: { a: source("a"), b: source("b") },
      }).connect("shop", {});
      const books = defineConnector({
        ...anybody,
        limits: [limit],
        name: "books",
        title: "Books",
        baseUrl: () => TARGET!,
        resources: { x: target("x"), y: target("y") },
      }).connect("books", {});
      const common = {
        purpose: "A note goes over.",
        freshWithin: "1m",
        map: ({ field }: any) => ({ note: field((order: Order) => order.note) }),
        onDelete: "keep",
      } as const;
      const syncs = [
        defineSync({ ...common, name: "backfill", from: shop.a, to: books.x } as never),
        defineSync({ ...common, name: "live", from: shop.b, to: books.y } as never),
      ] as any[];
      const clock = new VirtualClock();
      const random = new SeededRandom(1);
      const made: string[] = [];
      const network = inProcessNetwork(
        new Map<string, FetchHandler>([
          [SOURCE!, async () => Response.json({})],
          [
            TARGET!,
            async (request) => {
              const { note } = (await request.json()) as Order;
              made.push(note);
              return Response.json({ id: note });
            },
          ],
        ]),
        clock,
      );
      const store = await openSqliteStore({ path: ":memory:", thread: false });
      await store.declare({
        connections: ["shop", "books"],
        resources: ["shop/a", "shop/b", "books/x", "books/y"],
        syncs: syncs.map(({ name, from, to }) => ({ name, from: from.id, to: to.id })),
      });
      const world = { clock, random, network };
      const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), clock, random, network });
      const caller = (connection: unknown) =>
        createCaller({
          connection: connection as never,
          secrets: () => undefined,
          world,
          credentials,
          onReauthorize: assert.fail,
        });
      const [from, to] = [caller(shop), caller(books)];
      const all = new Map<string, Reconciler>();
      const wakeSyncs = (names: readonly string[]): void => names.forEach((name) => all.get(name)?.wake());
      for (const sync of syncs)
        all.set(
          sync.name,
          new Reconciler({
            sync,
            store,
            source: from,
            target: to,
            world,
            plants: NO_PLANTS,
            wakeSyncs,
            report: () => {},
            onIdle: () => {},
          }),
        );
      for (const one of all.values()) one.start();
      const noted = async (resource: string, ids: readonly string[], how: Priority) => {
        const common = {
          resource,
          cause: how === "live" ? "webhook" : how === "person" ? "person" : "scan",
          priority: how,
          at: clock.now(),
        } as const;
        wakeSyncs(
          (
            await store.observe({
              observations: ids.map((id) => ({
                ...common,
                key: id,
                ...seenRecord({ name: "x" } as never, { id, note: id }),
              })),
            })
          ).syncs,
        );
      };
      await noted(
        "shop/a",
        Array.from({ length: 1_500 }, (_, index) => `old ${index}`),
        "backfill",
      );
      for (let second = 0; second < 100; second += 1) await clock.advance(1_000);
      await noted("shop/b", ["edit"], urgent);
      const before = made.length;
      const noteAt = clock.now();
      // Five windows.
      const stepMs = limit.kind === "quota" ? 60_000 : 1_000;
      const windowMs = limit.kind === "rate" ? limit.perMs : 86_400_000;
      while (clock.now() < noteAt + 5 * windowMs && !made.includes("edit")) await clock.advance(stepMs);
      const waitedMs = clock.now() - noteAt;
      const after = made.length - before;
      const isThere = made.includes("edit");
      const stopped = Promise.all([...all.values()].map((one) => one.stop()));
      for (let second = 0; second < 60; second += 1) await clock.advance(1_000);
      await stopped;
      await store.close();
      // When there is room again it goes, before or among the first of what is left of the backfill.
      assert.ok(
        isThere && waitedMs <= 1.1 * windowMs,
        `${after} others were written before it${isThere ? "" : ", and it was not"}, within ${waitedMs / 60_000} minutes`,
      );
    });

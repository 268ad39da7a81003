// One account's budget, a backfill of one sync and an edit of another: the edit goes before what is left of the backfill.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Limit } from "../define/connector.ts";
import { defineSync } from "../define/define-sync.ts";
import { seenRecord } from "../observe/seen-record.ts";
import type { Cause, Priority } from "../store/store.ts";
import { accounts, NOTE_SYNC, notesOf, noteWorld, ordersOf, type Order } from "../testing/note-world.ts";

const written = (name: string) =>
  notesOf(name, {
    create: async (api, { fields }) => {
      const { json } = await api.request({ method: "POST", path: `/${name}`, body: fields });
      return { key: (json as Order).id };
    },
  });

const BACKFILLED = 1_500;
const LIMITS: Record<string, { readonly limit: Limit; readonly windowMs: number }> = {
  "10 a minute": { limit: { kind: "rate", name: "calls", count: 10, perMs: 60_000, every: true }, windowMs: 60_000 },
  "200 a day": {
    limit: { kind: "quota", name: "calls", count: 200, day: "rolling", every: true },
    windowMs: 86_400_000,
  },
  "100 in ten minutes": {
    limit: { kind: "rate", name: "calls", count: 100, perMs: 600_000, every: true },
    windowMs: 600_000,
  },
};
const CAUSES: Partial<Record<Priority, Cause>> = { live: "webhook", person: "person" };

for (const [words, { limit, windowMs }] of Object.entries(LIMITS)) {
  for (const urgent of ["live", "person"] as const) {
    test(`an edit of one sync (${urgent}) goes before another's backfill: ${words}`, async () => {
      const from = { a: ordersOf({ name: "a" }), b: ordersOf({ name: "b" }) };
      const { shop, books } = accounts(from, { x: written("x"), y: written("y") }, [limit]);
      const syncs = [
        defineSync({
          ...NOTE_SYNC,
          name: "backfill",
          from: shop.a,
          to: books.x,
          map: ({ field }) => ({ note: field((order) => order.note) }),
        }),
        defineSync({
          ...NOTE_SYNC,
          name: "edits",
          from: shop.b,
          to: books.y,
          map: ({ field }) => ({ note: field((order) => order.note) }),
        }),
      ];
      const made: string[] = [];
      await using world = await noteWorld({
        accounts: { shop, books },
        syncs,
        source: async () => Response.json({}),
        target: async (request) => {
          const { note } = (await request.json()) as Order;
          made.push(note);
          return Response.json({ id: note });
        },
      });
      const { virtual } = world;
      const observe = (resource: "a" | "b", ids: readonly string[], priority: Priority): Promise<void> => {
        const told = { resource: `shop/${resource}`, cause: CAUSES[priority] ?? "scan", priority, at: virtual.now() };
        return world.observe(ids.map((id) => ({ ...told, key: id, ...seenRecord(from[resource], { id, note: id }) })));
      };
      const stop = world.begin();
      const old = Array.from({ length: BACKFILLED }, (_, index) => `old ${index}`);
      await observe("a", old, "backfill");
      for (let second = 0; second < 100; second += 1) await virtual.advance(1_000);
      await observe("b", ["edit"], urgent);
      const notedAt = virtual.now();
      const stepMs = limit.kind === "quota" ? 60_000 : 1_000;
      while (virtual.now() < notedAt + 1.1 * windowMs && !made.includes("edit")) await virtual.advance(stepMs);
      await stop();
      assert(made.includes("edit"), `${made.length} of ${BACKFILLED} others were written, and not the edit`);
    });
  }
}

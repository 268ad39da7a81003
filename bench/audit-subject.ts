// What an audit costs beside listing alone: both sides read by the same connectors, calls and pages, nothing kept; then the audit
// of the same records, none of which changed. The links are made beforehand.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createCaller, type Caller } from "../src/call/caller.ts";
import type { ConnectionBase } from "../src/define/connector.ts";
import { defineConnector, defineResource } from "../src/define/define-connector.ts";
import { networksOfAll } from "../src/define/private-addresses.ts";
import { silent } from "../src/log.ts";
import { seenRecord } from "../src/observe/seen-record.ts";
import { openSqliteStore } from "../src/store/sqlite/open.ts";
import type { Observation, Settlement, Store } from "../src/store/store.ts";
import { AuditCalls } from "../src/watch/audit/calls.ts";
import { auditedOneWay, Audits } from "../src/watch/audit/audits.ts";
import { SideRecords } from "../src/watch/audit/records.ts";
import { realWorld } from "../src/world/real.ts";
import { benchSource, orderPage } from "./connector.ts";
import { invoiceOf, type Invoice } from "./invoice.ts";
import type { Order } from "./order.ts";
import { invoiceShape, orderShape } from "./shapes.ts";
import { runSubject } from "./subject.ts";
import { ordersToInvoices } from "./sync.ts";
import { z } from "zod";

interface Settings {
  readonly folder: string;
  readonly sourceUrl: string;
  readonly targetUrl: string;
}

const SYNC = "orders-to-invoices";
const LOOK_EVERY_MS = 20;

/** The target: its records show what an invoice made of the same order shows. */
const invoices = defineConnector({
  name: "benchinvoices",
  title: "Bench invoices",
  settings: z.object({ baseUrl: z.string() }),
  baseUrl: ({ baseUrl }) => baseUrl,
  auth: { kind: "none" },
  limits: [],
  resources: {
    invoices: defineResource<Order, Invoice>({
      name: "invoices",
      schema: orderShape,
      key: ({ id }) => id,
      everything: { page: (api, { cursor }) => orderPage(api, cursor) },
      write: {
        fields: invoiceShape,
        safety: { kind: "none" },
        create: () => Promise.reject(new Error("could not write an invoice: the bench of audits only reads")),
        fieldsOf: invoiceOf,
      },
    }),
  },
});

await runSubject(async ({ folder, sourceUrl, targetUrl }: Settings) => {
  mkdirSync(folder, { recursive: true });
  const real = realWorld();
  const network = real.network.within?.(networksOfAll(["loopback"])) ?? real.network;
  const world = { ...real, network };
  const store = await openSqliteStore({ path: join(folder, "bowline.db") });
  const from = benchSource.connect("source", { baseUrl: sourceUrl, secret: "not used here" });
  const to = invoices.connect("target", { baseUrl: targetUrl });
  const sync = ordersToInvoices(from.orders, to.invoices);
  await store.declare({
    connections: ["source", "target"],
    resources: [sync.from.id, sync.to.id],
    syncs: [{ name: SYNC, from: sync.from.id, to: sync.to.id }],
  });
  const callerOf = (connection: ConnectionBase<any, any>): Caller =>
    createCaller({
      connection,
      secrets: () => undefined,
      world,
      credentials: {
        accessToken: () => Promise.reject(new Error("nobody signs in here")),
        refused: () => undefined,
        replaceRefreshToken: () => Promise.reject(new Error("nobody signs in here")),
      },
      onReauthorize: () => undefined,
    });
  const [source, target] = [callerOf(from), callerOf(to)];
  const audits = new Audits({
    store,
    world,
    wakeSyncs: () => undefined,
    onIdle: () => undefined,
    log: silent,
    audited: new Map([[SYNC, auditedOneWay(sync, source, target)]]),
  });

  async function listed(each: (records: readonly unknown[]) => Promise<void>, sides = [from.orders, to.invoices]) {
    let records = 0;
    for (const side of sides) {
      const calls = new AuditCalls(world, SYNC);
      const reading = new SideRecords(side as never, side.connectionName === "source" ? source : target, calls);
      for (let cursor: string | undefined; ;) {
        const page = await reading.page(cursor);
        calls.takeEntries();
        records += page.records.length;
        await each(page.records);
        if (page.next === undefined) break;
        cursor = page.next;
      }
    }
    return records;
  }

  async function audited(): Promise<number> {
    const { id } = await audits.ask(SYNC, {});
    for (;;) {
      const [view] = await audits.view({ id, limit: 1 });
      if (view?.state === "done" && view.result?.verdict === "agree") return view.counts.source + view.counts.target;
      if (view?.state !== "running") throw new Error(`could not audit: ${view?.result?.summary}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  const timed = async (work: () => Promise<number>): Promise<object> => {
    const began = process.hrtime.bigint();
    const before = process.cpuUsage();
    const records = await work();
    const { user, system } = process.cpuUsage(before);
    return { records, seconds: Number(process.hrtime.bigint() - began) / 1e9, cpuSeconds: (user + system) / 1e6 };
  };
  return {
    ready: {},
    command: (name) => {
      if (name === "link")
        return timed(() => listed((records) => agree(store, records as readonly Order[]), [from.orders]));
      return timed(name === "list" ? () => listed(async () => {}) : audited);
    },
    stop: async () => {
      await audits.stop();
      await store.close();
      await real.close();
      return {};
    },
  };
});

/** As if each order had been written as its invoice. */
async function agree(store: Store, orders: readonly Order[]): Promise<void> {
  const at = Date.now();
  const observations = orders.map((order): Observation => ({
    resource: "source/orders",
    key: order.id,
    cause: "scan",
    priority: "backfill",
    at,
    ...seenRecord(benchSource.resources.orders, order),
  }));
  const { claimed } = await store.observe({ observations, claim: [{ sync: SYNC, limit: orders.length }] });
  const byKey = new Map(orders.map((order) => [order.id, order]));
  await store.settle(
    claimed.map(({ key, seq, record }): Settlement => ({
      sync: SYNC,
      key,
      seq,
      at,
      to: "cleared",
      why: "confirmed",
      action: "create",
      link: {
        targetKey: key,
        base: JSON.stringify(invoiceOf(byKey.get(key) as Order)),
        recordHash: record?.hash ?? "",
      },
    })),
  );
}

// W3's limit: a plain loop that reads pages, skips what it remembers as equal, maps, posts 16 at a time and remembers each
// in SQLite, one commit a page. Run a second time it finds nothing changed. `remember: false` keeps nothing at all.
import { hash } from "node:crypto";
import { join } from "node:path";
import { invoiceOf } from "../invoice.ts";
import type { Order } from "../order.ts";
import { runSubject } from "../subject.ts";
import { openDatabase } from "./group-commit.ts";
import { pagesOf } from "./page-reader.ts";
import { Poster } from "./poster.ts";

export interface BackfillSettings {
  readonly folder: string;
  readonly sourceUrl: string;
  readonly targetUrl: string;
  readonly concurrency: number;
}

await runSubject(async ({ folder, sourceUrl, targetUrl, concurrency }: BackfillSettings) => {
  const database = openDatabase(join(folder, "limit-backfill.db"));
  database.exec(
    "create table if not exists records (key text primary key, hash text not null, target text) without rowid",
  );
  const known = database.prepare("select hash from records where key = ?");
  const remember = database.prepare(
    "insert into records (key, hash, target) values (?, ?, ?) on conflict do update set hash = excluded.hash",
  );
  const poster = new Poster(targetUrl, concurrency);

  /** Writes what differs, `concurrency` at a time, and remembers it. Says how many were written. */
  async function writePage(orders: readonly Order[]): Promise<number> {
    const changed: { readonly order: Order; readonly digest: string }[] = [];
    for (const order of orders) {
      const digest = hash("sha256", JSON.stringify(order), "base64");
      if ((known.get(order.id) as { hash: string } | undefined)?.hash !== digest) changed.push({ order, digest });
    }
    if (changed.length === 0) return 0;
    const written: [string, string, string][] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let item = changed[next++]; item !== undefined; item = changed[next++]) {
        written.push([item.order.id, item.digest, await poster.post(item.order.id, invoiceOf(item.order))]);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    database.exec("begin immediate");
    for (const row of written) remember.run(...row);
    database.exec("commit");
    return written.length;
  }

  return {
    ready: {},
    command: async () => {
      const began = process.hrtime.bigint();
      let records = 0;
      let written = 0;
      for await (const orders of pagesOf(sourceUrl)) {
        written += await writePage(orders);
        records += orders.length;
      }
      return { records, written, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
    },
    stop: async () => {
      await poster.close();
      database.close();
      return {};
    },
  };
});

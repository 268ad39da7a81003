// W2's limit: the receiver of W1, and in the same process each event parsed, mapped in plain TypeScript, posted with an
// idempotency key, and marked done in SQLite by group commit. Keeps no order per record, no link, no base and no log.
import { join } from "node:path";
import { invoiceOf } from "../invoice.ts";
import type { Order } from "../order.ts";
import { runSubject } from "../subject.ts";
import { GroupCommit, openDatabase } from "./group-commit.ts";
import { Poster } from "./poster.ts";
import { keepIn, startReceiver } from "./receiver.ts";

export interface DeliverSettings {
  readonly folder: string;
  readonly secret: string;
  readonly targetUrl: string;
  readonly concurrency: number;
}

await runSubject(async ({ folder, secret, targetUrl, concurrency }: DeliverSettings) => {
  const database = openDatabase(join(folder, "limit-deliver.db"));
  const commits = new GroupCommit(database);
  const poster = new Poster(targetUrl, concurrency);
  const queue: { readonly row: number; readonly event: string; readonly body: Buffer }[] = [];
  let workers = 0;

  const work = async (): Promise<void> => {
    workers += 1;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { row, event, body } = next;
      const id = await poster.post(event, invoiceOf(JSON.parse(body.toString()) as Order));
      commits.add(
        () => markDone.run(id, row),
        () => {},
      );
    }
    workers -= 1;
  };
  const keep = keepIn(database, commits, (row, event, body) => {
    queue.push({ row, event, body });
    if (workers < concurrency) void work();
  });
  const markDone = database.prepare("update arrivals set target = ? where id = ?");

  // What a crash left behind is delivered first.
  for (const left of database.prepare("select id as row, event, body from arrivals where target is null").iterate()) {
    queue.push(left as never);
  }
  while (workers < Math.min(concurrency, queue.length)) void work();

  const receiver = await startReceiver({ secret, keep });
  return {
    ready: { port: receiver.port },
    stop: async () => {
      receiver.close();
      await poster.close();
      const { undone } = database.prepare("select count(*) as undone from arrivals where target is null").get() as {
        undone: number;
      };
      database.close();
      return { undone };
    },
  };
});

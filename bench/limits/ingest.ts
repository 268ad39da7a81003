// W1's limit: node:http, the HMAC check, dedupe by event id and node:sqlite (WAL, synchronous=FULL) by group commit, then
// 200. `steps` leaves parts out, to show where the time goes.
import { join } from "node:path";
import { runSubject } from "../subject.ts";
import { GroupCommit, openDatabase } from "./group-commit.ts";
import { keepIn, startReceiver } from "./receiver.ts";

export interface IngestSettings {
  readonly folder: string;
  readonly secret: string;
  readonly steps: "answer" | "verify" | "keep";
}

await runSubject(async ({ folder, secret, steps }: IngestSettings) => {
  if (steps !== "keep") {
    const receiver = await startReceiver(steps === "verify" ? { secret } : {});
    return { ready: { port: receiver.port }, stop: async () => (receiver.close(), {}) };
  }
  const database = openDatabase(join(folder, "limit-ingest.db"));
  const receiver = await startReceiver({ secret, keep: keepIn(database, new GroupCommit(database)) });
  return {
    ready: { port: receiver.port },
    stop: async () => {
      receiver.close();
      const { count } = database.prepare("select count(*) as count from arrivals").get() as { count: number };
      database.close();
      return { stored: count };
    },
  };
});

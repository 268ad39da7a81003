// Bowline under the bench: the engine as people run it, with a link, a base, an intent before each write and a request log
// for every record. Only its answers to the bench are special.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, env } from "../src/index.ts";
import { openEngine } from "../src/engine.ts";
import { benchSource, benchTarget, benchWebhooks } from "./connector.ts";
import { runSubject } from "./subject.ts";
import { ordersToInvoices } from "./sync.ts";

interface Settings {
  readonly work: "ingest" | "deliver" | "backfill";
  readonly folder: string;
  readonly secret: string;
  readonly sourceUrl?: string;
  readonly targetUrl?: string;
  readonly concurrency?: number;
}

const NOWHERE = "http://127.0.0.1:9";

await runSubject(
  async ({ work, folder, secret, sourceUrl = NOWHERE, targetUrl = NOWHERE, concurrency = 64 }: Settings) => {
    mkdirSync(folder, { recursive: true });
    const connector = work === "backfill" ? benchSource : benchWebhooks;
    const source = connector.connect("source", { baseUrl: sourceUrl, secret: env("BENCH_SECRET") });
    const target = benchTarget.connect("target", { baseUrl: targetUrl, concurrency });
    const engine = await openEngine({
      project: defineConfig({
        name: "bench",
        connections: [source, target],
        syncs: work === "ingest" ? [] : [ordersToInvoices(source.orders, target.invoices)],
        data: join(folder, "bowline.db"),
        network: { privateAddresses: ["loopback"] },
      }),
      environment: { BENCH_SECRET: secret },
      port: 0,
      log: (level, message, facts) => {
        if (level !== "info") process.stderr.write(`${level} ${message} ${JSON.stringify(facts ?? {})}\n`);
      },
    });
    await engine.start();

    return {
      ready: { port: Number(new URL(engine.url ?? "").port) },
      // The first listing began with the start; a further one is asked for.
      command: timed(engine),
      stop: async () => {
        const { tallies } = await engine.control.status();
        await engine.stop();
        return { stored: tallies["webhook.new"] ?? 0 };
      },
    };
  },
);

function timed(engine: Awaited<ReturnType<typeof openEngine>>): () => Promise<object> {
  let runs = 0;
  return async () => {
    const began = process.hrtime.bigint();
    runs += 1;
    if (runs > 1) await engine.control.sync("orders-to-invoices", { full: false });
    await engine.quiet();
    const { read } = await engine.control.progress("orders-to-invoices");
    return { records: read, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
  };
}

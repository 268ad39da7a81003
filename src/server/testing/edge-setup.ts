// An edge behind a real server for the tests, with a clock that stands still and every arrival kept in memory.
import type { Agent } from "node:http";
import type { TestContext } from "node:test";
import type { NewArrival } from "../../store/store.ts";
import { VirtualClock } from "../../world/virtual.ts";
import { createEdge, type Edge, type EdgeOptions } from "../edge.ts";
import { createServer, type BowlineServer, type ServerLimits } from "../server.ts";
import { ask, type Reply } from "./http.ts";
import { signedHeaders, signedWebhook } from "./signed-webhook.ts";

export const ORDER = JSON.stringify({ id: 1, name: "#1001", note: null });

export interface EdgeSetup {
  readonly clock: VirtualClock;
  readonly edge: Edge;
  readonly server: BowlineServer;
  readonly url: string;
  readonly port: number;
  readonly arrivals: NewArrival[];
  readonly refused: string[];
}

export async function setup(
  t: TestContext,
  options: Partial<EdgeOptions> = {},
  serverLimits: Partial<ServerLimits> = {},
): Promise<EdgeSetup> {
  const clock = new VirtualClock();
  const arrivals: NewArrival[] = [];
  const refused: string[] = [];
  const seen = new Set<string>();
  const ingest = async (batch: readonly NewArrival[]): Promise<readonly ("new" | "seen")[]> =>
    batch.map((arrival) => {
      if (seen.has(arrival.dedupeId)) return "seen";
      seen.add(arrival.dedupeId);
      arrivals.push(arrival);
      return "new";
    });
  const edge = createEdge({
    connections: new Map([["shop", { webhook: signedWebhook, secrets: () => ["old", "new"] }]]),
    ingest,
    clock,
    onArrival: () => undefined,
    onRefused: (_connection, reason) => refused.push(reason),
    ...options,
  });
  const api = { fetch: () => new Response("not here", { status: 404 }) };
  const server = createServer({ port: 0, edge, api, clock, limits: serverLimits });
  const { url, port } = await server.start();
  t.after(() => server.stop());
  return { clock, edge, server, url, port, arrivals, refused };
}

export interface Delivered {
  readonly secret?: string;
  readonly body?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly agent?: Agent;
}

/** Sends one delivery, signed unless its headers are given. */
export function deliver(
  url: string,
  clock: VirtualClock,
  { secret = "new", body = ORDER, path = "/hooks/shop", headers, agent }: Delivered = {},
): Promise<Reply> {
  const signed = headers ?? signedHeaders(secret, clock.now(), body);
  return ask(url + path, { method: "POST", headers: signed, body, ...(agent === undefined ? {} : { agent }) });
}

/** Lets everything that can go on go on. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

// The fake system that is written to, as `native/target.c`, for machines without a C compiler.
import type { IncomingMessage, ServerResponse } from "node:http";
import { SeededRandom } from "../../src/world/virtual.ts";
import { flagNumber } from "./flags.ts";
import { answer, serve } from "./serve.ts";

const latencyMs = flagNumber("--latency-ms", 0);
const errorShare = flagNumber("--error-share", 0);
const throttleEvery = flagNumber("--throttle-every", 0);
const random = new SeededRandom(flagNumber("--seed", 1));

const noCounts = {
  posts: 0,
  puts: 0,
  invoices: 0,
  repeats: 0,
  orders: 0,
  duplicates: 0,
  keyless: 0,
  errorsBefore: 0,
  errorsAfter: 0,
  throttled: 0,
};
let counts = { ...noCounts };
const invoices = new Map<string, number>();
let receives: bigint[] = [];
let lastNs = 0n;

function noteOrder(body: string): void {
  const number = Number(/"DocNumber":"#(\d+)/.exec(body)?.[1] ?? -1);
  if (number < 0) return;
  lastNs = process.hrtime.bigint();
  if (receives[number] !== undefined) {
    counts.duplicates += 1;
    return;
  }
  counts.orders += 1;
  receives[number] = lastNs;
}

function takeInvoice(key: string | undefined, body: string): number {
  const known = key === undefined ? undefined : invoices.get(key);
  if (known !== undefined) {
    counts.repeats += 1;
    return known;
  }
  counts.invoices += 1;
  if (key === undefined) counts.keyless += 1;
  else invoices.set(key, counts.invoices);
  noteOrder(body);
  return counts.invoices;
}

function post(incoming: IncomingMessage, body: string, outgoing: ServerResponse): void {
  counts.posts += 1;
  if (throttleEvery > 0 && counts.posts % throttleEvery === 0) {
    counts.throttled += 1;
    answer(outgoing, 429, "{}", { "retry-after": "1" });
    return;
  }
  const fate = errorShare > 0 ? random.next() : 1;
  const isBefore = fate < errorShare / 2;
  const isAfter = !isBefore && fate < errorShare;
  if (isBefore) counts.errorsBefore += 1;
  if (isAfter) counts.errorsAfter += 1;
  const id = isBefore ? 0 : takeInvoice(incoming.headers["idempotency-key"] as string | undefined, body);
  const status = isBefore || isAfter ? 500 : 200;
  later(() => answer(outgoing, status, status === 200 ? `{"id":"${id}"}` : `{"error":"injected"}`));
}

function later(then: () => void): void {
  if (latencyMs > 0) setTimeout(then, latencyMs);
  else then();
}

function receivesAsBytes(): Buffer {
  const bytes = Buffer.alloc(receives.length * 8);
  receives.forEach((at, number) => bytes.writeBigInt64LE(at, number * 8));
  return bytes;
}

serve((incoming, body, outgoing) => {
  const path = incoming.url ?? "";
  if (incoming.method === "PUT") {
    counts.puts += 1;
    later(() => answer(outgoing, 200, `{"id":"${path.slice(path.lastIndexOf("/") + 1)}"}`));
  } else if (path === "/reset") {
    counts = { ...noCounts };
    invoices.clear();
    receives = [];
    lastNs = 0n;
    answer(outgoing, 200, "{}");
  } else if (incoming.method === "POST") {
    post(incoming, body, outgoing);
  } else if (path === "/receives") {
    answer(outgoing, 200, receivesAsBytes());
  } else {
    const { user, system } = process.cpuUsage();
    answer(outgoing, 200, JSON.stringify({ ...counts, lastNs: String(lastNs), cpuSeconds: (user + system) / 1e6 }));
  }
});

// The load generator, as `native/load.c`, for machines without a C compiler. Speaks HTTP over bare sockets, because
// Node's own client would cost more than what it measures.
import { writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { orderText } from "../order.ts";
import { EVENT_HEADER, SIGNATURE_HEADER, sign } from "../signature.ts";
import { flag, flagNumber } from "./flags.ts";

const port = flagNumber("--port", 0);
const events = flagNumber("--events", 40_000);
const from = flagNumber("--from", 0);
const rate = flagNumber("--rate", 0);
const get = flag("--get", "");
const logPath = flag("--log", "");

const sentNs = new BigInt64Array(events);
const answeredNs = new BigInt64Array(events);
const requests = Array.from({ length: events }, (_nothing, at) => prepare(from + at));
let next = 0;
let ended = 0;
let ok = 0;
let reconnects = 0;
let beganNs = 0n;
const finished = Promise.withResolvers<void>();

function prepare(number: number): Buffer {
  if (get !== "") return Buffer.from(`GET ${get} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  const body = orderText(number);
  const head = [
    `POST ${flag("--path", "/hooks/source")} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `${EVENT_HEADER}: event-${String(number).padStart(8, "0")}`,
    `${SIGNATURE_HEADER}: ${sign(body, flag("--secret", "secret"))}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** The answer's whole length, or 0 when it is not all there yet. */
function answerLength(bytes: Buffer): number {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return 0;
  const headers = bytes.toString("latin1", 0, head).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(headers)?.[1];
  if (length !== undefined) return bytes.length >= head + 4 + Number(length) ? head + 4 + Number(length) : 0;
  if (!headers.includes("\r\ntransfer-encoding:")) return head + 4;
  const end = bytes.indexOf("\r\n0\r\n\r\n", head + 2);
  return end < 0 ? 0 : end + 7;
}

/** One connection: sends an event, waits for its answer, sends the next that is due. */
class Sender {
  #socket: Socket;
  #event = -1;
  #bytes: Buffer = Buffer.alloc(0);

  constructor() {
    this.#socket = this.#connect();
  }

  get isFree(): boolean {
    return this.#event < 0;
  }

  send(): void {
    this.#event = next++;
    sentNs[this.#event] = process.hrtime.bigint();
    this.#socket.write(requests[this.#event]!);
  }

  close(): void {
    this.#socket.destroy();
  }

  #connect(): Socket {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (ended === events) return;
      reconnects += 1;
      this.#bytes = Buffer.alloc(0);
      this.#socket = this.#connect();
      if (this.#event >= 0) this.#end(false);
    });
    return socket;
  }

  #take(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const length = answerLength(this.#bytes);
    if (length === 0) return;
    const isOk = this.#bytes[9] === 50; // "2" of "HTTP/1.1 200"
    this.#bytes = this.#bytes.subarray(length);
    this.#end(isOk);
  }

  #end(isOk: boolean): void {
    if (isOk) {
      ok += 1;
      answeredNs[this.#event] = process.hrtime.bigint();
    }
    this.#event = -1;
    ended += 1;
    if (ended === events) finished.resolve();
    else if (rate === 0 && next < events) this.send();
  }
}

function sendDue(senders: readonly Sender[]): void {
  const due = Number(process.hrtime.bigint() - beganNs) / 1e9;
  for (const sender of senders) {
    if (next >= events || next / rate > due) break;
    if (sender.isFree) sender.send();
  }
  if (next < events) setTimeout(() => sendDue(senders), Math.max(0, next / rate - due) * 1000);
}

const senders = Array.from({ length: flagNumber("--connections", 64) }, () => new Sender());
const before = process.cpuUsage();
beganNs = process.hrtime.bigint();
if (rate > 0) sendDue(senders);
else for (const sender of senders) if (next < events) sender.send();
await finished.promise;
for (const sender of senders) sender.close();

const used = process.cpuUsage(before);
const lastNs = answeredNs.reduce((last, at) => (at > last ? at : last), beganNs);
const latencies = Float64Array.from(sentNs, (sent, at) => Number(answeredNs[at]! - sent) / 1e6)
  .filter((ms) => ms >= 0)
  .toSorted();
const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
const seconds = Number(lastNs - beganNs) / 1e9;
process.stdout.write(
  `${JSON.stringify({
    events,
    ok,
    failed: events - ok,
    reconnects,
    seconds,
    rate: seconds > 0 ? ok / seconds : 0,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    cpuSeconds: (used.user + used.system) / 1e6,
    beganNs: String(beganNs),
  })}\n`,
);
if (logPath !== "") {
  const pairs = new BigInt64Array(events * 2);
  for (let event = 0; event < events; event += 1) pairs.set([sentNs[event]!, answeredNs[event]!], event * 2);
  writeFileSync(logPath, new Uint8Array(pairs.buffer));
}

// HTTP over undici: one pool of kept-alive connections an origin, no redirects, a limit on every time and size. It talks
// to undici's dispatcher itself, because a stream an answer would double what a call costs.
import type { lookup } from "node:dns";
import { Readable } from "node:stream";
import { Pool, util, type Dispatcher } from "undici";
import { checkOrigin, publicAnd, type Addresses, type Subnet } from "./public-address.ts";
import { decompress } from "./decompress.ts";
import { guardedConnector } from "./guarded-connector.ts";
import { requestFailure } from "./wire-failure.ts";
import { WireFailure, type Network, type WireCertificate, type WireRequest, type WireResponse } from "./world.ts";

export interface HttpNetworkOptions {
  /** The most connections to one origin at a time; further calls wait for one. Default 64. */
  readonly connectionsMax?: number;
  /** How long an idle connection is kept, in milliseconds. Default 4,000: shorter than servers keep theirs, because a
   * write on a connection that is just being closed ends `unknown`. */
  readonly keepAliveMs?: number;
  /** The most origins with open pools; the one used longest ago is closed first. Default 1,000. */
  readonly originsMax?: number;
  /** Certificates of authorities to trust besides the well-known ones (PEM). Default: none. */
  readonly ca?: string;
  /** Which addresses may be called, by name or number. Default: any; `within` gives a network that keeps to some. */
  readonly addresses?: Addresses;
  /** How names are resolved where addresses are checked. Default: as the system does. */
  readonly resolve?: typeof lookup;
}

export interface HttpNetwork extends Network {
  within(subnets: readonly Subnet[]): HttpNetwork;
  close(): Promise<void>;
}

export function httpNetwork(options: HttpNetworkOptions = {}): HttpNetwork {
  const { connectionsMax = 64, keepAliveMs = 4_000, originsMax = 1_000, ca, addresses, resolve: resolveName } = options;
  const pools = new Map<string, Pool>();
  const guarded: HttpNetwork[] = [];

  const shown = new WeakMap<WireCertificate, number>();
  let certificates = 0;

  /** Connections that were made with one certificate carry no call of another's. */
  function numberOf(certificate: WireCertificate): number {
    const known = shown.get(certificate);
    if (known !== undefined) return known;
    certificates += 1;
    shown.set(certificate, certificates);
    return certificates;
  }

  function poolOf(origin: string, { timeouts: { connectMs }, certificate }: WireRequest): Pool {
    const name = `${origin} ${connectMs} ${certificate === undefined ? "" : numberOf(certificate)}`;
    const known = pools.get(name);
    if (known !== undefined) return known;
    if (addresses !== undefined) checkOrigin(origin, addresses);
    const connect = { timeout: connectMs, ...(ca === undefined ? {} : { ca }), ...tlsOf(certificate) };
    const guard = resolveName === undefined ? {} : { resolve: resolveName };
    const pool = new Pool(origin, {
      connections: connectionsMax,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: HEADER_BYTES_MAX,
      allowH2: false,
      connect: addresses === undefined ? connect : guardedConnector(connect, { addresses, ...guard }),
    });
    pools.set(name, pool);
    if (pools.size > originsMax) closeOldest(pools);
    return pool;
  }

  return {
    send(request) {
      const pathAt = request.url.indexOf("/", request.url.indexOf("://") + 3);
      const origin = pathAt === -1 ? request.url : request.url.slice(0, pathAt);
      const path = pathAt === -1 ? "/" : request.url.slice(pathAt);
      return new Promise<WireResponse>((resolve, reject) => {
        const exchange = new Exchange(request, resolve, reject);
        try {
          poolOf(origin, request).dispatch(
            {
              path,
              method: request.method,
              headers: headersOf(request),
              body: bodyOf(request.body),
              headersTimeout: request.timeouts.headersMs,
              bodyTimeout: request.timeouts.bodyIdleMs,
            },
            exchange,
          );
        } catch (error) {
          exchange.onError(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
    within(subnets) {
      const network = httpNetwork({ ...options, addresses: publicAnd(subnets) });
      guarded.push(network);
      return network;
    },
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all([...all.map((pool) => pool.destroy()), ...guarded.map((network) => network.close())]);
    },
  };
}

function tlsOf(certificate: WireCertificate | undefined) {
  if (certificate === undefined) return {};
  const { certificate: cert, privateKey: key, passphrase } = certificate;
  return { cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
}

function bodyOf(body: WireRequest["body"]): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  return typeof body === "string" || body instanceof Uint8Array ? body : Readable.from(body.chunks());
}

/** A stream says its length beforehand: what it then gives more or less cuts the request off. */
function headersOf({ headers, body }: WireRequest): Readonly<Record<string, string>> {
  const isStream = typeof body === "object" && !(body instanceof Uint8Array);
  return isStream ? { ...headers, "content-length": String(body.lengthBytes) } : headers;
}

/** The most bytes of an answer's headers. */
const HEADER_BYTES_MAX = 32_768;

function closeOldest(pools: Map<string, Pool>): void {
  for (const [name, pool] of pools) {
    pools.delete(name);
    void pool.close();
    return;
  }
}

/** One request and its answer, in undici's own terms. Settles once; what comes after that is not looked at. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: WireRequest;
  readonly #resolve: (response: WireResponse) => void;
  readonly #reject: (failure: WireFailure) => void;
  readonly #timer: NodeJS.Timeout;
  #abort: ((reason?: Error) => void) | undefined;
  #settled = false;
  /** It is all here; to decode it takes no longer than its size allows. */
  #isWhole = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(request: WireRequest, resolve: (response: WireResponse) => void, reject: (failure: WireFailure) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    const { totalMs } = request.timeouts;
    const cut = (): void => this.#cut("timeout", `no whole answer within ${totalMs} ms`);
    this.#timer = setTimeout(() => this.#cutOnceRead(cut), totalMs);
  }

  /** Called right before the first byte is written: until then the provider cannot have received anything. */
  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    if (this.#settled) abort(new Error("given up before it was sent"));
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    // 1xx only announces the answer.
    if (status < 200 || this.#settled) return true;
    this.#status = status;
    this.#headers = readHeaders(rawHeaders);
    const length = Number(this.#headers["content-length"]);
    if (length > this.#request.bodyBytesMax) this.#tooLarge();
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#settled) return true;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#request.bodyBytesMax) this.#tooLarge();
    else this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#settled) return;
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#bytes);
    this.#isWhole = true;
    const coding = this.#headers["content-encoding"];
    if (coding === undefined || body.length === 0) {
      this.#settle();
      this.#resolve({ status: this.#status, headers: this.#headers, body });
      return;
    }
    decompress(body, coding, this.#request.bodyBytesMax).then(
      (plain) => {
        if (this.#settled) return;
        this.#settle();
        // It is no longer coded, and nobody must decode it again.
        delete this.#headers["content-encoding"];
        this.#resolve({ status: this.#status, headers: this.#headers, body: plain });
      },
      (failure: WireFailure) => {
        if (this.#settled) return;
        this.#settle();
        this.#reject(failure);
      },
    );
  }

  onError(error: Error): void {
    if (this.#settled) return;
    this.#settle();
    const progress = this.#abort === undefined ? "unsent" : this.#status === 0 ? "unanswered" : "answering";
    this.#reject(requestFailure(error, progress));
  }

  /**
   * Timers run before sockets are read: after this process was stopped, as while a laptop sleeps, the answer may have been here
   * for long. It is read as long as each turn of the loop finds more of it.
   */
  #cutOnceRead(cut: () => void): void {
    if (this.#isWhole) return;
    if (this.#abort === undefined) return cut();
    const [status, bytes] = [this.#status, this.#bytes];
    setImmediate(() => {
      if (this.#settled || this.#isWhole) return;
      if (status === this.#status && bytes === this.#bytes) cut();
      else this.#cutOnceRead(cut);
    });
  }

  #tooLarge(): void {
    this.#cut("too-large", `the answer is larger than the ${this.#request.bodyBytesMax} bytes that are read`);
  }

  #cut(kind: WireFailure["kind"], message: string): void {
    if (this.#settled) return;
    this.#settle();
    const failure = new WireFailure(kind, this.#abort === undefined ? "no" : "maybe", message);
    this.#reject(failure);
    this.#abort?.(failure);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
  }
}

function readHeaders(raw: readonly Buffer[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = util.headerNameToString(raw[index]!);
    const value = raw[index + 1]!.toString("latin1");
    if (name === "__proto__") continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

// The HTTP server: webhooks go to the edge, everything else to the API and the page. Node's own limits are loose; each is
// set here, with its name.
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Clock } from "../world/world.ts";
import { ConnectionsByAddress } from "./connections-by-address.ts";

export interface ServerLimits {
  /** How long a request may take to arrive, whole, in milliseconds. Default 10,000. */
  readonly requestTimeoutMs: number;
  /** How long its headers may take, in milliseconds. Default 5,000. */
  readonly headersTimeoutMs: number;
  /** How often these two are checked, in milliseconds. Default 1,000. */
  readonly checkEveryMs: number;
  /** How long an idle connection is kept, in milliseconds: longer than most proxies keep theirs. Default 65,000. */
  readonly keepAliveMs: number;
  /** How long a connection on which a request is under way may be silent, in milliseconds. Default 120,000. */
  readonly silenceMs: number;
  /** Default 16 KiB. */
  readonly headerBytesMax: number;
  /** Default 100. */
  readonly headersMax: number;
  /** Default 4,000. */
  readonly connectionsMax: number;
  /** Connections of one address; loopback is not counted. Default 256; more when a proxy on another machine brings everybody. */
  readonly connectionsPerAddressMax: number;
  /** How long requests under way may take to finish after `stop`, in milliseconds. Default 10,000. */
  readonly stopWithinMs: number;
}

const SERVER_LIMITS: ServerLimits = {
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 5_000,
  checkEveryMs: 1_000,
  keepAliveMs: 65_000,
  silenceMs: 120_000,
  headerBytesMax: 16 * 1024,
  headersMax: 100,
  connectionsMax: 4_000,
  connectionsPerAddressMax: 256,
  stopWithinMs: 10_000,
};

export interface ServerOptions {
  /** Default "127.0.0.1". */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** Takes webhooks; false: the request is not for it. */
  readonly edge: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly api: { readonly fetch: (request: Request, env: object) => Response | Promise<Response> };
  /** Times `stopWithinMs`. Default: none, and `stop` waits for whatever is under way. */
  readonly clock?: Clock;
  readonly limits?: Partial<ServerLimits>;
}

/** The address to serve on cannot be had. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

export interface BowlineServer {
  /** Such as "http://127.0.0.1:4321"; its port is the real one once it listens. */
  readonly url: string;
  /** Resolves once it listens. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more, lets requests under way finish, and resolves when every connection is closed. */
  stop(): Promise<void>;
}

export function createServer({
  host = "127.0.0.1",
  port,
  edge,
  api,
  clock,
  limits: given,
}: ServerOptions): BowlineServer {
  const limits: ServerLimits = { ...SERVER_LIMITS, ...given };
  const server = httpServer(limits);
  const toApi = getRequestListener((request, env) => api.fetch(request, env), { overrideGlobalObjects: false });
  let stopping = false;

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (stopping) response.shouldKeepAlive = false;
    response.once("close", () => {
      if (stopping) server.closeIdleConnections();
    });
    if (request.rawHeaders.length / 2 > limits.headersMax) return refuseHeaders(response);
    if (edge(request, response)) return;
    if (request.headers.expect !== undefined) response.writeContinue();
    void toApi(request, response);
  };
  server.on("request", handle);
  // Without this, node tells a sender to go on before we have looked at the headers.
  server.on("checkContinue", handle);

  let boundPort = port;

  return {
    get url() {
      return urlOf(host, boundPort);
    },
    async start() {
      boundPort = await listen(server, host, port);
      return { port: boundPort, url: urlOf(host, boundPort) };
    },
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        const cancel = clock?.timer(limits.stopWithinMs, () => server.closeAllConnections());
        server.close(() => {
          cancel?.();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function httpServer(limits: ServerLimits): HttpServer {
  const server = createHttpServer({
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: limits.headerBytesMax,
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
  });
  // Node drops what is beyond this without a word; one more lets us see that there are too many.
  server.maxHeadersCount = limits.headersMax + 1;
  server.maxConnections = limits.connectionsMax;
  server.setTimeout(limits.silenceMs);
  const byAddress = new ConnectionsByAddress(limits.connectionsPerAddressMax);
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    if (!byAddress.admit(address)) return socket.destroy();
    socket.once("close", () => byAddress.release(address));
  });
  return server;
}

function refuseHeaders(response: ServerResponse): void {
  response.writeHead(431, { connection: "close", "content-length": 0 });
  response.end();
}

function listen(server: HttpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void =>
      reject(new ListenError(listenMessage(host, port, error), { cause: error }));
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenMessage(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  const what = `could not serve at ${urlOf(host, port)}`;
  if (code === "EADDRINUSE") {
    return `${what}: expected a free port, and another program has it; stop that one, or choose another port: "port" of the project, or --port`;
  }
  if (code === "EACCES") {
    return `${what}: expected a port that this user may serve on; choose one from 1024 on: "port" of the project, or --port`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `${what}: expected an address of this machine; correct "host" of the project`;
  }
  return `${what}: ${message}`;
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

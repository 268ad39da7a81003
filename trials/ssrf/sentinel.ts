// Listens on every address of this machine, version 4 and 6, and notes at which one it was reached.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CONTROL_ADDRESS } from "./orders.ts";

export interface Sentinel {
  readonly port: number;
  /** Addresses that were connected to, without the allowed one. */
  readonly reached: readonly string[];
  readonly controls: number;
  close(): void;
}

export async function sentinel(): Promise<Sentinel> {
  const reached: string[] = [];
  const count = { controls: 0 };
  const server = createServer(answer);
  server.on("connection", ({ localAddress = "?" }) => {
    const address = localAddress.replace(/^::ffff:/, "");
    if (address === CONTROL_ADDRESS) count.controls += 1;
    else reached.push(address);
  });
  server.listen(0, "::");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    reached,
    get controls() {
      return count.controls;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `/307/http%3A%2F%2F…` redirects there; everything else is answered. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, status, location] = /^\/(30[12378])\/([^/]+)/.exec(request.url ?? "") ?? [];
  if (status === undefined || location === undefined)
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  else response.writeHead(Number(status), { location: decodeURIComponent(location) }).end();
}

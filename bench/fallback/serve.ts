// A server for the fakes when there is no C compiler: says its port and ends when its standard input ends.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export function serve(handle: (incoming: IncomingMessage, body: string, outgoing: ServerResponse) => void): void {
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk: string) => (body += chunk));
    incoming.on("end", () => handle(incoming, body, outgoing));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", 1024, () => {
    process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
  });
  process.stdin.resume().on("end", () => process.exit(0));
}

export function answer(
  outgoing: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  outgoing.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  outgoing.end(body);
}

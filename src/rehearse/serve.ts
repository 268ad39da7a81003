// Serves a fetch handler over real HTTP on loopback, so that a simulator meets real clients.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Served {
  /** "http://127.0.0.1:4321" */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Throw this from a handler to cut the connection without an answer. */
export class CutConnection extends Error {
  override readonly name = "CutConnection";
}

export async function serve(
  handler: (request: Request) => Promise<Response>,
  { port = 0 }: { readonly port?: number } = {},
): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    answer(handler, incoming, outgoing).catch((error: unknown) => {
      if (!(error instanceof CutConnection)) process.stderr.write(`simulator: ${String(error)}\n`);
      incoming.socket.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(takenMessage(port), { cause: error }) : error),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function takenMessage(port: number): string {
  return `could not serve a simulator at http://127.0.0.1:${port}: expected a free port, and another program has it; if it is this project in another terminal, end that first`;
}

async function answer(
  handler: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const method = incoming.method ?? "GET";
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  const request = new Request(`http://${incoming.headers.host ?? "127.0.0.1"}${incoming.url}`, {
    method,
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  });
  const response = await handler(request);
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), "content-length": body.length });
  outgoing.end(body);
}

// Plain HTTP clients for the tests: one that asks and reads the whole answer, one that speaks raw bytes.
import { request as httpRequest, type Agent, type IncomingHttpHeaders } from "node:http";
import { connect, type Socket } from "node:net";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
}

export function ask(url: string, { method = "GET", headers = {}, body, agent }: Ask = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: headers as Record<string, string>, ...(agent === undefined ? {} : { agent }) };
    const request = httpRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

export interface RawConnection {
  readonly socket: Socket;
  /** Resolves once what came back contains this. */
  until(text: string): Promise<string>;
  /** All that came back, once the other side closed. */
  readonly closed: Promise<string>;
}

export function raw(port: number): RawConnection {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  const watchers = new Set<() => void>();
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    for (const watch of watchers) watch();
  });
  socket.on("error", () => undefined);
  return {
    socket,
    until: (text) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (received.includes(text)) resolve(received);
        };
        watchers.add(watch);
        socket.once("close", () => reject(new Error(`closed before "${text}" came: ${received}`)));
        watch();
      }),
    closed: new Promise((resolve) => socket.once("close", () => resolve(received))),
  };
}

// The origins: the connection's own, which redirects, and others, which note every byte that comes.
import { once } from "node:events";
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { makeCertificates } from "../../src/testing/certificates.ts";
import type { Origins } from "./kinds.ts";

export interface Servers {
  readonly origins: Origins;
  readonly ca: string;
  readonly client: { readonly certificate: string; readonly privateKey: string };
  /** What came to other origins, as text. */
  readonly strayed: string[];
  /** Requests that came to the end of a redirect on the first origin, as text. */
  readonly landed: string[];
  /** Where the next request to `/start` is sent. */
  next: { readonly status: number; readonly location: string };
  close(): void;
}

export async function startServers(): Promise<Servers> {
  const certificates = makeCertificates();
  const tls = { cert: certificates.server.certificate, key: certificates.server.privateKey };
  const strayed: string[] = [];
  const landed: string[] = [];
  const first = (request: IncomingMessage, response: ServerResponse): void => {
    void textOf(request).then((text) => {
      if (/^\S+ \/start\b/.test(text)) {
        response.writeHead(servers.next.status, { location: servers.next.location }).end();
        return;
      }
      landed.push(text);
      response.writeHead(200, { "content-type": "application/json" }).end('{"access_token":"t","expires_in":60}');
    });
  };
  const stray = (request: IncomingMessage, response: ServerResponse): void => {
    void textOf(request).then((text) => {
      strayed.push(text);
      response.end("{}");
    });
  };
  const asked = { ...tls, ca: certificates.ca, requestCert: true, rejectUnauthorized: false };
  const all: Server[] = [];
  const listen = async (server: Server, host: string): Promise<number> => {
    all.push(server.listen(0, host));
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const servers: Servers = {
    origins: {
      first: `https://127.0.0.1:${await listen(createTlsServer(asked, first), "127.0.0.1")}`,
      otherPort: `https://127.0.0.1:${await listen(createTlsServer(asked, stray), "127.0.0.1")}`,
      otherHost: `https://localhost:${await listen(createTlsServer(asked, stray), "127.0.0.1")}`,
      otherScheme: `http://127.0.0.1:${await listen(createPlainServer(stray), "127.0.0.1")}`,
    },
    ca: certificates.ca,
    client: certificates.client("redirected"),
    strayed,
    landed,
    next: { status: 200, location: "/" },
    close() {
      for (const server of all) server.close();
      certificates.remove();
    },
  };
  return servers;
}

/** All that the request says: its line, its headers, its body, and the certificate that it shows. */
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { socket } = request as unknown as {
    readonly socket: { getPeerCertificate?: () => { readonly subject?: unknown } };
  };
  const shown = socket.getPeerCertificate?.().subject;
  const certificate = shown === undefined ? "" : `certificate ${JSON.stringify(shown)}\n`;
  return `${request.method} ${request.url}\n${certificate}${request.rawHeaders.join("\n")}\n\n${Buffer.concat(chunks).toString()}`;
}

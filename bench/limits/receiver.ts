// The least that a receiver of webhooks can do, in three steps that can be left out: verify, deduplicate and make durable,
// then answer.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DatabaseSync } from "node:sqlite";
import { EVENT_HEADER, SIGNATURE_HEADER, isSigned } from "../signature.ts";
import type { GroupCommit } from "./group-commit.ts";

export interface ReceiverOptions {
  /** Absent: anything is taken. */
  readonly secret?: string;
  /** Absent: nothing is kept. */
  readonly keep?: (event: string, body: Buffer, durable: () => void) => void;
}

export interface Receiver {
  readonly port: number;
  close(): void;
}

export async function startReceiver({ secret, keep }: ReceiverOptions): Promise<Receiver> {
  const server = createServer((incoming, outgoing) => {
    withBody(incoming, (body) => {
      const signature = incoming.headers[SIGNATURE_HEADER] as string | undefined;
      if (secret !== undefined && !isSigned(body, signature, secret)) {
        answer(outgoing, 401);
        return;
      }
      if (keep === undefined) answer(outgoing, 200);
      else keep(incoming.headers[EVENT_HEADER] as string, body, () => answer(outgoing, 200));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A `keep` that writes each event once and then says `fresh` with its row. */
export function keepIn(
  database: DatabaseSync,
  commits: GroupCommit,
  fresh: (row: number, event: string, body: Buffer) => void = () => {},
): NonNullable<ReceiverOptions["keep"]> {
  database.exec(
    "create table if not exists arrivals (id integer primary key, event text not null unique, body blob, target text)",
  );
  const insert = database.prepare("insert into arrivals (event, body) values (?, ?) on conflict do nothing");
  return (event, body, durable) => {
    let row: number | undefined;
    commits.add(
      () => {
        const { changes, lastInsertRowid } = insert.run(event, body);
        if (changes === 1) row = Number(lastInsertRowid);
      },
      () => {
        durable();
        if (row !== undefined) fresh(row, event, body);
      },
    );
  };
}

function withBody(incoming: IncomingMessage, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => then(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
}

function answer(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { "content-length": 2 });
  outgoing.end("ok");
}

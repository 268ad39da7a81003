// Somebody who takes alerts over real HTTP, for tests: keeps what came, and answers as told.
import { createHmac } from "node:crypto";
import type { TestContext } from "node:test";
import { serve } from "../../rehearse/serve.ts";

export interface Received {
  readonly type: string;
  readonly id: string;
  readonly sync?: string;
  readonly owner: string;
  readonly count: number;
  readonly reason: string;
  readonly link?: string;
  readonly text: string;
  readonly since: string;
  readonly until?: string;
  /** The header by which two deliveries of one message are told apart. */
  readonly messageId: string;
  readonly isSigned: boolean;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How it answers from now on. */
  status: number;
  /** Resolves when so many have come. */
  came(count: number): Promise<void>;
}

export async function receiver(t: TestContext, secret = ""): Promise<Receiver> {
  const waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  const served = await serve(async (request) => {
    const body = await request.text();
    const messageId = request.headers.get("webhook-id") ?? "";
    const signed = `${messageId}.${request.headers.get("webhook-timestamp")}.${body}`;
    const signature = `v1,${createHmac("sha256", secret).update(signed).digest("base64")}`;
    const isSigned = request.headers.get("webhook-signature") === signature;
    all.received.push({ ...(JSON.parse(body) as Received), messageId, isSigned });
    for (const { count, resolve } of waiters) if (all.received.length >= count) resolve();
    return new Response("{}", { status: all.status });
  });
  t.after(() => served.close());
  const all: Receiver = {
    url: `${served.url}/alerts`,
    received: [],
    status: 200,
    came(count) {
      if (all.received.length >= count) return Promise.resolve();
      return new Promise((resolve) => waiters.push({ count, resolve }));
    },
  };
  return all;
}

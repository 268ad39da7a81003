// Posts invoices with their idempotency key, as many at a time as there are connections, and again when the target could
// not take them: the least that delivery needs.
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import type { Invoice } from "../invoice.ts";

const RETRY_DELAY_MS = 50;
const ATTEMPTS_MAX = 10;

export class Poster {
  readonly #pool: Pool;

  constructor(url: string, connections: number) {
    this.#pool = new Pool(url, { connections, pipelining: 1 });
  }

  /** The invoice's id at the target. */
  async post(key: string, invoice: Invoice): Promise<string> {
    const body = JSON.stringify(invoice);
    const headers = { "content-type": "application/json", "idempotency-key": key };
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const answer = await this.#pool.request({ method: "POST", path: "/invoices", headers, body });
      const json = (await answer.body.json()) as { readonly id: string };
      if (answer.statusCode < 300) return json.id;
      await sleep(answer.statusCode === 429 ? Number(answer.headers["retry-after"]) * 1000 : RETRY_DELAY_MS);
    }
    throw new Error(`could not post ${key}: expected a 2xx within ${ATTEMPTS_MAX} attempts`);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

// A record of every webhook that Bowline answered 2xx, and the look into the file of state that says whether it is there.
// It reads the file itself, since nobody who is on trial is asked.
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";

interface Acknowledgement {
  readonly dedupeId: string;
  readonly bodyHash: string;
}

export class Acknowledged {
  /** Deliveries that were answered 2xx, repetitions included. */
  count = 0;
  /** Those that were answered 2xx and are not, byte for byte, in the file. */
  readonly lost: string[] = [];
  #unproven = new Map<string, Acknowledgement>();
  #toProve: readonly Acknowledgement[] = [];
  readonly #proven = new Set<string>();

  add({ headers, body }: OutgoingWebhook): void {
    this.count += 1;
    const dedupeId = `${headers["x-shopify-webhook-id"]}:${headers["x-shopify-topic"]}`;
    if (this.#proven.has(dedupeId)) return;
    this.#unproven.set(dedupeId, { dedupeId, bodyHash: hashOf(Buffer.from(body)) });
  }

  /** Bowline was killed: all that was acknowledged so far has to be there when it is back. */
  died(): void {
    this.#toProve = [...this.#toProve, ...this.#unproven.values()];
    this.#unproven = new Map();
  }

  /** Looks for what was acknowledged before the last death. Bowline has opened the file again since then. */
  prove(dataPath: string): void {
    if (this.#toProve.length === 0) return;
    const database = new DatabaseSync(dataPath, { readOnly: true, timeout: 2_000 });
    try {
      const find = database.prepare("SELECT body FROM arrival WHERE dedupe_id = ?");
      for (const { dedupeId, bodyHash } of this.#toProve) {
        const body = find.get(dedupeId)?.["body"];
        if (body instanceof Uint8Array && hashOf(body) === bodyHash) this.#proven.add(dedupeId);
        else this.lost.push(`the acknowledged webhook ${dedupeId} is not in the file of state`);
      }
      this.#toProve = [];
    } finally {
      database.close();
    }
  }
}

function hashOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("base64");
}

// Gathers changes for a moment, then sends them as one signed array of CloudEvents, as QuickBooks does.
import { createHmac } from "node:crypto";
import { Gathered } from "../../../src/rehearse/gathered.ts";
import type { Clock, Random } from "../../../src/world/world.ts";
import type { WebhookSender } from "../../../src/rehearse/webhook-sender.ts";
import type { Change } from "./company.ts";

const EVENTS_MAX = 100;
const OPERATIONS = {
  created: "Create",
  updated: "Update",
  deleted: "Delete",
  voided: "Void",
  merged: "Merge",
} as const;

export interface WebhookOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly realmId: string;
  readonly verifierToken: string;
  readonly url: string | undefined;
  readonly gatherMs: number;
  readonly format: "cloudevents" | "legacy";
  readonly sender: WebhookSender;
}

export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #gathered: Gathered<Change>;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#gathered = new Gathered({
      clock: options.clock,
      gatherMs: options.gatherMs,
      most: EVENTS_MAX,
      tell: (some) => this.#send(some),
    });
  }

  /** Changes that were told in some delivery. */
  get announced(): number {
    return this.#gathered.told;
  }

  announce(change: Change): void {
    if (this.#options.url === undefined) return;
    this.#gathered.add(change);
  }

  #send(some: readonly Change[]): void {
    const body = JSON.stringify(this.#options.format === "legacy" ? this.#legacy(some) : this.#cloudEvents(some));
    const signature = createHmac("sha256", this.#options.verifierToken).update(body).digest("base64");
    this.#options.sender.deliver({
      url: this.#options.url ?? "",
      headers: { "content-type": "application/json", "intuit-signature": signature },
      body,
    });
  }

  #cloudEvents(changes: readonly Change[]): readonly object[] {
    return changes.map(({ kind, id, verb, at }) => ({
      specversion: "1.0",
      id: uuid(this.#options.random),
      source: "intuit.c2ltdWxhdGVkIGFwcGxpY2F0aW9u",
      type: `qbo.${kind.toLowerCase()}.${verb}.v1`,
      datacontenttype: "application/json",
      // Nanoseconds, of which the simulated clock knows only the first three digits.
      time: new Date(at).toISOString().replace("Z", "000000Z"),
      intuitentityid: id,
      intuitaccountid: this.#options.realmId,
      data: {},
    }));
  }

  #legacy(changes: readonly Change[]): object {
    const entities = changes.map(({ kind, id, verb, at }) => ({
      id,
      operation: OPERATIONS[verb],
      name: kind,
      lastUpdated: new Date(at).toISOString(),
    }));
    return { eventNotifications: [{ realmId: this.#options.realmId, dataChangeEvent: { entities } }] };
  }
}

function uuid(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

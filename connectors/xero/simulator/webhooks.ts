// Gathers changes for a moment, then sends them as thin, signed events, as Xero does; and tries an address before it is used.
import { createHmac } from "node:crypto";
import { Gathered } from "../../../src/rehearse/gathered.ts";
import type { Clock, Random } from "../../../src/world/world.ts";
import type { OutgoingWebhook, SendWebhook, WebhookSender } from "../../../src/rehearse/webhook-sender.ts";
import type { Change, Kind } from "./organisation.ts";

const EVENTS_MAX = 100;
const CATEGORIES: Partial<Record<Kind, string>> = {
  Contacts: "CONTACT",
  Invoices: "INVOICE",
  CreditNotes: "CREDITNOTE",
};

export interface WebhookOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  readonly key: string;
  readonly url: string | undefined;
  readonly gatherMs: number;
  readonly sender: WebhookSender;
  readonly send: SendWebhook;
}

export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #gathered: Gathered<object>;
  #sequence = 0;

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

  announce({ kind, id, type, at, body }: Change): void {
    const category = CATEGORIES[kind];
    const { url, tenantId } = this.#options;
    if (url === undefined || category === undefined) return;
    this.#gathered.add({
      resourceUrl: `https://api.xero.com/api.xro/2.0/${kind}/${id}`,
      resourceId: id,
      tenantId,
      tenantType: "ORGANISATION",
      eventCategory: category,
      eventType: type,
      eventDateUtc: new Date(at).toISOString().slice(0, 23),
      ...(kind === "CreditNotes" ? { data: { Type: body["Type"], Status: body["Status"] } } : {}),
    });
  }

  /**
   * Xero's trial of an address: right and wrong signatures over nothing. True when each was answered as it must be; only
   * then would Xero send events.
   */
  async intentToReceive(): Promise<boolean> {
    for (const isRight of [true, false, true, false]) {
      const delivery = this.#delivery([], isRight);
      const status = await this.#options.send(delivery).catch(() => 0);
      if (status !== (isRight ? 200 : 401)) return false;
    }
    return true;
  }

  #send(some: readonly object[]): void {
    this.#options.sender.deliver(this.#delivery(some, true));
  }

  #delivery(events: readonly object[], isRight: boolean): OutgoingWebhook {
    const first = events.length === 0 ? 0 : this.#sequence + 1;
    this.#sequence += events.length;
    const entropy = Buffer.from(this.#options.random.bytes(10)).toString("base64url");
    const sequences = { lastEventSequence: events.length === 0 ? 0 : this.#sequence, firstEventSequence: first };
    const body = JSON.stringify({ events, ...sequences, entropy });
    const key = isRight ? this.#options.key : `${this.#options.key}x`;
    const signature = createHmac("sha256", key).update(body).digest("base64");
    return {
      url: this.#options.url ?? "",
      headers: { "content-type": "application/json", "x-xero-signature": signature },
      body,
    };
  }
}

// Sends the shop's webhooks: to the address that the app was configured with, and to the subscriptions made through the
// API. Those are deleted once a delivery failed eight times again after its first try.
import { createHmac } from "node:crypto";
import type { Clock, Random } from "../../../src/world/world.ts";
import { type SendWebhook, type WebhookFaults, WebhookSender } from "../../../src/rehearse/webhook-sender.ts";
import type { ShopEvent, SimulatedShop } from "./shop.ts";
import { webhookBody } from "./webhook-body.ts";

/** Eight tries again, further and further apart, four hours in all. */
const RETRY_DELAYS_MS = [10, 60, 180, 600, 1500, 2700, 3600, 5750].map((seconds) => seconds * 1000);

export interface WebhooksOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: SendWebhook;
  readonly faults?: WebhookFaults;
  readonly secret: string;
  readonly domain: string;
  readonly apiVersion: string;
  /** Where the app is configured to get every topic. */
  readonly url?: string;
}

export class ShopWebhooks {
  readonly sender: WebhookSender;
  /** The address of the app's own configuration; may be set once the receiver is up. */
  url: string | undefined;
  readonly #options: WebhooksOptions;
  readonly #failedTries = new Map<string, number>();

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.url = options.url;
    const { clock, random, faults } = options;
    this.sender = new WebhookSender({
      clock,
      random,
      retryDelaysMs: RETRY_DELAYS_MS,
      send: (webhook) => this.#send(webhook),
      ...(faults === undefined ? {} : { faults }),
    });
  }

  /** The shop whose subscriptions lose their place when nobody answers. */
  shop: SimulatedShop | undefined;

  deliver(shop: SimulatedShop, event: ShopEvent): void {
    const addresses = [
      ...(this.url === undefined ? [] : [this.url]),
      ...[...shop.subscriptions.values()].filter(({ topic }) => slashed(topic) === event.topic).map(({ uri }) => uri),
    ];
    if (addresses.length === 0) return;
    const body = JSON.stringify(webhookBody(shop, event));
    const eventId = this.#uuid();
    for (const url of addresses) this.sender.deliver({ url, body, headers: this.#headers(event.topic, body, eventId) });
  }

  #headers(topic: string, body: string, eventId: string): Readonly<Record<string, string>> {
    const { secret, domain, apiVersion, clock } = this.#options;
    return {
      "content-type": "application/json",
      "user-agent": "Shopify-Captain-Hook",
      "x-shopify-topic": topic,
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
      "x-shopify-shop-domain": domain,
      "x-shopify-api-version": apiVersion,
      "x-shopify-webhook-id": this.#uuid(),
      "x-shopify-event-id": eventId,
      "x-shopify-triggered-at": new Date(clock.now()).toISOString().replace("Z", "000000Z"),
    };
  }

  #uuid(): string {
    const hex = Buffer.from(this.#options.random.bytes(16)).toString("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join(
      "-",
    );
  }

  async #send(webhook: Parameters<SendWebhook>[0]): Promise<number> {
    const status = await this.#options.send(webhook).catch(() => 0);
    const delivery = webhook.headers["x-shopify-webhook-id"] ?? "";
    if (status >= 200 && status < 300) {
      this.#failedTries.delete(delivery);
      return status;
    }
    const failed = (this.#failedTries.get(delivery) ?? 0) + 1;
    this.#failedTries.set(delivery, failed);
    if (failed > RETRY_DELAYS_MS.length) {
      this.#failedTries.delete(delivery);
      this.#unsubscribe(webhook.url);
    }
    return status;
  }

  #unsubscribe(url: string): void {
    for (const { id, uri } of this.shop?.subscriptions.values() ?? [])
      if (uri === url) this.shop?.subscriptions.delete(id);
  }
}

/** "ORDERS_PARTIALLY_FULFILLED" → "orders/partially_fulfilled", "ORDER_TRANSACTIONS_CREATE" → "order_transactions/create" */
function slashed(topic: string): string {
  const lower = topic.toLowerCase();
  const family =
    /^(order_transactions|fulfillment_orders|inventory_items|inventory_levels|[a-z]+)_/.exec(lower)?.[1] ?? lower;
  return `${family}/${lower.slice(family.length + 1)}`;
}

// Tells every endpoint of the events that it asked for; each try is signed anew, as Stripe's are.
import { createHmac } from "node:crypto";
import type { OutgoingWebhook, SendWebhook, WebhookSender } from "../../../src/rehearse/webhook-sender.ts";
import type { Clock } from "../../../src/world/world.ts";
import type { Body } from "./body.ts";
import { hiddenOf } from "./hidden.ts";
import type { Ledger } from "./ledger.ts";

const SECRET_OF = "x-simulated-endpoint-secret";

/** Signs each try with the time at which it is made; what the sender keeps is unsigned. */
export function signing(clock: Clock, send: SendWebhook): SendWebhook {
  return (webhook) => {
    const { [SECRET_OF]: secret = "", ...headers } = webhook.headers;
    const signature = signatureOf(webhook.body, secret, Math.floor(clock.now() / 1_000));
    return send({ ...webhook, headers: { ...headers, "stripe-signature": signature } });
  };
}

function signatureOf(body: string, secret: string, timestamp: number): string {
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return `t=${timestamp},v1=${signature}`;
}

export class Webhooks {
  /** Events that were told in some delivery. */
  announced = 0;
  readonly #platform: Ledger;
  readonly #sender: WebhookSender;

  constructor(platform: Ledger, sender: WebhookSender) {
    this.#platform = platform;
    this.#sender = sender;
  }

  announce(event: Body, ledger: Ledger): void {
    const isOwn = ledger === this.#platform;
    for (const endpoint of this.#platform.objects.webhook_endpoint.values()) {
      if (hiddenOf(endpoint).isConnect === isOwn || !asksFor(endpoint, String(event["type"]))) continue;
      this.announced += 1;
      this.#sender.deliver(deliveryOf(endpoint, isOwn ? event : { ...event, account: ledger.accountId }));
    }
  }
}

function asksFor({ enabled_events: events, status }: Body, type: string): boolean {
  const wanted = events as readonly string[];
  return status === "enabled" && (wanted.includes("*") || wanted.includes(type));
}

function deliveryOf(endpoint: Body, event: Body): OutgoingWebhook {
  return {
    url: String(endpoint["url"]),
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      [SECRET_OF]: hiddenOf(endpoint).secret,
    },
    body: JSON.stringify({ ...event, pending_webhooks: 1 }, undefined, 2),
  };
}

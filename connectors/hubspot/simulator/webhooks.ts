// Gathers changes for a moment, then sends up to 100 of them as one array. Each try is signed anew, at its own time, over
// the address with some of its escapes decoded.
import { createHash, createHmac } from "node:crypto";
import { Gathered } from "../../../src/rehearse/gathered.ts";
import type { Clock, Random } from "../../../src/world/world.ts";
import type { OutgoingWebhook, SendWebhook, WebhookFaults } from "../../../src/rehearse/webhook-sender.ts";
import { WebhookSender } from "../../../src/rehearse/webhook-sender.ts";
import type { Change } from "./change.ts";
import { KINDS } from "./kinds.ts";

const EVENTS_MAX = 100;
const APP_ID = 9393361;

export interface WebhookOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly portalId: string;
  readonly clientSecret: string;
  readonly url: string | undefined;
  readonly gatherMs: number;
  readonly retryDelaysMs: readonly number[];
  readonly send: SendWebhook;
  readonly faults: WebhookFaults | undefined;
}

type Event = Readonly<Record<string, unknown>>;

export class Webhooks {
  /** Where they go; may be set once the receiver is up. Undefined: nobody subscribed. */
  url: string | undefined;
  readonly sender: WebhookSender;
  readonly #options: WebhookOptions;
  readonly #tries = new WeakMap<OutgoingWebhook, number>();
  readonly #gathered: Gathered<Change>;
  #events = 3_400_000_000;

  constructor(options: WebhookOptions) {
    const { clock, random, retryDelaysMs, faults } = options;
    this.#options = options;
    this.#gathered = new Gathered({
      clock: options.clock,
      gatherMs: options.gatherMs,
      most: EVENTS_MAX,
      tell: (some) => this.#send(some),
    });
    this.url = options.url;
    this.sender = new WebhookSender({
      clock,
      random,
      retryDelaysMs,
      send: (webhook) => options.send(this.#signed(webhook)),
      ...(faults && { faults }),
    });
  }

  /** Changes that were told in some delivery. */
  get announced(): number {
    return this.#gathered.told;
  }

  announce(change: Change): void {
    if (this.url === undefined) return;
    this.#gathered.add(change);
  }

  #send(some: readonly Change[]): void {
    const body = JSON.stringify(some.map((change) => this.#event(change)));
    this.sender.deliver({ url: this.url ?? "", headers: {}, body });
  }

  /** The same events again count themselves, and carry the time of this try. */
  #signed(webhook: OutgoingWebhook): OutgoingWebhook {
    const attemptNumber = this.#tries.get(webhook) ?? 0;
    this.#tries.set(webhook, attemptNumber + 1);
    const events = JSON.parse(webhook.body) as readonly Event[];
    const body = JSON.stringify(events.map((event) => ({ ...event, attemptNumber })));
    const { clientSecret, clock } = this.#options;
    const timestamp = String(clock.now());
    const source = `POST${decodedForSigning(webhook.url)}${body}${timestamp}`;
    return {
      url: webhook.url,
      body,
      headers: {
        "content-type": "application/json",
        "x-hubspot-signature-version": "v1",
        "x-hubspot-signature": createHash("sha256").update(`${clientSecret}${body}`).digest("hex"),
        "x-hubspot-signature-v3": createHmac("sha256", clientSecret).update(source).digest("base64"),
        "x-hubspot-request-timestamp": timestamp,
      },
    };
  }

  #event(change: Change): Event {
    this.#events += 1;
    return {
      eventId: this.#events,
      subscriptionId: 3_329_277,
      portalId: Number(this.#options.portalId),
      appId: APP_ID,
      occurredAt: change.at,
      subscriptionType: `${KINDS[change.kind].singular}.${change.what}`,
      attemptNumber: 0,
      changeSource: "CRM_UI",
      ...about(change),
    };
  }
}

function about(change: Change): Event {
  const objectId = Number(change.id);
  switch (change.what) {
    case "creation":
      return { objectId, changeFlag: "CREATED" };
    case "deletion":
      return { objectId, changeFlag: "DELETED" };
    case "privacyDeletion":
    case "restore":
      return { objectId };
    case "propertyChange":
      return { objectId, propertyName: change.name, propertyValue: change.value, isSensitive: false };
    case "merge": {
      const { primary, merged, moved } = change;
      return {
        primaryObjectId: Number(primary),
        mergedObjectIds: merged.map(Number),
        newObjectId: objectId,
        numberOfPropertiesMoved: moved,
      };
    }
    case "associationChange":
      return {
        associationType: `${KINDS[change.kind].singular}_TO_${KINDS[change.to].singular}`.toUpperCase(),
        associationTypeId: change.typeId,
        fromObjectId: objectId,
        toObjectId: Number(change.toId),
        associationRemoved: change.removed,
        isPrimaryAssociation: [1, 2, 5, 6, 25, 26].includes(change.typeId),
      };
  }
}

/** Twelve escapes are decoded before signing, all others stay. */
function decodedForSigning(url: string): string {
  return url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escape) => decodeURIComponent(escape));
}

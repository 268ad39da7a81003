// The org's own Apex, as the connector's README gives it: change events are gathered for a moment and sent on, signed.
import { createHmac } from "node:crypto";
import { Gathered } from "../../../src/rehearse/gathered.ts";
import type { Clock, Random } from "../../../src/world/world.ts";
import type { WebhookSender } from "../../../src/rehearse/webhook-sender.ts";
import type { Change } from "./org.ts";

const CHANGES_MAX = 200;

export interface WebhookOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly organizationId: string;
  readonly secret: string | undefined;
  readonly url: string | undefined;
  readonly gatherMs: number;
  readonly sender: WebhookSender;
}

export class Webhooks {
  /** Where they go; may be set once the receiver is up. Undefined: nobody subscribed. */
  url: string | undefined;
  readonly #options: WebhookOptions;
  readonly #gathered: Gathered<Change>;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#gathered = new Gathered({
      clock: options.clock,
      gatherMs: options.gatherMs,
      most: CHANGES_MAX,
      tell: (some) => this.#send(some),
    });
    this.url = options.url;
  }

  /** Changes that were told in some delivery. */
  get announced(): number {
    return this.#gathered.told;
  }

  announce(change: Change): void {
    if (this.url === undefined || this.#options.secret === undefined) return;
    this.#gathered.add(change);
  }

  #send(some: readonly Change[]): void {
    const { clock, organizationId, secret = "", sender } = this.#options;
    const { url = "" } = this;
    const body = JSON.stringify({ organizationId, changes: some.map((change, place) => this.#event(change, place)) });
    const time = String(clock.now());
    const signature = createHmac("sha256", secret).update(`${time}.${body}`).digest("base64");
    const headers = { "content-type": "application/json", "x-bowline-time": time, "x-bowline-signature": signature };
    sender.deliver({ url, headers, body });
  }

  #event({ object, id, type, at, fields }: Change, place: number): object {
    return {
      ChangeEventHeader: {
        entityName: object,
        recordIds: [id],
        changeType: type,
        changedFields: type === "UPDATE" ? [...fields, "LastModifiedDate"] : [],
        transactionKey: Buffer.from(this.#options.random.bytes(16)).toString("hex"),
        sequenceNumber: place + 1,
        commitTimestamp: at,
      },
    };
  }
}

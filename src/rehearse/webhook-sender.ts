// Delivers a simulator's webhooks as badly as the real ones are delivered: some lost, some twice, some late, failed ones
// again by the provider's schedule; and counts each of them, so that a checker knows what the receiver had to survive.
import type { Clock, Random } from "../world/world.ts";

export interface OutgoingWebhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes that were signed. */
  readonly body: string;
}

/** Sends one delivery and tells the status that came back, or 0 when none came. */
export type SendWebhook = (webhook: OutgoingWebhook) => Promise<number>;

export interface WebhookFaults {
  /** Shares from 0 to 1. A lost delivery is never made; a duplicated one is made twice; a late one `lateMs` later. */
  readonly lost: number;
  readonly duplicated: number;
  readonly late: number;
  readonly lateMs: number;
}

export interface WebhookCounts {
  delivered: number;
  lost: number;
  duplicated: number;
  late: number;
  retried: number;
  givenUp: number;
}

export interface WebhookSenderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: SendWebhook;
  readonly faults?: WebhookFaults;
  /** How long after each failed try the next one is made, in milliseconds. Default: none, a failed delivery is given up. */
  readonly retryDelaysMs?: readonly number[];
}

const NO_FAULTS: WebhookFaults = { lost: 0, duplicated: 0, late: 0, lateMs: 0 };

export class WebhookSender {
  readonly counts: WebhookCounts = { delivered: 0, lost: 0, duplicated: 0, late: 0, retried: 0, givenUp: 0 };
  faults: WebhookFaults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #send: SendWebhook;
  readonly #retryDelaysMs: readonly number[];
  readonly #underWay = new Set<Promise<void>>();
  readonly #timers = new Set<() => void>();

  constructor({ clock, random, send, faults = NO_FAULTS, retryDelaysMs = [] }: WebhookSenderOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#send = send;
    this.faults = faults;
    this.#retryDelaysMs = retryDelaysMs;
  }

  /** Takes a delivery and decides its fate; never rejects. */
  deliver(webhook: OutgoingWebhook): void {
    if (this.#random.next() < this.faults.lost) {
      this.counts.lost += 1;
      return;
    }
    const late = this.#random.next() < this.faults.late;
    if (late) this.counts.late += 1;
    this.#after(late ? this.faults.lateMs : 0, webhook, 0);
    if (this.#random.next() < this.faults.duplicated) {
      this.counts.duplicated += 1;
      this.#after(late ? 0 : this.faults.lateMs / 2, webhook, 0);
    }
  }

  /** Resolves when nothing is under way or waiting to be sent. Meant for a clock that runs. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Takes back what is still waiting, as when the provider is switched off. */
  stop(): void {
    for (const takeBack of this.#timers) takeBack();
    this.#timers.clear();
  }

  #after(delayMs: number, webhook: OutgoingWebhook, tries: number): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#underWay.add(promise);
    const finish = (): void => {
      this.#underWay.delete(promise);
      resolve();
    };
    const takeBack = this.#clock.timer(delayMs, () => {
      this.#timers.delete(cancel);
      void this.#try(webhook, tries).finally(finish);
    });
    const cancel = (): void => {
      takeBack();
      finish();
    };
    this.#timers.add(cancel);
  }

  async #try(webhook: OutgoingWebhook, tries: number): Promise<void> {
    const status = await this.#send(webhook).catch(() => 0);
    if (status >= 200 && status < 300) {
      this.counts.delivered += 1;
      return;
    }
    const delayMs = this.#retryDelaysMs[tries];
    if (delayMs === undefined) {
      this.counts.givenUp += 1;
      return;
    }
    this.counts.retried += 1;
    this.#after(delayMs, webhook, tries + 1);
  }
}

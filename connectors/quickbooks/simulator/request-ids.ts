// Remembers the answer to each `requestid` and gives it again instead of doing the same twice.
import type { Clock } from "../../../src/world/world.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

interface Remembered {
  readonly reply: Reply;
  readonly at: number;
}

export class RequestIds {
  /** How many answers were given again. */
  replays = 0;
  readonly #clock: Clock;
  readonly #retentionMs: number;
  readonly #remembered = new Map<string, Remembered>();

  constructor(clock: Clock, retentionMs: number) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
  }

  again(requestId: string): Reply | undefined {
    const remembered = this.#remembered.get(requestId);
    if (remembered === undefined) return undefined;
    if (this.#clock.now() - remembered.at >= this.#retentionMs) {
      this.#remembered.delete(requestId);
      return undefined;
    }
    this.replays += 1;
    return remembered.reply;
  }

  remember(requestId: string, reply: Reply): void {
    this.#remembered.set(requestId, { reply, at: this.#clock.now() });
  }
}

// Remembers the answer to each idempotency key for a few minutes, errors too, and gives it again instead of doing the same
// twice. A key that comes with another request is refused.
import { createHash } from "node:crypto";
import type { Clock } from "../../../src/world/world.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

interface Remembered {
  readonly request: string;
  readonly reply: Reply;
  readonly at: number;
}

export class IdempotencyKeys {
  /** Answers that were given again, and keys that came with another request. */
  readonly counts = { replays: 0, mismatches: 0 };
  readonly #clock: Clock;
  readonly #retentionMs: number;
  readonly #remembered = new Map<string, Remembered>();

  constructor(clock: Clock, retentionMs: number) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
  }

  again(key: string, request: string): Reply | "another request" | undefined {
    const remembered = this.#remembered.get(key);
    if (remembered === undefined) return undefined;
    if (this.#clock.now() - remembered.at >= this.#retentionMs) {
      this.#remembered.delete(key);
      return undefined;
    }
    if (remembered.request !== requestHash(request)) {
      this.counts.mismatches += 1;
      return "another request";
    }
    this.counts.replays += 1;
    return remembered.reply;
  }

  remember(key: string, request: string, reply: Reply): void {
    this.#remembered.set(key, { request: requestHash(request), reply, at: this.#clock.now() });
  }
}

function requestHash(request: string): string {
  return createHash("sha256").update(request).digest("hex");
}

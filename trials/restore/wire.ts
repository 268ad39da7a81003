// The network of one world: calls take their time, and some are cut before or after they were done, refused, or done late.
import type { Hash } from "node:crypto";
import { inProcessNetwork, type FetchHandler } from "../../src/world/in-process.ts";
import type { Clock, Network, Random } from "../../src/world/world.ts";
import { MINUTE_MS } from "./setting.ts";

export interface WireParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly troubleShare: number;
  /** By origin. */
  readonly handlers: ReadonlyMap<string, FetchHandler>;
  readonly trace: Hash;
}

const ON_THE_WAY_MS_MAX = 400;
const LANDS_LATE_MS_MAX = MINUTE_MS;

export class Wire {
  readonly network: Network;
  /** By origin: no call is answered until then. */
  readonly downUntil = new Map<string, number>();
  readonly #parts: WireParts;
  #isCalm = false;

  constructor(parts: WireParts) {
    this.#parts = parts;
    const handlers = [...parts.handlers].map(([origin, handler]) => [origin, this.#troubled(origin, handler)] as const);
    this.network = inProcessNetwork(new Map(handlers), parts.clock);
  }

  /** From here on nothing goes wrong any more. */
  calm(): void {
    this.#isCalm = true;
    this.downUntil.clear();
  }

  #troubled(origin: string, handler: FetchHandler): FetchHandler {
    return async (request) => {
      const { clock, random, trace } = this.#parts;
      trace.update(`${clock.now()} ${request.method} ${request.url}\n`);
      await this.#pass(random.next() * ON_THE_WAY_MS_MAX);
      if (clock.now() < (this.downUntil.get(origin) ?? 0)) return refused(503);
      if (this.#isCalm || random.next() >= this.#parts.troubleShare) return this.#answered(handler, request);
      return await (request.method === "GET" ? this.#failedRead() : this.#failedWrite(handler, request));
    };
  }

  async #answered(handler: FetchHandler, request: Request): Promise<Response> {
    const answer = await handler(request);
    await this.#pass(this.#parts.random.next() * ON_THE_WAY_MS_MAX);
    return answer;
  }

  #failedRead(): Response {
    const drawn = this.#parts.random.next();
    if (drawn < 0.3) throw new Error("cut");
    return refused(drawn < 0.6 ? 429 : 500);
  }

  async #failedWrite(handler: FetchHandler, request: Request): Promise<Response> {
    const { clock, random } = this.#parts;
    const drawn = random.next();
    if (drawn < 0.2) return refused(429);
    if (drawn < 0.35) return refused(500);
    if (drawn < 0.5) throw new Error("cut before it was done");
    // What sets the same values once more may not do so after newer ones.
    if (drawn < 0.65 && request.method === "POST") {
      clock.timer(random.next() * LANDS_LATE_MS_MAX, () => void handler(request));
      throw new Error("cut, and done later");
    }
    await handler(request);
    if (drawn < 0.8) return refused(500);
    throw new Error("cut after it was done");
  }

  #pass(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.#parts.clock.timer(durationMs, resolve));
  }
}

function refused(status: number): Response {
  const headers = status === 429 ? { "retry-after": "5" } : {};
  return Response.json({ error: status }, { status, headers });
}

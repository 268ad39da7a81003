// The wire between Bowline and the provider: the first write of each record meets the cell's fault, some later ones a further
// one, and for a while nothing may come through at all.
import { LATE_LANDING_MS } from "../../src/reconcile/resolve.ts";
import { pause } from "../../src/world/pause.ts";
import {
  WireFailure,
  type Clock,
  type Network,
  type Random,
  type WireRequest,
  type WireResponse,
} from "../../src/world/world.ts";
import { FAULTS, type Cell, type Fault } from "./cells.ts";
import { SOURCE } from "./project.ts";
import { answer, type Answered, type Provider } from "./provider.ts";

export interface WireOptions {
  readonly cell: Cell;
  readonly clock: Clock;
  /** Of each record alone: what befalls it depends neither on what the engine draws nor on who is sent first. */
  readonly randomOf: ReadonlyMap<string, Random>;
  readonly provider: Provider;
  /** How long nothing comes through after the first fault, in milliseconds. */
  readonly outageMs: number;
}

/** Of the writes after a record's first, this share meets a fault too. */
const FURTHER_FAULTS = 0.25;
const FURTHER_FAULTS_MAX = 3;
/** Of the failures that a key is remembered with, this share is answered for ever. */
const REMEMBERED_FAILURES = 0.5;
const SEND_MS = 5;

export class Wire implements Network {
  /** Resolves when each record has met its fault. */
  readonly struck: Promise<void>;
  /** How often each fault was met as a record's first. */
  readonly met = new Map<string, Fault>();
  readonly #options: WireOptions;
  readonly #sends = new Map<string, number>();
  readonly #allStruck: () => void;
  #downUntil = 0;

  constructor(options: WireOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.struck = promise;
    this.#allStruck = resolve;
  }

  async send(request: WireRequest): Promise<WireResponse> {
    const { randomOf, cell } = this.#options;
    if (request.url.startsWith(SOURCE))
      return over(
        answer(
          200,
          [...randomOf.keys()].map((id) => ({ id })),
        ),
      );
    await pause(this.#options.clock, SEND_MS);
    const ref = refOf(request);
    if (request.method === "GET") return this.#isDown() ? this.#outage(ref) : over(this.#options.provider.search(ref));
    const sends = (this.#sends.get(ref) ?? 0) + 1;
    this.#sends.set(ref, sends);
    if (sends > 1) return this.#later(request, ref, sends);
    this.met.set(ref, cell.fault);
    this.#downUntil = Math.max(this.#downUntil, this.#options.clock.now() + this.#options.outageMs);
    const ending = this.#befall(cell.fault, request, ref);
    // A rejection of a process that died has nobody to take it.
    ending.catch(() => undefined);
    if (this.met.size === randomOf.size) this.#allStruck();
    return cell.crash ? new Promise<never>(() => undefined) : ending;
  }

  /** Lets everything through again. */
  mend(): void {
    this.#downUntil = 0;
  }

  #later(request: WireRequest, ref: string, sends: number): Promise<WireResponse> {
    if (this.#isDown()) return this.#outage(ref);
    const random = this.#randomOf(ref);
    const isBefallen = sends <= FURTHER_FAULTS_MAX && random.next() < FURTHER_FAULTS;
    const fault = FAULTS[Math.floor(random.next() * FAULTS.length)]!;
    return isBefallen ? this.#befall(fault, request, ref) : Promise.resolve(over(this.#apply(request, ref)));
  }

  async #befall(fault: Fault, request: WireRequest, ref: string): Promise<WireResponse> {
    const { clock, provider } = this.#options;
    const random = this.#randomOf(ref);
    switch (fault) {
      case "before-byte-1":
        throw new WireFailure("connect", "no", "connection refused");
      case "mid-request":
        throw new WireFailure("reset", "maybe", "cut while the request was sent");
      case "processed-no-reply":
        this.#apply(request, ref);
        await pause(this.#options.clock, request.timeouts.headersMs);
        throw new WireFailure("timeout", "maybe", "no answer");
      case "truncated-reply": {
        const { status, body } = this.#apply(request, ref);
        if (random.next() < 0.5) throw new WireFailure("truncated", "maybe", "cut while it was answered");
        return over({ status, body: body.slice(0, Math.ceil(body.length / 2)) });
      }
      case "500-after-effect": {
        this.#apply(request, ref);
        const failed = answer(500, { error: "internal" });
        const key = request.headers["idempotency-key"];
        if (key !== undefined && random.next() < REMEMBERED_FAILURES) provider.rememberFailure(key, failed);
        return over(failed);
      }
      case "late-landing":
        clock.timer(Math.ceil(random.next() * (LATE_LANDING_MS - 1_000)), () => void this.#apply(request, ref));
        await pause(this.#options.clock, request.timeouts.headersMs);
        throw new WireFailure("timeout", "maybe", "no answer");
    }
  }

  #apply(request: WireRequest, ref: string): Answered {
    const { provider } = this.#options;
    return request.method === "PUT" ? provider.upsert(ref) : provider.create(ref, request.headers["idempotency-key"]);
  }

  #isDown(): boolean {
    return this.#options.clock.now() < this.#downUntil;
  }

  /** Nothing is done; how it fails does not always tell that. */
  async #outage(ref: string): Promise<WireResponse> {
    const kind = this.#randomOf(ref).next();
    if (kind < 0.4) throw new WireFailure("connect", "no", "connection refused");
    if (kind < 0.7) throw new WireFailure("reset", "maybe", "cut");
    return over(answer(503, { error: "down" }));
  }

  #randomOf(ref: string): Random {
    const random = this.#options.randomOf.get(ref);
    if (random === undefined) throw new Error(`could not answer: expected a record of the trial, got ${ref}`);
    return random;
  }
}

function refOf({ url, body }: WireRequest): string {
  if (typeof body === "string") return (JSON.parse(body) as { readonly ref: string }).ref;
  return new URL(url).searchParams.get("ref") ?? "";
}

function over({ status, body }: Answered): WireResponse {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
}

// All that one simulated account has: its objects by kind, what was deleted, each change told as an event, and what
// search knows of it all, a little late.
import type { Clock, Random } from "../../../src/world/world.ts";
import { copyOf, listOf, type Body } from "./body.ts";
import { noSuch } from "./errors.ts";
import { newId } from "./ids.ts";

const KINDS = [
  "customer",
  "product",
  "price",
  "invoiceitem",
  "invoice",
  "invoice_payment",
  "payment_intent",
  "charge",
  "refund",
  "subscription",
  "event",
  "webhook_endpoint",
] as const;
export type Kind = (typeof KINDS)[number];

/** How an error calls an object that is not there. */
const WORDS: Partial<Record<Kind, string>> = { invoiceitem: "invoice item", webhook_endpoint: "webhook endpoint" };
const LINES_SHOWN = 10;

/** The call that is being worked on, as events tell it. */
export interface Cause {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}

export interface LedgerOptions {
  readonly accountId: string;
  readonly livemode: boolean;
  readonly currency: string;
  readonly apiVersion: string;
  readonly searchLagMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

interface Seen {
  readonly at: number;
  /** Undefined: it was deleted. */
  readonly body: Body | undefined;
}

export class Ledger {
  readonly accountId: string;
  readonly livemode: boolean;
  readonly currency: string;
  readonly objects = Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as unknown as Readonly<
    Record<Kind, Map<string, Body>>
  >;
  /** What is left of a deleted object, by its id. */
  readonly gone = new Map<string, Body>();
  /** Each invoice's lines, all of them. */
  readonly lines = new Map<string, Body[]>();
  /** When each event happened, in milliseconds. */
  readonly eventTimes = new Map<string, number>();
  cause: Cause = { id: null, idempotency_key: null };
  /** Told of every event, in order; the webhooks listen. */
  onEvent: (event: Body) => void = () => {};
  readonly #options: LedgerOptions;
  readonly #seen = new Map<string, Seen[]>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.accountId = options.accountId;
    this.livemode = options.livemode;
    this.currency = options.currency;
  }

  get nowMs(): number {
    return this.#options.clock.now();
  }

  /** Whole seconds, which is all that Stripe's times tell. */
  get now(): number {
    return Math.floor(this.nowMs / 1_000);
  }

  newId(prefix: string, characters?: number): string {
    return newId(this.#options.random, prefix, characters);
  }

  find(kind: Kind, id: string): Body | undefined {
    return this.objects[kind].get(id);
  }

  /** `param` is what named it: then a missing one is 400, else (in the path) 404. */
  get(kind: Kind, id: string, param?: string): Body {
    const found = this.find(kind, id);
    if (found === undefined) {
      throw noSuch(WORDS[kind] ?? kind, id, param ?? "id", param === undefined ? 404 : 400);
    }
    return found;
  }

  /** Whatever has this id, for expanding. */
  any(id: string): Body | undefined {
    for (const kind of KINDS) {
      const found = this.objects[kind].get(id);
      if (found !== undefined) return found;
    }
    return this.gone.get(id);
  }

  add(kind: Kind, body: Body, event?: string): Body {
    const id = String(body["id"]);
    this.objects[kind].set(id, body);
    this.gone.delete(id);
    this.#remember(kind, id, body);
    if (event !== undefined) this.emit(event, body);
    return body;
  }

  /** Changes some fields and tells what they were before; nothing changed is nothing to tell. */
  change(kind: Kind, id: string, changes: Body, ...events: readonly string[]): Body {
    const before = this.get(kind, id);
    const after: Body = { ...before, ...changes };
    const previous: Body = {};
    for (const name of Object.keys(changes)) {
      if (JSON.stringify(before[name]) !== JSON.stringify(changes[name])) previous[name] = before[name] ?? null;
    }
    this.objects[kind].set(id, after);
    if (Object.keys(previous).length === 0) return after;
    this.#remember(kind, id, after);
    for (const event of events) this.emit(event, after, event.endsWith(".updated") ? previous : undefined);
    return after;
  }

  remove(kind: Kind, id: string, event?: string): Body {
    const before = this.get(kind, id);
    const stub: Body = { id, object: kind, deleted: true };
    this.objects[kind].delete(id);
    this.gone.set(id, stub);
    this.#remember(kind, id, undefined);
    if (event !== undefined) this.emit(event, before);
    return stub;
  }

  emit(type: string, object: Body, previous?: Body): void {
    const data = {
      object: copyOf(object),
      ...(previous === undefined ? {} : { previous_attributes: copyOf(previous) }),
    };
    const event: Body = {
      id: this.newId("evt"),
      object: "event",
      api_version: this.#options.apiVersion,
      created: this.now,
      data,
      livemode: this.livemode,
      pending_webhooks: 0,
      request: { ...this.cause },
      type,
    };
    this.objects.event.set(String(event["id"]), event);
    this.eventTimes.set(String(event["id"]), this.nowMs);
    this.onEvent(event);
  }

  /** The newest first, as every list shows them. */
  newestFirst(kind: Kind): readonly Body[] {
    return [...this.objects[kind].values()].toReversed();
  }

  /** What search has seen of a kind by now, the newest first. */
  searched(kind: Kind): readonly Body[] {
    const until = this.nowMs - this.#options.searchLagMs;
    const found: Body[] = [];
    for (const [place, seen] of this.#seen) {
      if (!place.startsWith(`${kind} `)) continue;
      const body = seen.findLast(({ at }) => at <= until)?.body;
      if (body !== undefined) found.push(body);
    }
    return found.toReversed();
  }

  /** The list of an invoice's lines as it is shown within the invoice: the first ten. */
  shownLines(invoice: string): Body {
    return listOf(this.lines.get(invoice) ?? [], `/v1/invoices/${invoice}/lines`, LINES_SHOWN);
  }

  #remember(kind: Kind, id: string, body: Body | undefined): void {
    const place = `${kind} ${id}`;
    const now = this.nowMs;
    const seen = this.#seen.get(place) ?? [];
    const until = now - this.#options.searchLagMs;
    // Of what search shows already, only the last is needed.
    const first = Math.max(
      0,
      seen.findLastIndex(({ at }) => at <= until),
    );
    this.#seen.set(place, [...seen.slice(first), { at: now, body }]);
  }
}

// The state of one simulated shop: its records, their numbers, the clock they are stamped by, and the search index that
// follows them a little late.
import type { Clock, Random } from "../../../src/world/world.ts";
import { isShown } from "./scopes.ts";
import type {
  Reference,
  SimulatedCustomer,
  SimulatedLineItem,
  SimulatedOrder,
  SimulatedProduct,
  SimulatedSubscription,
  SimulatedVariant,
} from "./records.ts";

export type ChangedRecord = SimulatedOrder | SimulatedCustomer | SimulatedProduct;

/** What becomes a webhook: a topic such as "orders/create", and the record it is about. */
export interface ShopEvent {
  readonly topic: string;
  readonly record: ChangedRecord;
  /** For refunds/create. */
  readonly refundId?: string;
}

export interface ShopOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How long after a change the search still shows what was before, in milliseconds. */
  readonly searchLagMs: number;
  /** How long after it was asked for an order is cancelled, in milliseconds. */
  readonly cancelLagMs: number;
  /** Of prices and of orders that name none. */
  readonly currencyCode: string;
  readonly emit: (event: ShopEvent) => void;
  readonly scopes: readonly string[];
}

/** A time from which on the search shows this version. */
interface IndexEntry {
  readonly visibleAt: number;
  readonly updatedAt: string;
}

const FIRST_NUMBER = 5_400_000_000_001;
const FIRST_ORDER_NUMBER = 1001;

export class SimulatedShop {
  readonly customers = new Map<string, SimulatedCustomer>();
  readonly products = new Map<string, SimulatedProduct>();
  readonly variants = new Map<string, SimulatedVariant>();
  readonly orders = new Map<string, SimulatedOrder>();
  /** The lines of all orders. */
  readonly lineItems = new Map<string, SimulatedLineItem>();
  readonly subscriptions = new Map<string, SimulatedSubscription>();
  readonly clock: Clock;
  readonly random: Random;
  readonly currencyCode: string;
  /** What the app may do. */
  scopes: readonly string[];
  searchLagMs: number;
  readonly cancelLagMs: number;
  readonly #emit: (event: ShopEvent) => void;
  readonly #index = new Map<string, readonly IndexEntry[]>();
  #number = FIRST_NUMBER;
  #orderNumber = FIRST_ORDER_NUMBER;
  #quiet = 0;
  #backThen: number | undefined;

  constructor({ clock, random, searchLagMs, cancelLagMs, currencyCode, emit, scopes }: ShopOptions) {
    this.clock = clock;
    this.random = random;
    this.searchLagMs = searchLagMs;
    this.cancelLagMs = cancelLagMs;
    this.currencyCode = currencyCode;
    this.#emit = emit;
    this.scopes = scopes;
  }

  /** Now, cut to the second as all of Shopify's times are. */
  now(): string {
    return `${new Date(this.#backThen ?? this.clock.now()).toISOString().slice(0, 19)}Z`;
  }

  /** A new "gid://shopify/{type}/{number}". */
  newId(type: string): string {
    this.#number += 1 + Math.floor(this.random.next() * 40);
    return `gid://shopify/${type}/${this.#number}`;
  }

  newOrderNumber(): number {
    const number = this.#orderNumber;
    this.#orderNumber += 1;
    return number;
  }

  /** Does something without a webhook, as when a shop is made that was there before anybody subscribed. */
  quietly<Result>(work: () => Result): Result {
    this.#quiet += 1;
    try {
      return work();
    } finally {
      this.#quiet -= 1;
    }
  }

  /** Does something as if it had been done at that time, in milliseconds since 1970. */
  at<Result>(time: number, work: () => Result): Result {
    const before = this.#backThen;
    this.#backThen = time;
    try {
      return work();
    } finally {
      this.#backThen = before;
    }
  }

  /** Marks a record as changed now, or at a time in the past that it was made to have. */
  touch(record: { readonly id: string; updatedAt: string }, at = this.now()): void {
    record.updatedAt = at;
    const now = this.clock.now();
    const past = Date.parse(at) < now - 1000;
    const entry = { visibleAt: past ? Date.parse(at) : now + this.searchLagMs, updatedAt: at };
    const before = this.#index.get(record.id) ?? [];
    const seen = before.findLastIndex(({ visibleAt }) => visibleAt <= now);
    this.#index.set(record.id, [...before.slice(Math.max(0, seen)), entry]);
  }

  /** When the record was last changed, as far as the search knows; undefined while it does not know the record. */
  indexedUpdatedAt(id: string): string | undefined {
    const now = this.clock.now();
    return this.#index.get(id)?.findLast(({ visibleAt }) => visibleAt <= now)?.updatedAt;
  }

  emit(topic: string, record: ChangedRecord, refundId?: string): void {
    if (this.#quiet > 0) return;
    this.#emit(refundId === undefined ? { topic, record } : { topic, record, refundId });
  }

  /** The record that an id or a reference names; null when it is not there. */
  find(id: string): object | null {
    return (
      this.shownOrder(id) ??
      this.customers.get(id) ??
      this.variants.get(id) ??
      this.products.get(id) ??
      this.subscriptions.get(id) ??
      null
    );
  }

  /** The order, where the app may see it. */
  shownOrder(id: string): SimulatedOrder | null {
    const order = this.orders.get(id);
    return order !== undefined && isShown(order, this.scopes, this.clock.now()) ? order : null;
  }

  resolve<Found>(map: ReadonlyMap<string, Found>, reference: Reference | null): Found | null {
    return reference === null ? null : (map.get(reference.id) ?? null);
  }
}

/** The number at the end of an id, as it travels in webhooks and as `legacyResourceId`. */
export function numberOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

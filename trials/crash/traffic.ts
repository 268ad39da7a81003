// What happens in the shop meanwhile: orders are placed, edited, paid, refunded and cancelled, customers come and change
// their names; now and then without any webhook, and shown by the search late and out of order.
import type { ShopifySimulator } from "../../connectors/shopify/simulator.ts";
import type { Random } from "../../src/world/world.ts";

/** Between two things that happen, in milliseconds. */
const PAUSE_MS = { min: 150, max: 700 };
/** The search shows a change within this time, in milliseconds. */
export const SEARCH_LAG_MS_MAX = 3_000;
const UNTOLD = 0.1;
const FIRST_CUSTOMERS = 20;
/** Things happen to this many of the last orders. */
const RECENT = 30;

type Happening = () => void;

export class Traffic {
  readonly #shop: ShopifySimulator;
  readonly #random: Random;
  readonly #happenings: readonly (readonly [number, Happening])[] = [
    [0.36, () => this.#placeOrders()],
    [0.32, () => this.#editOrder()],
    [0.1, () => this.#payOrder()],
    [0.07, () => this.#refundOrder()],
    [0.05, () => this.#cancelOrder()],
    [0.05, () => this.#renameCustomer()],
    [0.05, () => this.#newCustomer()],
  ];
  readonly #customerIds: string[] = [];
  readonly #orderIds: string[] = [];
  #counter = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(shop: ShopifySimulator, random: Random) {
    this.#shop = shop;
    this.#random = random;
    for (let i = 0; i < FIRST_CUSTOMERS; i += 1) this.#newCustomer();
  }

  start(): void {
    const pauseMs = PAUSE_MS.min + this.#random.next() * (PAUSE_MS.max - PAUSE_MS.min);
    this.#timer = setTimeout(() => {
      this.#happen();
      this.start();
    }, pauseMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #happen(): void {
    this.#shop.searchLagMs = Math.floor(this.#random.next() * SEARCH_LAG_MS_MAX);
    let dice = this.#random.next();
    const happening = this.#happenings.find(([share]) => (dice -= share) < 0)?.[1] ?? this.#happenings[0]![1];
    if (this.#random.next() < UNTOLD) this.#shop.quietly(happening);
    else happening();
  }

  /** Up to four in the same moment. */
  #placeOrders(): void {
    const count = 1 + Math.floor(this.#random.next() ** 2 * 4);
    for (let i = 0; i < count; i += 1) {
      const lines = Array.from({ length: 1 + Math.floor(this.#random.next() * 3) }, (_, line) => ({
        title: `Thing ${line + 1}`,
        quantity: 1 + Math.floor(this.#random.next() * 3),
        unitPrice: (1 + this.#random.next() * 99).toFixed(2),
      }));
      const financialStatus = this.#random.next() < 0.8 ? "PAID" : "PENDING";
      const order = this.#shop.addOrder({
        customerId: this.#one(this.#customerIds),
        lines,
        financialStatus,
        note: "as placed",
      });
      this.#orderIds.push(order.id);
    }
  }

  #editOrder(): void {
    const order = this.#recentOrder(() => true);
    this.#counter += 1;
    if (order !== undefined) this.#shop.editOrder(order.id, { note: `edit ${this.#counter}` });
  }

  #payOrder(): void {
    const order = this.#recentOrder(({ displayFinancialStatus }) => displayFinancialStatus === "PENDING");
    if (order !== undefined) this.#shop.payOrder(order.id);
  }

  #refundOrder(): void {
    const order = this.#recentOrder(({ displayFinancialStatus }) => displayFinancialStatus === "PAID");
    const line = order?.lineItems[0];
    if (order !== undefined && line !== undefined) {
      this.#shop.refundOrder(order.id, { lines: [{ lineItemId: line.id, quantity: 1 }] });
    }
  }

  #cancelOrder(): void {
    const order = this.#recentOrder(() => true);
    if (order !== undefined) this.#shop.cancelOrder(order.id);
  }

  #renameCustomer(): void {
    this.#counter += 1;
    this.#shop.editCustomer(this.#one(this.#customerIds), { firstName: `Renamed ${this.#counter}` });
  }

  #newCustomer(): void {
    this.#counter += 1;
    const { id } = this.#shop.addCustomer({ firstName: "New", lastName: `Name ${this.#counter}` });
    this.#customerIds.push(id);
  }

  #recentOrder(fits: (order: OrderNow) => boolean): OrderNow | undefined {
    const recent = this.#orderIds.slice(-RECENT).map((id) => this.#shop.orders.get(id)!);
    const fitting = recent.filter((order) => order.cancelledAt === null && fits(order));
    return fitting.length === 0 ? undefined : this.#one(fitting);
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random.next() * items.length)]!;
  }
}

type OrderNow = ShopifySimulator["orders"] extends ReadonlyMap<string, infer Order> ? Order : never;

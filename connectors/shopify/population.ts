// Fills a simulated shop with people, wares and orders like those of a real one, and lets it live on, from a seed.
import type { Random } from "../../src/world/world.ts";
import { type Market, MAKES, NAMES, type Person, PLACES, type Place, taxesAt, WARES } from "./population/names.ts";
import { centsInBag, centsOf, decimalOf } from "./simulator/cents.ts";
import type {
  AddressDraft,
  LineDraft,
  OrderDraft,
  ShopifySimulator,
  SimulatedCustomer,
  SimulatedOrder,
  SimulatedVariant,
} from "./simulator.ts";

export interface Population {
  readonly random: Random;
  /** Default: 1,000. */
  readonly customers?: number;
  /** Default: 2,000. */
  readonly orders?: number;
  /** Default: 60. */
  readonly products?: number;
  /** The time now, in milliseconds since 1970: the orders lie in the days before. */
  readonly now: number;
  /** Over how many days the orders are spread. Default: 50. */
  readonly days?: number;
  /** Send webhooks of all this too. Default: false, the shop was there before anybody subscribed. */
  readonly loud?: boolean;
}

/** What one live event was: for the log of a demo, and for counting. */
export interface LiveEvent {
  readonly kind:
    | "order"
    | "note"
    | "tags"
    | "email"
    | "address"
    | "quantity"
    | "payment"
    | "refund"
    | "cancellation"
    | "customer"
    | "rename"
    | "price";
  readonly key: string;
}

const DAY_MS = 86_400_000;
/** How long after an order it is sent, paid, refunded or cancelled. */
const SETTLED_WITHIN_MS = 4 * DAY_MS;
const SECOND_MS = 1000;

export function populateShop(simulator: ShopifySimulator, population: Population): void {
  const { loud = false } = population;
  if (loud) populate(simulator, population);
  else simulator.quietly(() => populate(simulator, population));
}

function populate(simulator: ShopifySimulator, population: Population): void {
  const { random, now, customers = 1000, orders = 2000, products = 60, days = 50 } = population;
  const dice = new Dice(random);
  const begin = now - days * DAY_MS;
  for (let number = 0; number < products; number += 1) addWare(simulator, dice, number, isoAt(begin - DAY_MS));
  const variants = [...simulator.variants.values()];
  const people: SimulatedCustomer[] = [];
  for (let number = 0; number < customers; number += 1) {
    people.push(addPerson(simulator, dice, people, isoAt(begin + (number * days * DAY_MS) / customers / 2)));
  }
  for (let number = 0; number < orders; number += 1) {
    const createdAt = isoAt(begin + ((number + dice.share()) * days * DAY_MS) / orders);
    // Orders come from those who are customers by then; most come back.
    const known = people.slice(0, Math.max(1, Math.floor(people.length * Math.min(1, (2 * number + 2) / orders))));
    const order = simulator.addOrder({ ...orderDraft(dice, known, variants), createdAt });
    const settledAt = Math.min(now - SECOND_MS, Date.parse(createdAt) + dice.share() * SETTLED_WITHIN_MS);
    simulator.at(settledAt, () => settleOld(simulator, dice, order));
  }
}

/** Some orders of the past were paid late, refunded, cancelled or sent. */
function settleOld(simulator: ShopifySimulator, dice: Dice, order: SimulatedOrder): void {
  const { id, displayFinancialStatus } = order;
  if (displayFinancialStatus !== "PAID") {
    if (dice.chance(0.2)) simulator.cancelOrder(id, { reason: "DECLINED" });
    return;
  }
  if (dice.chance(0.03)) simulator.cancelOrder(id, { reason: dice.pick(["CUSTOMER", "INVENTORY", "FRAUD"] as const) });
  else if (dice.chance(0.06)) refundSome(simulator, dice, order);
  else if (dice.chance(0.6)) simulator.editOrder(id, { displayFulfillmentStatus: "FULFILLED" });
}

/** One event of a shop that is open: mostly a new paid order. */
export function liveStep(simulator: ShopifySimulator, random: Random): LiveEvent {
  const dice = new Dice(random);
  const roll = dice.share();
  if (roll < 0.62) return newOrder(simulator, dice);
  if (roll < 0.84) return changeOrder(simulator, dice) ?? newOrder(simulator, dice);
  if (roll < 0.9) return { kind: "customer", key: addPerson(simulator, dice, listed(simulator.customers)).id };
  if (roll < 0.96) return rename(simulator, dice) ?? newOrder(simulator, dice);
  return reprice(simulator, dice) ?? newOrder(simulator, dice);
}

function newOrder(simulator: ShopifySimulator, dice: Dice): LiveEvent {
  const draft = orderDraft(dice, listed(simulator.customers), listed(simulator.variants));
  const financialStatus = dice.chance(0.95) ? "PAID" : "PENDING";
  return { kind: "order", key: simulator.addOrder({ ...draft, financialStatus }).id };
}

/** How far back a live change reaches: most concern what came lately. */
const LATELY = 400;

function changeOrder(simulator: ShopifySimulator, dice: Dice): LiveEvent | undefined {
  const lately = listed(simulator.orders).slice(-LATELY);
  if (lately.length === 0) return undefined;
  const order = dice.pick(lately);
  const { id: key } = order;
  const open = order.cancelledAt === null;
  const whole = open && order.refunds.length === 0;
  const kinds = ["note", "tags", "email", "address", "payment", "quantity", "refund", "cancellation"] as const;
  const kind = dice.pick(kinds);
  if (kind === "tags") simulator.editOrder(key, { tags: [...order.tags, dice.pick(TAGS)] });
  else if (kind === "email") simulator.editOrder(key, { email: `new.${dice.whole(1, 99_999)}@example.com` });
  else if (kind === "address")
    simulator.editOrder(key, { shippingAddress: addressOf(dice, placeOf(dice, "US"), order) });
  else if (kind === "payment" && open && order.displayFinancialStatus === "PENDING") simulator.payOrder(key);
  else if (kind === "quantity" && whole && order.displayFinancialStatus === "PAID")
    changeQuantity(simulator, dice, order);
  else if (kind === "refund" && whole && canRefund(order)) refundSome(simulator, dice, order);
  else if (kind === "cancellation" && whole) simulator.cancelOrder(key);
  else {
    simulator.editOrder(key, { note: dice.pick(NOTES) });
    return { kind: "note", key };
  }
  return { kind, key };
}

/** Units are added to a line, or taken off it; the difference is paid. */
function changeQuantity(simulator: ShopifySimulator, dice: Dice, order: SimulatedOrder): void {
  const line = dice.pick(order.lineItems);
  const quantity = dice.chance(0.7) ? line.currentQuantity + dice.whole(1, 2) : Math.max(1, line.currentQuantity - 1);
  simulator.editOrder(order.id, { quantities: { [line.id]: quantity } });
  if (centsInBag(order.totalOutstandingSet) > 0) simulator.payOrder(order.id);
}

function canRefund(order: SimulatedOrder): boolean {
  return order.displayFinancialStatus === "PAID" && centsInBag(order.totalPriceSet) > 0;
}

function refundSome(simulator: ShopifySimulator, dice: Dice, order: SimulatedOrder): void {
  if (!canRefund(order)) return;
  if (dice.chance(0.3)) simulator.refundOrder(order.id, { shipping: true, note: "Everything came back" });
  else {
    const line = dice.pick(order.lineItems);
    const quantity = dice.whole(1, line.currentQuantity);
    simulator.refundOrder(order.id, {
      lines: [{ lineItemId: line.id, quantity }],
      note: dice.pick([null, "Broken", "Übergröße"]),
    });
  }
}

function rename(simulator: ShopifySimulator, dice: Dice): LiveEvent | undefined {
  const customers = listed(simulator.customers);
  if (customers.length === 0) return undefined;
  const { id } = dice.pick(customers);
  const { lastName } = personOf(dice);
  simulator.editCustomer(id, { lastName });
  return { kind: "rename", key: id };
}

function reprice(simulator: ShopifySimulator, dice: Dice): LiveEvent | undefined {
  const variants = listed(simulator.variants);
  if (variants.length === 0) return undefined;
  const variant = dice.pick(variants);
  const cents = Math.max(1, Math.round(centsOf(variant.price) * (0.8 + dice.share() * 0.4)));
  simulator.editVariant(variant.id, { price: decimalOf(cents) });
  return { kind: "price", key: variant.product.id };
}

function addWare(simulator: ShopifySimulator, dice: Dice, number: number, createdAt: string): void {
  const ware = WARES[number % WARES.length];
  if (ware === undefined) return;
  const make = MAKES[Math.floor(number / WARES.length) % MAKES.length] ?? "Classic";
  const round = Math.floor(number / WARES.length / MAKES.length);
  const title = `${ware.title} – ${make}${round === 0 ? "" : ` ${round + 1}`}`;
  const price = decimalOf(ware.cents + (number % 7) * 10);
  const code = `W${String(number + 1).padStart(3, "0")}`;
  const variants = (ware.sizes ?? [undefined]).map((size, index) => ({
    ...(size === undefined ? {} : { options: { Size: size } }),
    price,
    // A few wares have no number of their own, as in every shop.
    sku: number % 19 === 18 ? null : `${code}${size === undefined ? "" : `-${index + 1}`}`,
    inventoryQuantity: dice.whole(0, 400),
  }));
  simulator.addProduct({ title, productType: ware.type, vendor: "Bowline & Co.", tags: [make], variants, createdAt });
}

function personOf(dice: Dice): Person {
  const names = dice.pick(NAMES);
  return { firstName: dice.pick(names.first), lastName: dice.pick(names.last), locale: names.locale };
}

function addPerson(
  simulator: ShopifySimulator,
  dice: Dice,
  before: readonly Readonly<SimulatedCustomer>[],
  createdAt?: string,
): SimulatedCustomer {
  // Now and then two different people have one name.
  const twin = before.length > 0 && dice.chance(0.04) ? dice.pick(before) : undefined;
  const person =
    twin === undefined ? personOf(dice) : { firstName: twin.firstName, lastName: twin.lastName, locale: twin.locale };
  const number = simulator.customers.size + 1;
  const hasEmail = dice.chance(0.93);
  const nameless = hasEmail && dice.chance(0.03);
  const place = placeOf(dice, dice.pick(["US", "US", "EU", "GB"] as const));
  return simulator.addCustomer({
    firstName: nameless ? null : person.firstName,
    lastName: nameless || dice.chance(0.04) ? null : person.lastName,
    locale: person.locale,
    email: hasEmail ? `customer${number}.${dice.whole(100, 999)}@example.com` : null,
    phone: hasEmail && dice.chance(0.7) ? null : `+1555${String(number).padStart(7, "0")}`,
    marketing: dice.chance(0.4),
    tags: dice.chance(0.2) ? [dice.pick(TAGS)] : [],
    note: dice.chance(0.05) ? dice.pick(NOTES) : null,
    taxExempt: dice.chance(0.02),
    addresses: dice.chance(0.9) ? [addressOf(dice, place, person)] : [],
    ...(createdAt === undefined ? {} : { createdAt }),
  });
}

function orderDraft(
  dice: Dice,
  people: readonly Readonly<SimulatedCustomer>[],
  variants: readonly Readonly<SimulatedVariant>[],
): OrderDraft {
  // Who buys from abroad is shown, and pays, in their own currency; the shop's is another matter (schema, `Order`).
  const market = dice.pick(["US", "US", "US", "US", "US", "US", "EU", "EU", "GB"] as const);
  const place = placeOf(dice, market);
  const guest = people.length === 0 || dice.chance(0.08);
  const customer = guest ? undefined : dice.pick(people);
  const person = customer ?? personOf(dice);
  const taxes = customer?.taxExempt === true ? { goods: [], shipping: [] } : taxesAt(place);
  const lines = linesOf(dice, variants, taxes.goods);
  const free = dice.chance(0.01);
  const sums = lines.map(
    (line) => centsOf(line.unitPrice ?? "0") * (line.quantity ?? 1) - centsOf(line.discount ?? "0"),
  );
  const goods = sums.reduce((total, cents) => total + cents, 0);
  const discount = free ? goods : dice.chance(0.15) ? Math.round((goods * dice.pick([5, 10, 15, 33])) / 100) : 0;
  const address = addressOf(dice, place, person);
  return {
    customerId: customer?.id ?? null,
    presentmentCurrencyCode: CURRENCIES[market],
    lines,
    shipping: free || dice.chance(0.12) ? [] : [{ ...dice.pick(SHIPPINGS[market]), taxes: taxes.shipping }],
    ...(discount === 0
      ? {}
      : { discount: { code: free ? "GIFT" : dice.pick(["WELCOME", "SUMMER26", "ÉTÉ"]), amount: decimalOf(discount) } }),
    financialStatus: dice.chance(0.92) || free ? "PAID" : dice.pick(["PENDING", "AUTHORIZED"] as const),
    ...(guest ? { email: dice.chance(0.8) ? `guest${dice.whole(1, 999_999)}@example.com` : null } : {}),
    billingAddress: address,
    shippingAddress: dice.chance(0.85) ? address : addressOf(dice, place, personOf(dice)),
    tags: dice.chance(0.1) ? [dice.pick(TAGS)] : [],
    note: dice.chance(0.06) ? dice.pick(NOTES) : null,
    sourceName: dice.chance(0.9) ? "web" : "pos",
    test: dice.chance(0.005),
  };
}

function linesOf(
  dice: Dice,
  variants: readonly Readonly<SimulatedVariant>[],
  taxes: LineDraft["taxes"] & object,
): readonly LineDraft[] {
  const many = dice.chance(0.01);
  const count = many ? dice.whole(11, 30) : dice.pick([1, 1, 1, 2, 2, 3, 4, 6]);
  return Array.from({ length: count }, (): LineDraft => {
    const variant = variants.length === 0 || dice.chance(0.02) ? undefined : dice.pick(variants);
    const unitPrice = variant?.price ?? decimalOf(dice.whole(1, 9999));
    const quantity = dice.pick([1, 1, 1, 1, 2, 2, 3, 5, 12]);
    const gross = centsOf(unitPrice) * quantity;
    const discount = dice.chance(0.06) ? Math.floor(gross / 10) : 0;
    return {
      ...(variant === undefined
        ? { title: "Gift wrap 🎁", sku: null, requiresShipping: false }
        : { variantId: variant.id }),
      unitPrice,
      quantity,
      ...(discount === 0 ? {} : { discount: decimalOf(discount) }),
      taxes: taxes ?? [],
    };
  });
}

const CURRENCIES: Readonly<Record<Market, string>> = { US: "USD", EU: "EUR", GB: "GBP" };

const SHIPPINGS: Readonly<Record<Market, readonly { readonly title: string; readonly price: string }[]>> = {
  US: [
    { title: "Standard", price: "5.00" },
    { title: "Express", price: "19.95" },
  ],
  EU: [
    { title: "DHL Päckchen", price: "4.99" },
    { title: "Colissimo", price: "7.45" },
  ],
  GB: [
    { title: "Royal Mail Tracked 48", price: "3.39" },
    { title: "Next day", price: "8.10" },
  ],
};

const TAGS = ["vip", "wholesale", "gift", "Prüfen", "repeat customer", "2026-summer", "日本"] as const;
const NOTES = [
  "Please leave at the door.",
  "Geschenk: bitte ohne Rechnung!",
  'He said "call first" & don\'t ring\nSecond line',
  "🎁 お誕生日おめでとう",
  "=SUM(A1:A9)",
  "<b>urgent</b>",
] as const;

function placeOf(dice: Dice, market: Market): Place {
  return dice.pick(PLACES[market]);
}

/** Only people have names; an order's own address keeps the name of whoever is in it. */
function addressOf(dice: Dice, place: Place, whose: object): AddressDraft {
  const { firstName = "Kim", lastName = "Example" } = whose as Partial<Person>;
  return {
    firstName,
    lastName,
    address1: `${dice.whole(1, 240)} ${place.street}`,
    address2: dice.chance(0.2) ? `Apt ${dice.whole(1, 60)}` : null,
    city: place.city,
    zip: place.zip,
    countryCode: place.countryCode,
    provinceCode: place.provinceCode ?? null,
    company: dice.chance(0.05) ? "Çelik & Söhne GmbH" : null,
  };
}

function listed<Item>(items: ReadonlyMap<string, Item>): readonly Item[] {
  return [...items.values()];
}

function isoAt(milliseconds: number): string {
  return `${new Date(Math.floor(milliseconds / SECOND_MS) * SECOND_MS).toISOString().slice(0, 19)}Z`;
}

class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  share(): number {
    return this.#random.next();
  }

  chance(share: number): boolean {
    return this.#random.next() < share;
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.#random.next() * (to - from + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random.next() * items.length)] as Item;
  }
}

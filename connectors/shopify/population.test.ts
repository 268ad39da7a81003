import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { liveStep, populateShop } from "./population.ts";
import { centsInBag, centsOf } from "./simulator/cents.ts";
import {
  createShopifySimulator,
  type ShopifySimulator,
  type SimulatedMoneyBag,
  type SimulatedOrder,
} from "./simulator.ts";

function populated(seed: number): {
  readonly simulator: ShopifySimulator;
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly sent: string[];
} {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const sent: string[] = [];
  const simulator = createShopifySimulator({
    clock,
    random,
    accessToken: "shpat_x",
    webhookSecret: "secret",
    webhookUrl: "http://receiver.test/",
    shop: "demo",
    send: ({ headers }) => {
      sent.push(headers["x-shopify-topic"] ?? "");
      return Promise.resolve(200);
    },
  });
  populateShop(simulator, { random, now: clock.now(), customers: 300, orders: 800, products: 60 });
  return { simulator, random, clock, sent };
}

const cents = (bags: readonly SimulatedMoneyBag[]): number => bags.reduce((total, bag) => total + centsInBag(bag), 0);

/** Every sum that must hold for an order, whatever happened to it. */
function checkSums(order: Readonly<SimulatedOrder>): void {
  const { name, lineItems, shippingLines, refunds } = order;
  const gross = lineItems.reduce((total, line) => total + centsInBag(line.originalUnitPriceSet) * line.quantity, 0);
  const discounts = cents(
    lineItems.flatMap((line) => line.discountAllocations.map((share) => share.allocatedAmountSet)),
  );
  const taxes = cents([...lineItems, ...shippingLines].flatMap((line) => line.taxLines.map((tax) => tax.priceSet)));
  const shipping = cents(shippingLines.map((line) => line.discountedPriceSet));
  const total = centsInBag(order.totalPriceSet);
  assert.equal(total, gross - discounts + shipping + taxes, `${name}: total`);
  assert.equal(centsInBag(order.totalDiscountsSet), discounts, `${name}: discounts`);
  assert.equal(cents(order.taxLines.map((tax) => tax.priceSet)), taxes, `${name}: taxes by rate`);
  const refunded = cents(refunds.map((refund) => refund.totalRefundedSet));
  assert.equal(centsInBag(order.totalRefundedSet), refunded, `${name}: refunded`);
  for (const refund of refunds) {
    const lines = cents(refund.refundLineItems.flatMap((line) => [line.subtotalSet, line.totalTaxSet]));
    assert.equal(
      centsInBag(refund.totalRefundedSet),
      lines + refund.shippingCents + refund.shippingTaxCents,
      `${name}: refund`,
    );
  }
  const removed = lineItems.some((line) => {
    const given = refunds.flatMap((refund) => refund.refundLineItems).filter(({ lineItem }) => lineItem.id === line.id);
    return line.quantity - line.currentQuantity !== given.reduce((sum, { quantity }) => sum + quantity, 0);
  });
  const current = centsInBag(order.currentTotalPriceSet);
  if (!removed && order.cancelledAt === null) assert.equal(current, total - refunded, `${name}: current total`);
  assert.ok(current >= 0, `${name}: negative`);
  if (order.displayFinancialStatus === "PAID" && !removed)
    assert.equal(centsInBag(order.totalOutstandingSet), 0, `${name}: outstanding`);
}

describe("a populated shop", () => {
  test("the same seed makes the same shop, another seed another", () => {
    const shown = (seed: number): string => JSON.stringify([...populated(seed).simulator.orders.values()]);
    assert.equal(shown(3), shown(3));
    assert.notEqual(shown(3), shown(4));
  });

  test("nobody is told of what was there before", async () => {
    const { clock, sent } = populated(1);
    await clock.advance(1000);
    assert.deepEqual(sent, []);
  });

  test("every order's sums are right to the cent, before and after a thousand live events", async () => {
    const { simulator, random, clock, sent } = populated(5);
    for (const order of simulator.orders.values()) checkSums(order);
    for (let step = 0; step < 1000; step += 1) {
      liveStep(simulator, random);
      if (step % 10 === 0) await clock.advance(1000);
    }
    for (const order of simulator.orders.values()) checkSums(order);
    await clock.advance(1000);
    assert.ok(sent.length > 1000);
  });

  test("orders are paid in three currencies, and all are in the shop's own, too", () => {
    const { simulator } = populated(2);
    const orders = [...simulator.orders.values()];
    const codes = (of: (order: SimulatedOrder) => string): readonly string[] => [...new Set(orders.map(of))].toSorted();
    assert.deepEqual(
      codes(({ currencyCode }) => currencyCode),
      ["USD"],
    );
    assert.deepEqual(
      codes(({ presentmentCurrencyCode }) => presentmentCurrencyCode),
      ["EUR", "GBP", "USD"],
    );
    for (const { presentmentCurrencyCode, totalPriceSet, lineItems } of orders) {
      for (const { shopMoney, presentmentMoney } of [
        totalPriceSet,
        ...lineItems.map((line) => line.discountedTotalSet),
      ]) {
        assert.deepEqual([shopMoney.currencyCode, presentmentMoney.currencyCode], ["USD", presentmentCurrencyCode]);
        if (Number(shopMoney.amount) < 1) continue;
        assert.equal(presentmentMoney.amount === shopMoney.amount, presentmentCurrencyCode === "USD");
      }
    }
  });

  test("it holds what breaks careless code", () => {
    const { simulator } = populated(2);
    const orders = [...simulator.orders.values()];
    const customers = [...simulator.customers.values()];
    const some = (what: string, count: number): void => assert.ok(count > 0, `no ${what}`);
    const share = (fits: (order: SimulatedOrder) => boolean): number => orders.filter(fits).length;
    const countries = new Set(orders.map(({ shippingAddress }) => shippingAddress?.countryCodeV2));
    some("orders from abroad", countries.size - 1);
    some(
      "guests",
      share((order) => order.customer === null),
    );
    some(
      "orders without an e-mail",
      share((order) => order.email === null),
    );
    some(
      "unpaid orders",
      share((order) => order.displayFinancialStatus === "PENDING"),
    );
    some(
      "orders of nothing",
      share((order) => centsInBag(order.totalPriceSet) === 0),
    );
    some(
      "refunds of a part",
      share((order) => order.displayFinancialStatus === "PARTIALLY_REFUNDED"),
    );
    some(
      "cancelled orders",
      share((order) => order.cancelledAt !== null),
    );
    some(
      "several taxes",
      share((order) => order.taxLines.length > 2),
    );
    some(
      "codes",
      share((order) => order.discountCodes.length > 0),
    );
    some(
      "discounts of a line",
      share(({ lineItems }) => lineItems.some((line) => centsInBag(line.totalDiscountSet) > 0)),
    );
    some(
      "long orders",
      share((order) => order.lineItems.length > 10),
    );
    some(
      "lines without a product",
      share(({ lineItems }) => lineItems.some((line) => line.product === null)),
    );
    some("customers without an e-mail", customers.filter((one) => one.defaultEmailAddress === null).length);
    some("twins", customers.length - new Set(customers.map((one) => one.displayName)).size);
    for (const script of ["Cyrillic", "Greek", "Arabic", "Hebrew", "Han", "Hiragana", "Hangul", "Thai", "Devanagari"]) {
      const letters = new RegExp(`\\p{Script=${script}}`, "u");
      some(script, customers.filter((one) => letters.test(one.displayName)).length);
    }
    some("emoji", customers.filter((one) => /\p{Extended_Pictographic}/u.test(one.displayName)).length);
    some("free wares", [...simulator.variants.values()].filter((one) => centsOf(one.price) < 100).length);
  });

  test("what happened in the past is stamped in the past", () => {
    const { simulator, clock } = populated(6);
    const lately = new Date(clock.now() - 86_400_000).toISOString();
    const orders = [...simulator.orders.values()];
    assert.ok(orders.every((order) => order.updatedAt >= order.createdAt));
    assert.ok(orders.filter((order) => order.updatedAt > lately).length < orders.length / 10);
  });
});

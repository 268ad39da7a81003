import assert from "node:assert/strict";
import { test } from "node:test";
import { createShopifySimulator, type ShopifySimulator } from "../../connectors/shopify/simulator.ts";
import type { QuickBooksBody } from "../../connectors/quickbooks/simulator.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { compare } from "./compare.ts";

function setup() {
  const shop = createShopifySimulator({
    clock: new VirtualClock(),
    random: new SeededRandom(1),
    shop: "trial",
    accessToken: "token",
    webhookSecret: "secret",
  });
  const customer = shop.addCustomer({ firstName: "Ann" });
  const order = shop.addOrder({ customerId: customer.id, lines: [{ unitPrice: "12.50", quantity: 2 }], note: "gift" });
  const booked = { Id: "7", DisplayName: `Customer ${customer.id.split("/").at(-1)}`, GivenName: "Ann" };
  const invoice = {
    DocNumber: order.name,
    TotalAmt: "25.00",
    PrivateNote: "gift; refunded 0.00",
    CustomerRef: { value: "7" },
  };
  return { shop, customer, order, booked, invoice };
}

function compared(shop: ShopifySimulator, bookedInvoices: QuickBooksBody[], bookedCustomers: QuickBooksBody[]) {
  return compare({
    orders: shop.orders.values(),
    customers: shop.customers.values(),
    bookedInvoices,
    bookedCustomers,
  });
}

test("books that agree with the shop miss nothing and double nothing", () => {
  const { shop, booked, invoice } = setup();
  assert.deepEqual(compared(shop, [invoice], [booked]), { missed: [], doubled: [] });
});

test("a paid order without an invoice is missed, one with two is doubled", () => {
  const { shop, booked, invoice } = setup();
  assert.deepEqual(compared(shop, [], [booked]).missed, ["order #1001 is paid, and has no invoice"]);
  assert.deepEqual(compared(shop, [invoice, invoice], [booked]).doubled, ["order #1001 has 2 invoices"]);
});

const STALE: readonly (readonly [string, QuickBooksBody])[] = [
  ["total", { TotalAmt: "24.99" }],
  ["total that is not there", { TotalAmt: undefined }],
  ["note", { PrivateNote: "as placed; refunded 0.00" }],
  ["customer", { CustomerRef: { value: "8" } }],
];
for (const [what, field] of STALE) {
  test(`an invoice with another ${what} than the order's is missed`, () => {
    const { shop, booked, invoice } = setup();
    assert.equal(compared(shop, [{ ...invoice, ...field }], [booked]).missed.length, 1);
  });
}

test("a cancelled order leaves a voided invoice or none", () => {
  const { shop, order, booked, invoice } = setup();
  shop.cancelOrder(order.id);
  assert.deepEqual(compared(shop, [], [booked]).missed, []);
  assert.deepEqual(compared(shop, [{ ...invoice, TotalAmt: "0.00" }], [booked]).missed, []);
  assert.equal(compared(shop, [invoice], [booked]).missed.length, 1);
});

test("a customer who is missing, renamed or there twice is seen", () => {
  const { shop, booked, invoice } = setup();
  assert.ok(compared(shop, [invoice], []).missed.length > 0);
  assert.equal(compared(shop, [invoice], [{ ...booked, GivenName: "Bea" }]).missed.length, 1);
  assert.equal(compared(shop, [invoice], [booked, booked]).doubled.length, 1);
});

test("what is in the books and of nobody is seen", () => {
  const { shop, booked, invoice } = setup();
  const found = compared(shop, [invoice, { DocNumber: "X" }], [booked, { DisplayName: "Nobody" }]);
  assert.deepEqual(found.doubled, ["invoice X is of no order", '"Nobody" in the books is nobody in the shop']);
});

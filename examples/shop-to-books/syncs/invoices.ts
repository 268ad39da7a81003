// Paid orders become invoices: what was ordered, what was taken off, shipping and tax, to the cent.
import { decimal, defineSync, isoDate } from "../../../src/index.ts";
import { books, finance, shop } from "../connections.ts";
import { something, taxThatBalances, times } from "../amounts.ts";
import customers from "./customers.ts";
import items from "./items.ts";

const byReference = (key: string): { readonly value: string } => ({ value: key });

/** The customer in the books for guests without an account; made once by whoever set the books up. */
const GUESTS = { value: process.env["QUICKBOOKS_GUESTS_CUSTOMER"] ?? "1" };
/** The item for what has no variant any more, or never had one. */
const OTHER_SALES = { value: process.env["QUICKBOOKS_OTHER_SALES_ITEM"] ?? "1" };
/** The item for the tax that the shop took; its account is what is owed for it. */
const SALES_TAX = { value: process.env["QUICKBOOKS_SALES_TAX_ITEM"] ?? "2" };
/** QuickBooks' own name for the shipping line of an invoice. */
const SHIPPING = { value: "SHIPPING_ITEM_ID" };

const PAID: readonly (string | null)[] = ["PAID", "PARTIALLY_REFUNDED", "REFUNDED"];

export default defineSync({
  name: "orders-to-invoices",
  purpose: "Every paid order becomes an invoice, so that nobody types one in.",
  owner: finance,
  from: shop.orders,
  to: books.invoices,
  only: (order) => PAID.includes(order.displayFinancialStatus) && order.cancelledAt === null && !order.test,
  freshWithin: "1m",
  pollEvery: "5s",
  map: ({ field, table, each, one, concat, link }) => ({
    DocNumber: field((order) => order.name),
    TxnDate: field((order) => order.processedAt, isoDate("America/New_York")),
    CustomerRef: link(customers, (order) => order.customer?.id, byReference).or(GUESTS),
    CurrencyRef: table((order) => order.currencyCode, {
      USD: { value: "USD" },
    }).otherwise.park("the customers in the books are in dollars, and QuickBooks takes no other currency for them"),
    BillEmail: field(
      (order) => order.email,
      (address) => ({ Address: address }),
    ).orOmit(),
    Line: concat(
      each(
        (order) => order.lineItems,
        ({ field, link, constant, object }) => ({
          DetailType: constant("SalesItemLineDetail"),
          Description: field((line) => line.title),
          Amount: field((line) => times(line.originalUnitPriceSet.shopMoney.amount, line.quantity)),
          SalesItemLineDetail: object({
            ItemRef: link(items, (line) => line.variant?.id, byReference).or(OTHER_SALES),
            UnitPrice: field((line) => line.originalUnitPriceSet.shopMoney.amount, decimal(2)),
            Qty: field((line) => String(line.quantity)),
          }),
        }),
      ),
      one(
        (order) => something(order.totalShippingPriceSet.shopMoney.amount),
        ({ field, constant }) => ({
          DetailType: constant("SalesItemLineDetail"),
          Amount: field((amount) => amount, decimal(2)),
          SalesItemLineDetail: constant({ ItemRef: SHIPPING }),
        }),
      ),
      // Not as `TxnTaxDetail.TotalTax`, which a company with automated sales tax may leave aside; it reckons none of its own for these lines.
      one(
        (order) => something(taxThatBalances(order)),
        ({ field, constant }) => ({
          DetailType: constant("SalesItemLineDetail"),
          Description: constant("Sales tax"),
          Amount: field((amount) => amount, decimal(2)),
          SalesItemLineDetail: constant({ ItemRef: SALES_TAX }),
        }),
      ),
      one(
        (order) => something(order.totalDiscountsSet?.shopMoney.amount),
        ({ field, constant }) => ({
          DetailType: constant("DiscountLineDetail"),
          Amount: field((amount) => amount, decimal(2)),
          DiscountLineDetail: constant({ PercentBased: false }),
        }),
      ),
    ),
  }),
  onDelete: "void",
  onOutOfScope: "void",
});

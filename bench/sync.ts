// The sync that the bench moves orders by: about fifteen fields, one invoice an order.
import { defineSync, type ConnectedResource } from "../src/index.ts";
import type { Resource } from "../src/define/resource.ts";
import type { Invoice } from "./invoice.ts";
import type { Order } from "./order.ts";

export function ordersToInvoices(
  from: ConnectedResource<Resource<Order, any, any>>,
  to: ConnectedResource<Resource<any, Invoice, string>>,
) {
  return defineSync({
    name: "orders-to-invoices",
    purpose: "What the bench measures: about fifteen fields, one invoice an order.",
    owner: "bench",
    from,
    to,
    freshWithin: "1h",
    pollEvery: "1h",
    map: ({ field, each }) => ({
      DocNumber: field((order) => order.name),
      TxnDate: field((order) => order.processedAt, day),
      DueDate: field((order) => order.createdAt, day),
      CustomerRef: field((order) => order.customer.id),
      CustomerName: field((order) => `${order.customer.firstName} ${order.customer.lastName}`),
      CurrencyRef: field((order) => order.currency),
      BillEmail: field((order) => order.customer.email),
      BillStreet: field((order) => order.billingAddress.street),
      BillCity: field((order) => order.billingAddress.city),
      BillPostalCode: field((order) => order.billingAddress.postalCode),
      BillCountry: field((order) => order.billingAddress.country),
      ShipMethod: field((order) => order.shippingMethod),
      PrivateNote: field((order) => order.note).or(""),
      TotalTax: field((order) => order.totalTax),
      TotalAmount: field((order) => order.totalPrice),
      Lines: each(
        (order) => order.lineItems,
        ({ field }) => ({
          Sku: field((line) => line.sku),
          Description: field((line) => line.title),
          Quantity: field((line) => line.quantity),
          UnitPrice: field((line) => line.price),
        }),
      ),
    }),
    onDelete: "keep",
  });
}

function day(instant: string): string {
  return instant.slice(0, 10);
}

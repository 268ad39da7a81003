// The invoice that an order becomes, mapped the shortest way: what any mapping is measured against.
import type { Order } from "./order.ts";

export interface InvoiceLine {
  readonly Sku: string;
  readonly Description: string;
  readonly Quantity: number;
  readonly UnitPrice: string;
}

export interface Invoice {
  readonly DocNumber: string;
  readonly TxnDate: string;
  readonly DueDate: string;
  readonly CustomerRef: string;
  readonly CustomerName: string;
  readonly CurrencyRef: string;
  readonly BillEmail: string;
  readonly BillStreet: string;
  readonly BillCity: string;
  readonly BillPostalCode: string;
  readonly BillCountry: string;
  readonly ShipMethod: string;
  readonly PrivateNote: string;
  readonly TotalTax: string;
  readonly TotalAmount: string;
  readonly Lines: readonly InvoiceLine[];
}

export function invoiceOf(order: Order): Invoice {
  return {
    DocNumber: order.name,
    TxnDate: order.processedAt.slice(0, 10),
    DueDate: order.createdAt.slice(0, 10),
    CustomerRef: order.customer.id,
    CustomerName: `${order.customer.firstName} ${order.customer.lastName}`,
    CurrencyRef: order.currency,
    BillEmail: order.customer.email,
    BillStreet: order.billingAddress.street,
    BillCity: order.billingAddress.city,
    BillPostalCode: order.billingAddress.postalCode,
    BillCountry: order.billingAddress.country,
    ShipMethod: order.shippingMethod,
    PrivateNote: order.note ?? "",
    TotalTax: order.totalTax,
    TotalAmount: order.totalPrice,
    Lines: order.lineItems.map((line) => ({
      Sku: line.sku,
      Description: line.title,
      Quantity: line.quantity,
      UnitPrice: line.price,
    })),
  };
}

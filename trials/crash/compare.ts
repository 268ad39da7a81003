// Compares the books with the shop, record by record, from both simulators' own truth: nothing here is shared with Bowline.
import type { QuickBooksBody } from "../../connectors/quickbooks/simulator.ts";
import type { SimulatedCustomer, SimulatedOrder } from "../../connectors/shopify/simulator.ts";

export interface Compared {
  /** Records whose last state is not in the books. */
  readonly missed: readonly string[];
  /** Invoices and customers that are there more than once, or that nobody asked for. */
  readonly doubled: readonly string[];
}

export interface BothSides {
  readonly orders: Iterable<Readonly<SimulatedOrder>>;
  readonly customers: Iterable<Readonly<SimulatedCustomer>>;
  readonly bookedInvoices: Iterable<QuickBooksBody>;
  readonly bookedCustomers: Iterable<QuickBooksBody>;
}

const INVOICED: readonly string[] = ["PAID", "PARTIALLY_REFUNDED", "REFUNDED"];

export function compare({ orders, customers, bookedInvoices, bookedCustomers }: BothSides): Compared {
  const missed: string[] = [];
  const doubled: string[] = [];
  const invoicesByNumber = Map.groupBy(bookedInvoices, (invoice) => String(invoice["DocNumber"]));
  const customersByName = Map.groupBy(bookedCustomers, (customer) => String(customer["DisplayName"]));

  const bookedIds = new Map<string, string>();
  for (const customer of customers) {
    const name = `Customer ${customer.id.slice(customer.id.lastIndexOf("/") + 1)}`;
    const [booked, ...more] = customersByName.get(name) ?? [];
    customersByName.delete(name);
    if (more.length > 0) doubled.push(`${name} is in the books ${more.length + 1} times`);
    if (booked === undefined) missed.push(`${name} is not in the books`);
    else {
      bookedIds.set(customer.id, String(booked["Id"]));
      const bookedName = textOf(booked, "GivenName");
      if (bookedName !== customer.firstName) {
        missed.push(`${name} is "${bookedName}" in the books, "${customer.firstName}" in the shop`);
      }
    }
  }
  for (const order of orders) {
    const [invoice, ...more] = invoicesByNumber.get(order.name) ?? [];
    invoicesByNumber.delete(order.name);
    if (more.length > 0) doubled.push(`order ${order.name} has ${more.length + 1} invoices`);
    missed.push(...differences(order, invoice, bookedIds).map((words) => `order ${order.name} ${words}`));
  }
  for (const number of invoicesByNumber.keys()) doubled.push(`invoice ${number} is of no order`);
  for (const name of customersByName.keys()) doubled.push(`"${name}" in the books is nobody in the shop`);
  return { missed, doubled };
}

function differences(
  order: Readonly<SimulatedOrder>,
  invoice: QuickBooksBody | undefined,
  bookedIds: ReadonlyMap<string, string>,
): readonly string[] {
  const wanted = INVOICED.includes(order.displayFinancialStatus) && order.cancelledAt === null;
  if (!wanted) {
    // An order that was invoiced and then cancelled leaves a voided invoice.
    const isEmpty = invoice === undefined || (order.cancelledAt !== null && cents(textOf(invoice, "TotalAmt")) === 0);
    return isEmpty ? [] : [`is ${order.cancelledAt === null ? "not paid" : "cancelled"}, and has an invoice`];
  }
  if (invoice === undefined) return ["is paid, and has no invoice"];
  const found: string[] = [];
  const total = order.totalPriceSet.shopMoney.amount;
  const bookedTotal = textOf(invoice, "TotalAmt");
  if (cents(bookedTotal) !== cents(total)) found.push(`is ${total}, its invoice ${bookedTotal}`);
  const refunded = (cents(order.totalRefundedSet.shopMoney.amount) / 100).toFixed(2);
  const note = `${order.note}; refunded ${refunded}`;
  const bookedNote = textOf(invoice, "PrivateNote");
  if (bookedNote !== note) found.push(`is "${note}", its invoice "${bookedNote}"`);
  const booked = textOf(invoice["CustomerRef"] as QuickBooksBody | undefined, "value");
  const wantedCustomer = bookedIds.get(order.customer?.id ?? "");
  if (booked !== wantedCustomer) found.push(`is customer ${wantedCustomer}'s, its invoice ${booked}'s`);
  return found;
}

function textOf(body: QuickBooksBody | undefined, field: string): string | undefined {
  const value = body?.[field];
  return typeof value === "string" ? value : undefined;
}

/** Not a number when there is no amount, which equals nothing. */
function cents(amount: string | undefined): number {
  return Math.round(Number(amount) * 100);
}

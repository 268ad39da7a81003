// Do the shop and the books agree? Compared record by record from the two simulators' own state, with none of Bowline's
// code or memory involved.
import Big from "big.js";
import type { QuickBooksBody } from "../../connectors/quickbooks/simulator.ts";
import type { Providers } from "./providers.ts";
import { displayName } from "./names.ts";

export interface Agreement {
  readonly compared: number;
  /** Each with the record, the field, what was expected and what is there. */
  readonly differences: readonly string[];
  /** Records of the books that exist more than once, or for nothing in the shop. */
  readonly duplicates: number;
  /** Records of the shop that are not in the books. */
  readonly lost: number;
}

export function compare({ shop, books }: Providers): Agreement {
  const differences: string[] = [];
  let compared = 0;
  let lost = 0;
  const differ = (what: string, expected: string, found: string): void => {
    if (expected !== found) differences.push(`${what}: expected ${expected}, found ${found}`);
  };

  const customers = byName(books.truth.customers, "DisplayName");
  for (const customer of shop.customers.values()) {
    compared += 1;
    const found = customers.get(displayName(customer.displayName, numberOf(customer.id)));
    if (found === undefined) {
      lost += 1;
      differences.push(`customer ${customer.id} (${customer.displayName}): not in the books`);
      continue;
    }
    const email = (found["PrimaryEmailAddr"] as { Address?: string } | undefined)?.Address ?? "none";
    differ(`customer ${customer.id}, e-mail`, customer.defaultEmailAddress?.emailAddress ?? "none", email);
  }

  const items = [...books.truth.items.values()];
  for (const variant of shop.variants.values()) {
    compared += 1;
    const found = items.find(({ Name }) => String(Name).endsWith(`(${numberOf(variant.id)})`));
    if (found === undefined) lost += 1;
    differ(
      `variant ${variant.id}, price`,
      amount(variant.price),
      found === undefined ? "nothing" : amount(found["UnitPrice"]),
    );
  }

  const invoices = byName(books.truth.invoices, "DocNumber");
  const expected = new Set<string>();
  for (const order of shop.orders.values()) {
    const status = order.displayFinancialStatus;
    const paid = ["PAID", "PARTIALLY_REFUNDED", "REFUNDED"].includes(status) && !order.test;
    const invoice = invoices.get(order.name);
    if (paid && order.cancelledAt === null) {
      compared += 1;
      expected.add(order.name);
      if (invoice === undefined) {
        lost += 1;
        differences.push(`order ${order.name}: no invoice`);
        continue;
      }
      differ(`order ${order.name}, total`, amount(order.totalPriceSet.shopMoney.amount), amount(invoice["TotalAmt"]));
      differ(`order ${order.name}, currency`, order.currencyCode, String(reference(invoice["CurrencyRef"])));
      const email = (invoice["BillEmail"] as { Address?: string } | undefined)?.Address ?? "none";
      differ(`order ${order.name}, e-mail`, order.email ?? "none", email);
    } else if (invoice !== undefined) {
      compared += 1;
      expected.add(order.name);
      differ(
        `order ${order.name} (${status}, not to be invoiced), total of its invoice`,
        "0.00",
        amount(invoice["TotalAmt"]),
      );
    }
  }

  const unexpected = [...invoices.keys()].filter((number) => !expected.has(number)).length;
  const duplicates =
    books.truth.duplicates("Invoice", "DocNumber") + books.truth.duplicates("Customer", "DisplayName") + unexpected;
  return { compared, differences, duplicates, lost };
}

function byName(records: ReadonlyMap<string, QuickBooksBody>, field: string): Map<string, QuickBooksBody> {
  return new Map([...records.values()].map((record) => [String(record[field]), record]));
}

const amount = (value: unknown): string => new Big(String(value)).toFixed(2);
const reference = (value: unknown): unknown => (value as { value?: unknown } | undefined)?.value;
/** "gid://shopify/Customer/12" → "12" */
const numberOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

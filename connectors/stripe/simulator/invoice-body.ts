// What an invoice, its lines and invoice items look like, and how its sums follow from its lines.
import { numberOf, textOf, type Body } from "./body.ts";
import type { Ledger } from "./ledger.ts";
import { plain } from "./unit-amounts.ts";

export function blankInvoice(ledger: Ledger, customer: Body, currency: string): Body {
  const id = ledger.newId("in");
  const now = ledger.now;
  return {
    id,
    object: "invoice",
    account_country: "US",
    account_name: "Simulated Company",
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: "manual",
    collection_method: "charge_automatically",
    created: now,
    currency,
    custom_fields: null,
    customer: customer["id"],
    customer_account: null,
    customer_address: customer["address"] ?? null,
    customer_email: customer["email"] ?? null,
    customer_name: customer["name"] ?? null,
    customer_phone: customer["phone"] ?? null,
    customer_shipping: customer["shipping"] ?? null,
    customer_tax_exempt: customer["tax_exempt"] ?? "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: ledger.shownLines(id),
    livemode: ledger.livemode,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: now,
    period_start: now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
}

/** The fields of an invoice that follow from its lines. */
export function sums(ledger: Ledger, invoice: string): Body {
  const total = (ledger.lines.get(invoice) ?? []).reduce((sum, line) => sum + numberOf(line, "amount"), 0);
  const due = Math.max(0, total);
  return {
    lines: ledger.shownLines(invoice),
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    amount_due: due,
    amount_remaining: due,
  };
}

/** What is sold on one line. */
export interface Sold {
  readonly amount: number;
  readonly currency: string;
  readonly quantity: number;
  readonly unitAmount: string;
  readonly price: string;
  readonly product: string;
  readonly description: string | null;
  readonly period: Body;
  readonly discountable: boolean;
  readonly metadata: Body;
}

function pricing({ price, product, unitAmount }: Sold): Body {
  return { price_details: { price, product }, type: "price_details", unit_amount_decimal: plain(unitAmount) };
}

export function invoiceItemBody(ledger: Ledger, customer: string, invoice: string | null, sold: Sold): Body {
  return {
    id: ledger.newId("ii"),
    object: "invoiceitem",
    amount: sold.amount,
    currency: sold.currency,
    customer,
    customer_account: null,
    date: ledger.now,
    description: sold.description,
    discountable: sold.discountable,
    discounts: [],
    invoice,
    livemode: ledger.livemode,
    metadata: sold.metadata,
    net_amount: sold.amount,
    parent: null,
    period: sold.period,
    pricing: pricing(sold),
    proration: false,
    quantity: sold.quantity,
    quantity_decimal: String(sold.quantity),
    tax_rates: [],
    test_clock: null,
  };
}

/** The line that shows an invoice item on its invoice. */
export function lineOfItem(ledger: Ledger, item: Body, invoice: string): Body {
  return {
    id: ledger.newId("il"),
    object: "line_item",
    amount: item["amount"],
    currency: item["currency"],
    description: item["description"],
    discount_amounts: [],
    discountable: item["discountable"],
    discounts: [],
    invoice,
    livemode: ledger.livemode,
    metadata: item["metadata"],
    parent: {
      invoice_item_details: {
        invoice_item: item["id"],
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: item["period"],
    pretax_credit_amounts: [],
    pricing: item["pricing"],
    quantity: item["quantity"],
    quantity_decimal: item["quantity_decimal"],
    subscription: null,
    subtotal: item["amount"],
    taxes: [],
  };
}

/** The invoice item behind a line, when there is one. */
export function itemOfLine(line: Body): string | undefined {
  const parent = line["parent"] as Body | null;
  return textOf((parent?.["invoice_item_details"] ?? undefined) as Body | undefined, "invoice_item");
}

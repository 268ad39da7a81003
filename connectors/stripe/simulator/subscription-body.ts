// What a subscription and its items look like.
import { listOf, type Body } from "./body.ts";
import type { Ledger } from "./ledger.ts";

export function blankSubscription(ledger: Ledger, customer: string): Body {
  const now = ledger.now;
  return {
    id: ledger.newId("sub"),
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: "classic" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: "charge_automatically",
    created: now,
    currency: ledger.currency,
    customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, issuer: { type: "self" } },
    items: listOf([], "/v1/subscription_items"),
    latest_invoice: null,
    livemode: ledger.livemode,
    managed_payments: null,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: "incomplete",
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
    trial_start: null,
  };
}

export function itemsOf(subscription: string, items: readonly Body[]): Body {
  return listOf(items, `/v1/subscription_items?subscription=${subscription}`);
}

export function itemBody(
  ledger: Ledger,
  subscription: string,
  price: Body,
  quantity: number,
  metadata: Body,
  start: number,
  end: number,
): Body {
  return {
    id: ledger.newId("si", 14),
    object: "subscription_item",
    billing_thresholds: null,
    created: ledger.now,
    current_period_end: end,
    current_period_start: start,
    current_trial: null,
    discounts: [],
    metadata,
    plan: planOf(price),
    price,
    quantity,
    subscription,
    tax_rates: [],
  };
}

/** The older name under which a recurring price is shown as well. */
function planOf(price: Body): Body {
  const recurring = price["recurring"] as Body;
  return {
    id: price["id"],
    object: "plan",
    active: price["active"],
    amount: price["unit_amount"],
    amount_decimal: price["unit_amount_decimal"],
    billing_scheme: price["billing_scheme"],
    created: price["created"],
    currency: price["currency"],
    interval: recurring["interval"],
    interval_count: recurring["interval_count"],
    livemode: price["livemode"],
    metadata: price["metadata"],
    meter: null,
    nickname: price["nickname"],
    product: price["product"],
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: recurring["usage_type"],
  };
}

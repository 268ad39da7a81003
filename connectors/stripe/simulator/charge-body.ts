// What a charge looks like, and how one is made for a payment.
import { NO_ADDRESS, numberOf, type Body } from "./body.ts";
import type { Ledger } from "./ledger.ts";

export function addCharge(ledger: Ledger, intent: Body, captured: number, more: Body = {}): Body {
  const charge: Body = { ...blankCharge(ledger, numberOf(intent, "amount"), String(intent["currency"])), ...more };
  charge["amount_captured"] = captured;
  charge["captured"] = captured > 0;
  charge["payment_intent"] = intent["object"] === "payment_intent" ? intent["id"] : null;
  for (const name of ["customer", "description", "payment_method", "receipt_email", "metadata"]) {
    if (intent[name] !== undefined) charge[name] = intent[name];
  }
  return ledger.add("charge", charge);
}

function blankCharge(ledger: Ledger, amount: number, currency: string): Body {
  const id = ledger.newId("ch");
  return {
    id,
    object: "charge",
    amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: ledger.newId("txn"),
    billing_details: { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: "SIMULATED",
    captured: false,
    created: ledger.now,
    currency,
    customer: null,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: ledger.livemode,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: "approved_by_network",
      reason: null,
      seller_message: "Payment complete.",
      type: "authorized",
    },
    paid: true,
    payment_intent: null,
    payment_method: null,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: `https://pay.stripe.com/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "succeeded",
    transfer_data: null,
    transfer_group: null,
  };
}

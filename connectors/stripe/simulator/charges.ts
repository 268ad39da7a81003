// Charges made by themselves, as older integrations do, and refunds of any charge.
import { numberOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { shippingIn } from "./customers.ts";
import { declined, invalid, missingParameter } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { addCharge } from "./charge-body.ts";

export const chargeEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/charges", permission: "charge_write", run: createCharge },
  { method: "POST", path: "/v1/charges/{id}", permission: "charge_write", run: updateCharge },
  { method: "POST", path: "/v1/charges/{id}/capture", permission: "charge_write", run: captureCharge },
  { method: "POST", path: "/v1/refunds", permission: "charge_write", run: createRefund },
  { method: "POST", path: "/v1/refunds/{id}", permission: "charge_write", run: updateRefund },
  { method: "POST", path: "/v1/refunds/{id}/cancel", permission: "charge_write", run: cancelRefund },
];

function createCharge({ ledger, params }: Call): Body {
  const amount = params.requiredInteger("amount");
  const currency = params.requiredText("currency").toLowerCase();
  const source = params.text("source") ?? null;
  const customer = params.text("customer") ?? null;
  const captures = params.flag("capture") ?? true;
  const charge: Body = { amount, currency, customer, payment_method: source };
  for (const name of ["description", "receipt_email"]) charge[name] = params.text(name) ?? null;
  charge["metadata"] = params.metadata({});
  params.finish();
  if (source === null && customer === null) throw invalid("Must provide source or customer.", { unsaved: true });
  if (customer !== null) ledger.get("customer", customer, "customer");
  if (source?.includes("chargeDeclined")) {
    const failed = addCharge(ledger, charge, 0, { status: "failed", paid: false, failure_code: "card_declined" });
    ledger.emit("charge.failed", failed);
    throw declined({ charge: failed["id"] });
  }
  const made = addCharge(ledger, charge, captures ? amount : 0);
  ledger.emit("charge.succeeded", made);
  return made;
}

function updateCharge(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("charge", idOf(call));
  const changes: Body = {};
  for (const name of ["description", "receipt_email", "transfer_group", "customer"]) {
    const value = params.text(name);
    if (value !== undefined) changes[name] = value;
  }
  if (params.has("metadata")) changes["metadata"] = params.metadata(before["metadata"] as Body);
  const shipping = shippingIn(params);
  if (shipping !== undefined) changes["shipping"] = shipping;
  params.finish();
  return ledger.change("charge", idOf(call), changes, "charge.updated");
}

function captureCharge(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("charge", idOf(call));
  const amount = params.integer("amount") ?? numberOf(before, "amount");
  params.finish();
  if (before["captured"] === true) {
    throw invalid(`Charge ${idOf(call)} has already been captured.`, { code: "charge_already_captured" });
  }
  return ledger.change("charge", idOf(call), { captured: true, amount_captured: amount }, "charge.captured");
}

function createRefund({ ledger, params }: Call): Body {
  const given = params.text("charge");
  const intent = params.text("payment_intent");
  const asked = params.integer("amount");
  const reason = params.oneOf("reason", ["duplicate", "fraudulent", "requested_by_customer"]) ?? null;
  const metadata = params.metadata({});
  params.text("currency");
  params.finish();
  if (!given && !intent) throw missingParameter("payment_intent");
  const charge = given ? ledger.get("charge", given, "charge") : chargeOf(ledger, intent ?? "");
  const left = numberOf(charge, "amount_captured") - numberOf(charge, "amount_refunded");
  if (left <= 0) {
    throw invalid(`Charge ${String(charge["id"])} has already been refunded.`, { code: "charge_already_refunded" });
  }
  const amount = asked ?? left;
  if (amount < 1 || amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    });
  }
  const refund = ledger.add("refund", { ...refundOf(ledger, charge, amount), reason, metadata }, "refund.created");
  const refunded = numberOf(charge, "amount_refunded") + amount;
  const changes = { amount_refunded: refunded, refunded: refunded === numberOf(charge, "amount") };
  ledger.change("charge", String(charge["id"]), changes, "charge.refunded");
  return refund;
}

function chargeOf(ledger: Ledger, intent: string): Body {
  const latest = ledger.get("payment_intent", intent, "payment_intent")["latest_charge"];
  if (typeof latest === "string") return ledger.get("charge", latest, "payment_intent");
  throw invalid(`This PaymentIntent (${intent}) does not have a successful charge to refund.`, {
    param: "payment_intent",
  });
}

function refundOf(ledger: Ledger, charge: Body, amount: number): Body {
  return {
    id: ledger.newId("re"),
    object: "refund",
    amount,
    balance_transaction: ledger.newId("txn"),
    charge: charge["id"],
    created: ledger.now,
    currency: charge["currency"],
    customer: charge["customer"] ?? null,
    customer_account: null,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata: {},
    payment_intent: charge["payment_intent"],
    payment_method: charge["payment_method"] ?? null,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
}

function updateRefund(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("refund", idOf(call));
  const metadata = params.metadata(before["metadata"] as Body);
  params.finish();
  return ledger.change("refund", idOf(call), { metadata }, "refund.updated");
}

function cancelRefund(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("refund", idOf(call));
  params.finish();
  if (before["status"] !== "requires_action") {
    throw invalid(`Refund ${idOf(call)} cannot be canceled: its status is ${String(before["status"])}.`);
  }
  return ledger.change("refund", idOf(call), { status: "canceled" }, "refund.updated");
}

// Payment intents and the charges that they make. Test payment methods decide what becomes of a payment, as in Stripe's
// own test mode: names with "chargeDeclined" are declined, names with "authenticationRequired" ask for more.
import { numberOf, textOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { addCharge } from "./charge-body.ts";
import { shippingIn } from "./customers.ts";
import { declined, invalid } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Params } from "./params.ts";

const AMOUNT_MIN = 50;
const AMOUNT_MAX = 99_999_999;
const PATH = "/v1/payment_intents/{id}";
const WRITE = "payment_intent_write";

export const paymentEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/payment_intents", permission: WRITE, run: create },
  { method: "POST", path: PATH, permission: WRITE, run: update },
  { method: "POST", path: `${PATH}/confirm`, permission: WRITE, run: confirm },
  { method: "POST", path: `${PATH}/capture`, permission: WRITE, run: capture },
  { method: "POST", path: `${PATH}/cancel`, permission: WRITE, run: cancel },
];

function create({ ledger, params }: Call): Body {
  const amount = amountIn(params, params.requiredInteger("amount"));
  const currency = params.requiredText("currency").toLowerCase();
  const customer = params.text("customer") ?? null;
  const method = params.text("payment_method") ?? null;
  const confirms = params.flag("confirm") ?? false;
  params.flag("off_session");
  params.text("return_url");
  const automatic = automaticIn(params);
  const capturing = params.oneOf("capture_method", ["automatic", "automatic_async", "manual"]) ?? "automatic_async";
  const changes = plainChanges(params, {});
  const types = params.texts("payment_method_types");
  params.finish();
  if (customer !== null) ledger.get("customer", customer, "customer");
  const intent = { ...blankIntent(ledger, amount, currency), ...changes };
  intent["customer"] = customer;
  intent["payment_method"] = method;
  intent["capture_method"] = capturing;
  intent["automatic_payment_methods"] = types.length > 0 ? null : automatic;
  if (types.length > 0) intent["payment_method_types"] = types;
  intent["status"] = method === null ? "requires_payment_method" : "requires_confirmation";
  ledger.add("payment_intent", intent, "payment_intent.created");
  return confirms ? attempt(ledger, String(intent["id"])) : intent;
}

function automaticIn(params: Params): Body {
  const part = params.part("automatic_payment_methods");
  const enabled = part?.flag("enabled") ?? true;
  const redirects = part?.oneOf("allow_redirects", ["always", "never"]);
  part?.finish();
  return { ...(redirects === undefined ? {} : { allow_redirects: redirects }), enabled };
}

export function blankIntent(ledger: Ledger, amount: number, currency: string): Body {
  const id = ledger.newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_${ledger.newId("secret")}`,
    confirmation_method: "automatic",
    created: ledger.now,
    currency,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: ledger.livemode,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}

function plainChanges(params: Params, metadata: Body): Body {
  const changes: Body = {};
  const names = ["description", "receipt_email", "setup_future_usage", "statement_descriptor"];
  for (const name of [...names, "statement_descriptor_suffix", "transfer_group"]) {
    const value = params.text(name);
    if (value !== undefined) changes[name] = value;
  }
  const shipping = shippingIn(params);
  if (shipping !== undefined) changes["shipping"] = shipping;
  if (params.has("metadata")) changes["metadata"] = params.metadata(metadata);
  return changes;
}

function amountIn(_params: Params, amount: number): number {
  if (amount > AMOUNT_MAX)
    throw invalid("Amount must be no more than 999999.99.", { code: "amount_too_large", param: "amount" });
  if (amount >= AMOUNT_MIN) return amount;
  const message = "Amount must convert to at least 50 cents.";
  throw invalid(message, { code: amount < 1 ? "parameter_invalid_integer" : "amount_too_small", param: "amount" });
}

function update(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("payment_intent", idOf(call));
  const changes = plainChanges(params, before["metadata"] as Body);
  const amount = params.integer("amount");
  const currency = params.text("currency");
  const customer = params.text("customer");
  const method = params.text("payment_method");
  params.finish();
  const isMoney = typeof amount === "number" || Boolean(currency) || Boolean(method);
  if (isMoney && !["requires_payment_method", "requires_confirmation", "requires_action"].includes(statusOf(before))) {
    throw unexpected(before, "This PaymentIntent's amount could not be updated");
  }
  if (typeof amount === "number") changes["amount"] = amountIn(params, amount);
  if (currency) changes["currency"] = currency.toLowerCase();
  if (customer) changes["customer"] = ledger.get("customer", customer, "customer")["id"];
  if (method) Object.assign(changes, { payment_method: method, status: "requires_confirmation" });
  // No event tells of an edited payment intent.
  return ledger.change("payment_intent", idOf(call), changes);
}

function confirm(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("payment_intent", idOf(call));
  const method = params.text("payment_method");
  params.text("return_url");
  params.flag("off_session");
  params.finish();
  if (!["requires_payment_method", "requires_confirmation", "requires_action"].includes(statusOf(before))) {
    throw unexpected(before, "This PaymentIntent could not be confirmed");
  }
  if (method) ledger.change("payment_intent", idOf(call), { payment_method: method });
  return attempt(ledger, idOf(call));
}

/** Tries to take the money: a charge, an answer that asks for more, or a refusal. */
export function attempt(ledger: Ledger, id: string): Body {
  const intent = ledger.get("payment_intent", id);
  const method = textOf(intent, "payment_method");
  if (method === undefined) {
    const message = "You cannot confirm this PaymentIntent because it's missing a payment method.";
    throw invalid(message, { code: "payment_intent_unexpected_state", more: { payment_intent: intent } });
  }
  if (method.includes("authenticationRequired")) {
    const asks = { status: "requires_action", next_action: { type: "use_stripe_sdk", use_stripe_sdk: {} } };
    return ledger.change("payment_intent", id, asks, "payment_intent.requires_action");
  }
  if (method.includes("chargeDeclined")) return decline(ledger, intent);
  const waits = intent["capture_method"] === "manual";
  const amount = numberOf(intent, "amount");
  const charge = addCharge(ledger, intent, waits ? 0 : amount);
  ledger.emit("charge.succeeded", charge);
  if (waits) {
    const held = {
      status: "requires_capture",
      amount_capturable: amount,
      latest_charge: charge["id"],
      next_action: null,
    };
    return ledger.change("payment_intent", id, held, "payment_intent.amount_capturable_updated");
  }
  const done = { status: "succeeded", amount_received: amount, latest_charge: charge["id"], next_action: null };
  return ledger.change("payment_intent", id, done, "payment_intent.succeeded");
}

function decline(ledger: Ledger, intent: Body): never {
  const id = String(intent["id"]);
  const charge = addCharge(ledger, intent, 0, { status: "failed", paid: false, failure_code: "card_declined" });
  ledger.emit("charge.failed", charge);
  const error = { type: "card_error", code: "card_declined", message: "Your card was declined." };
  const changes = { status: "requires_payment_method", payment_method: null, last_payment_error: error };
  const after = ledger.change(
    "payment_intent",
    id,
    { ...changes, latest_charge: charge["id"] },
    "payment_intent.payment_failed",
  );
  throw declined({ charge: charge["id"], payment_intent: after });
}

function capture(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("payment_intent", idOf(call));
  const amount = params.integer("amount_to_capture") ?? numberOf(before, "amount_capturable");
  params.finish();
  if (statusOf(before) !== "requires_capture") throw unexpected(before, "This PaymentIntent could not be captured");
  const charge = String(before["latest_charge"]);
  ledger.change("charge", charge, { captured: true, amount_captured: amount }, "charge.captured");
  const changes = { status: "succeeded", amount_received: amount, amount_capturable: 0 };
  return ledger.change("payment_intent", idOf(call), changes, "payment_intent.succeeded");
}

function cancel(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("payment_intent", idOf(call));
  const reason = params.text("cancellation_reason") ?? null;
  params.finish();
  if (["succeeded", "canceled", "processing"].includes(statusOf(before))) {
    throw unexpected(before, "You cannot cancel this PaymentIntent");
  }
  const changes = { status: "canceled", canceled_at: ledger.now, cancellation_reason: reason, amount_capturable: 0 };
  return ledger.change("payment_intent", idOf(call), changes, "payment_intent.canceled");
}

function unexpected(intent: Body, what: string): Error {
  const message = `${what} because it has a status of ${statusOf(intent)}.`;
  return invalid(message, { code: "payment_intent_unexpected_state", more: { payment_intent: intent } });
}

function statusOf(intent: Body): string {
  return textOf(intent, "status") ?? "";
}

// How an invoice goes on from a draft: finalized, sent, paid, void or given up; and where it cannot go from there.
import { numberOf, textOf, type Body } from "./body.ts";
import { idOf, type Call } from "./call.ts";
import { invalid } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { attempt, blankIntent } from "./payments.ts";

export function finalizeCall(call: Call): Body {
  const { ledger, params } = call;
  const advances = params.flag("auto_advance");
  params.finish();
  const invoice = ledger.get("invoice", idOf(call));
  if (invoice["status"] !== "draft") {
    throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: "invoice_not_editable",
    });
  }
  return finalize(ledger, idOf(call), advances);
}

export function finalize(ledger: Ledger, id: string, advances?: boolean): Body {
  const invoice = ledger.get("invoice", id);
  const customer = ledger.get("customer", String(invoice["customer"]), "customer");
  const sequence = numberOf(customer, "next_invoice_sequence");
  ledger.change("customer", String(customer["id"]), { next_invoice_sequence: sequence + 1 });
  const address = `https://invoice.stripe.com/i/${ledger.accountId}/${id}`;
  const final = ledger.change(
    "invoice",
    id,
    {
      status: "open",
      number: invoice["number"] ?? `${String(customer["invoice_prefix"])}-${String(sequence).padStart(4, "0")}`,
      effective_at: invoice["effective_at"] ?? ledger.now,
      ending_balance: 0,
      hosted_invoice_url: address,
      invoice_pdf: `${address}/pdf`,
      status_transitions: { ...(invoice["status_transitions"] as Body), finalized_at: ledger.now },
      ...(advances === undefined ? {} : { auto_advance: advances }),
    },
    "invoice.finalized",
    "invoice.updated",
  );
  // What costs nothing is paid at once.
  return numberOf(final, "amount_due") === 0 ? settle(ledger, id, 0) : final;
}

export function pay(call: Call): Body {
  const { ledger, params } = call;
  const outOfBand = params.flag("paid_out_of_band") ?? false;
  const given = params.text("payment_method");
  params.flag("forgive");
  params.flag("off_session");
  params.finish();
  const id = idOf(call);
  const before = ledger.get("invoice", id);
  if (before["status"] === "paid") throw invalid("Invoice is already paid", { code: "invoice_already_paid" });
  if (before["status"] === "void") throw transition("pay", before);
  const invoice = before["status"] === "draft" ? finalize(ledger, id) : before;
  if (invoice["status"] === "paid") return invoice;
  if (outOfBand) return settle(ledger, id, numberOf(invoice, "amount_due"));
  const method = given || textOf(invoice, "default_payment_method") || methodOfCustomer(ledger, invoice);
  if (method === undefined) {
    throw invalid(
      "There is no `default_payment_method` set on this Customer or Invoice. Please set one prior to attempting payment or use the payment_method parameter.",
    );
  }
  return collect(ledger, id, method);
}

function methodOfCustomer(ledger: Ledger, invoice: Body): string | undefined {
  const settings = ledger.find("customer", String(invoice["customer"]))?.["invoice_settings"] as Body | undefined;
  return textOf(settings, "default_payment_method");
}

/** Takes the money through a payment intent; a refusal leaves the invoice open, and tells. */
export function collect(ledger: Ledger, id: string, method: string): Body {
  const invoice = ledger.get("invoice", id);
  const due = numberOf(invoice, "amount_due");
  const intent: Body = {
    ...blankIntent(ledger, due, String(invoice["currency"])),
    customer: invoice["customer"],
    payment_method: method,
    description: `Payment for ${String(invoice["number"])}`,
  };
  ledger.add("payment_intent", intent, "payment_intent.created");
  addPayment(ledger, invoice, String(intent["id"]));
  ledger.change("invoice", id, { attempted: true, attempt_count: numberOf(invoice, "attempt_count") + 1 });
  try {
    attempt(ledger, String(intent["id"]));
  } catch (refusal) {
    ledger.emit("invoice.payment_failed", ledger.get("invoice", id));
    throw refusal;
  }
  return settle(ledger, id, due);
}

function addPayment(ledger: Ledger, invoice: Body, intent: string): void {
  ledger.add("invoice_payment", {
    id: ledger.newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice["amount_due"],
    created: ledger.now,
    currency: invoice["currency"],
    invoice: invoice["id"],
    is_default: true,
    livemode: ledger.livemode,
    payment: { payment_intent: intent, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

function settle(ledger: Ledger, id: string, amount: number): Body {
  const invoice = ledger.get("invoice", id);
  for (const [payment, body] of ledger.objects.invoice_payment) {
    if (body["invoice"] !== id || body["status"] !== "open") continue;
    const paid = {
      status: "paid",
      amount_paid: amount,
      status_transitions: { canceled_at: null, paid_at: ledger.now },
    };
    ledger.change("invoice_payment", payment, paid, "invoice_payment.paid");
  }
  const changes = {
    status: "paid",
    attempted: true,
    amount_paid: amount,
    amount_remaining: 0,
    status_transitions: { ...(invoice["status_transitions"] as Body), paid_at: ledger.now },
  };
  return ledger.change("invoice", id, changes, "invoice.updated", "invoice.paid", "invoice.payment_succeeded");
}

export function send(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const before = ledger.get("invoice", idOf(call));
  const open = before["status"] === "draft" ? finalize(ledger, idOf(call)) : before;
  ledger.emit("invoice.sent", open);
  return open;
}

export function voidInvoice(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const before = ledger.get("invoice", idOf(call));
  if (before["status"] !== "open" && before["status"] !== "uncollectible") throw transition("void", before);
  const transitions = { ...(before["status_transitions"] as Body), voided_at: ledger.now };
  const changes = { status: "void", amount_remaining: 0, status_transitions: transitions };
  return ledger.change("invoice", idOf(call), changes, "invoice.updated", "invoice.voided");
}

export function markUncollectible(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const before = ledger.get("invoice", idOf(call));
  if (before["status"] !== "open") throw transition("mark as uncollectible", before);
  const transitions = { ...(before["status_transitions"] as Body), marked_uncollectible_at: ledger.now };
  const changes = { status: "uncollectible", status_transitions: transitions };
  return ledger.change("invoice", idOf(call), changes, "invoice.updated", "invoice.marked_uncollectible");
}

function transition(what: string, invoice: Body): Error {
  const message = `You can't ${what} this invoice: its status is ${String(invoice["status"])}.`;
  return invalid(message, { code: "status_transition_invalid" });
}

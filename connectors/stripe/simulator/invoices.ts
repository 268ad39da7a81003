// Invoices: drafts that take lines, what finalizing fixes for good, and the ways out: paid, void, uncollectible.
import { numberOf, textOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, missingParameter, noSuch } from "./errors.ts";
import { blankInvoice, invoiceItemBody, itemOfLine, lineOfItem, sums } from "./invoice-body.ts";
import type { Ledger } from "./ledger.ts";
import { pageOf } from "./lists.ts";
import type { Params } from "./params.ts";
import { attempt, blankIntent } from "./payments.ts";
import { soldIn } from "./sold.ts";

const DAY_SECONDS = 86_400;
const LINES_MAX = 250;
const WRITE = "invoice_write";
const PATH = "/v1/invoices/{id}";

export const invoiceEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/invoices", permission: WRITE, run: create },
  { method: "POST", path: PATH, permission: WRITE, run: update },
  { method: "DELETE", path: PATH, permission: WRITE, run: remove },
  { method: "GET", path: `${PATH}/lines`, permission: "invoice_read", run: lines },
  { method: "POST", path: `${PATH}/add_lines`, permission: WRITE, run: addLines },
  { method: "POST", path: `${PATH}/update_lines`, permission: WRITE, run: updateLines },
  { method: "POST", path: `${PATH}/remove_lines`, permission: WRITE, run: removeLines },
  { method: "POST", path: `${PATH}/finalize`, permission: WRITE, run: (call) => finalizeCall(call) },
  { method: "POST", path: `${PATH}/pay`, permission: WRITE, run: pay },
  { method: "POST", path: `${PATH}/send`, permission: WRITE, run: send },
  { method: "POST", path: `${PATH}/void`, permission: WRITE, run: voidInvoice },
  { method: "POST", path: `${PATH}/mark_uncollectible`, permission: WRITE, run: markUncollectible },
];

function create({ ledger, params }: Call): Body {
  const customer = params.text("customer");
  if (!customer) throw missingParameter("customer");
  const currency = params.text("currency");
  const pending = params.oneOf("pending_invoice_items_behavior", ["include", "exclude"]) ?? "exclude";
  params.text("subscription");
  const changes = changesIn(ledger, params, {}, true);
  params.finish();
  const buyer = ledger.get("customer", customer, "customer");
  const invoice = {
    ...blankInvoice(ledger, buyer, currency?.toLowerCase() ?? textOf(buyer, "currency") ?? ledger.currency),
    ...changes,
  };
  if (invoice["collection_method"] === "send_invoice" && invoice["due_date"] === null) {
    const message = "If invoices are sent, one of `days_until_due` or `due_date` is needed.";
    throw invalid(message, { code: "parameter_missing", param: "days_until_due" });
  }
  const id = String(invoice["id"]);
  ledger.lines.set(id, []);
  ledger.add("invoice", invoice);
  if (pending === "include") takePending(ledger, invoice);
  const made = ledger.change("invoice", id, sums(ledger, id));
  if (textOf(buyer, "currency") === undefined) {
    ledger.change("customer", customer, { currency: invoice["currency"] }, "customer.updated");
  }
  ledger.emit("invoice.created", made);
  return made;
}

function takePending(ledger: Ledger, invoice: Body): void {
  const id = String(invoice["id"]);
  for (const item of ledger.objects.invoiceitem.values()) {
    if (item["customer"] !== invoice["customer"] || item["invoice"] !== null) continue;
    if (item["currency"] !== invoice["currency"]) continue;
    const taken = ledger.change("invoiceitem", String(item["id"]), { invoice: id });
    ledger.lines.get(id)?.push(lineOfItem(ledger, taken, id));
  }
}

function changesIn(ledger: Ledger, params: Params, metadata: Body, isDraft: boolean): Body {
  const changes: Body = {};
  for (const name of ["description", "footer", "default_payment_method", "statement_descriptor"]) {
    const value = params.text(name);
    if (value !== undefined) changes[name] = value;
  }
  const advances = params.flag("auto_advance");
  if (advances !== undefined) changes["auto_advance"] = advances;
  if (params.has("metadata")) changes["metadata"] = params.metadata(metadata);
  const fixed = fixedChanges(ledger, params);
  if (!isDraft && Object.keys(fixed).length > 0) throw notEditable();
  return { ...changes, ...fixed };
}

/** What cannot be changed any more once the invoice is finalized. */
function fixedChanges(ledger: Ledger, params: Params): Body {
  const changes: Body = {};
  const method = params.oneOf("collection_method", ["charge_automatically", "send_invoice"]);
  if (method !== undefined) changes["collection_method"] = method;
  const days = params.integer("days_until_due");
  if (typeof days === "number") changes["due_date"] = ledger.now + days * DAY_SECONDS;
  for (const name of ["due_date", "effective_at"]) {
    const at = params.integer(name);
    if (at !== undefined) changes[name] = at;
  }
  const number = params.text("number");
  if (number !== undefined) changes["number"] = number;
  const fields = params.parts("custom_fields").map((one) => {
    const field = { name: one.requiredText("name"), value: one.requiredText("value") };
    one.finish();
    return field;
  });
  if (params.has("custom_fields")) changes["custom_fields"] = fields.length === 0 ? null : fields;
  return changes;
}

function update(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("invoice", idOf(call));
  const changes = changesIn(ledger, params, before["metadata"] as Body, before["status"] === "draft");
  params.finish();
  return ledger.change("invoice", idOf(call), changes, "invoice.updated");
}

function remove(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const id = idOf(call);
  const before = ledger.get("invoice", id);
  if (before["status"] !== "draft") {
    throw invalid("You can only delete draft invoices. To cancel a finalized invoice, void it.", {
      code: "invoice_not_editable",
    });
  }
  for (const line of ledger.lines.get(id) ?? []) dropItem(ledger, line);
  ledger.lines.delete(id);
  return ledger.remove("invoice", id, "invoice.deleted");
}

function lines(call: Call): Body {
  const { ledger } = call;
  const id = idOf(call);
  ledger.get("invoice", id);
  const listed = { kind: "invoice", startingAfterDeletedFails: false } as const;
  return pageOf(ledger.lines.get(id) ?? [], `/v1/invoices/${id}/lines`, call, listed);
}

function addLines(call: Call): Body {
  const { ledger, params } = call;
  const invoice = draft(call);
  const id = idOf(call);
  const currency = String(invoice["currency"]);
  const given = params.parts("lines").map((line) => {
    const sold = soldIn(ledger, line, currency);
    line.finish();
    return sold;
  });
  params.finish();
  const own = ledger.lines.get(id) ?? [];
  if (own.length + given.length > LINES_MAX) throw invalid(`An invoice takes at most ${LINES_MAX} lines.`);
  const other = given.find((sold) => sold.currency !== currency);
  if (other !== undefined) {
    throw invalid(`The price's currency (${other.currency}) is not the invoice's (${currency}).`, { param: "lines" });
  }
  for (const sold of given) {
    const item = invoiceItemBody(ledger, String(invoice["customer"]), id, sold);
    ledger.add("invoiceitem", item, "invoiceitem.created");
    own.push(lineOfItem(ledger, item, id));
  }
  ledger.lines.set(id, own);
  return ledger.change("invoice", id, sums(ledger, id), "invoice.updated");
}

function updateLines(call: Call): Body {
  const { ledger, params } = call;
  const invoice = draft(call);
  const id = idOf(call);
  const own = [...(ledger.lines.get(id) ?? [])];
  for (const part of params.parts("lines")) {
    const place = own.findIndex((line) => line["id"] === part.requiredText("id"));
    const before = own[place];
    if (before === undefined) throw noSuch("line item", part.requiredText("id"), "lines", 400);
    const sold = soldIn(ledger, part, String(invoice["currency"]), before);
    part.finish();
    const item = invoiceItemBody(ledger, String(invoice["customer"]), id, sold);
    const kept = { ...item, id: itemOfLine(before) };
    ledger.objects.invoiceitem.set(String(kept.id), kept);
    own[place] = { ...lineOfItem(ledger, kept, id), id: before["id"] };
  }
  params.finish();
  ledger.lines.set(id, own);
  return ledger.change("invoice", id, sums(ledger, id), "invoice.updated");
}

function removeLines(call: Call): Body {
  const { ledger, params } = call;
  draft(call);
  const id = idOf(call);
  const gone = new Map(
    params.parts("lines").map((part) => {
      const line = [part.requiredText("id"), part.requiredText("behavior")] as const;
      part.finish();
      return line;
    }),
  );
  params.finish();
  const own = ledger.lines.get(id) ?? [];
  for (const line of own) {
    const behavior = gone.get(String(line["id"]));
    if (behavior === "delete") dropItem(ledger, line);
    const item = itemOfLine(line);
    if (behavior === "unassign" && item !== undefined) ledger.change("invoiceitem", item, { invoice: null });
  }
  ledger.lines.set(
    id,
    own.filter((line) => !gone.has(String(line["id"]))),
  );
  return ledger.change("invoice", id, sums(ledger, id), "invoice.updated");
}

function dropItem(ledger: Ledger, line: Body): void {
  const item = itemOfLine(line);
  if (item !== undefined && ledger.find("invoiceitem", item) !== undefined) {
    ledger.remove("invoiceitem", item, "invoiceitem.deleted");
  }
}

function finalizeCall(call: Call): Body {
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

function pay(call: Call): Body {
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

export function methodOfCustomer(ledger: Ledger, invoice: Body): string | undefined {
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

function send(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const before = ledger.get("invoice", idOf(call));
  const open = before["status"] === "draft" ? finalize(ledger, idOf(call)) : before;
  ledger.emit("invoice.sent", open);
  return open;
}

function voidInvoice(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const before = ledger.get("invoice", idOf(call));
  if (before["status"] !== "open" && before["status"] !== "uncollectible") throw transition("void", before);
  const transitions = { ...(before["status_transitions"] as Body), voided_at: ledger.now };
  const changes = { status: "void", amount_remaining: 0, status_transitions: transitions };
  return ledger.change("invoice", idOf(call), changes, "invoice.updated", "invoice.voided");
}

function markUncollectible(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const before = ledger.get("invoice", idOf(call));
  if (before["status"] !== "open") throw transition("mark as uncollectible", before);
  const transitions = { ...(before["status_transitions"] as Body), marked_uncollectible_at: ledger.now };
  const changes = { status: "uncollectible", status_transitions: transitions };
  return ledger.change("invoice", idOf(call), changes, "invoice.updated", "invoice.marked_uncollectible");
}

function draft(call: Call): Body {
  const invoice = call.ledger.get("invoice", idOf(call));
  if (invoice["status"] !== "draft") throw notEditable();
  return invoice;
}

function notEditable(): Error {
  return invalid("Finalized invoices can't be updated in this way.", { code: "invoice_not_editable" });
}

function transition(what: string, invoice: Body): Error {
  const message = `You can't ${what} this invoice: its status is ${String(invoice["status"])}.`;
  return invalid(message, { code: "status_transition_invalid" });
}

// Invoices: drafts that take lines, what finalizing fixes for good, and the ways out: paid, void, uncollectible.
import { textOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, missingParameter } from "./errors.ts";
import { blankInvoice, lineOfItem, sums } from "./invoice-body.ts";
import { addLines, dropItem, lines, notEditable, removeLines, updateLines } from "./invoice-lines.ts";
import { finalizeCall, markUncollectible, pay, send, voidInvoice } from "./invoice-status.ts";
import type { Ledger } from "./ledger.ts";
import type { Params } from "./params.ts";

const DAY_SECONDS = 86_400;
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
  { method: "POST", path: `${PATH}/finalize`, permission: WRITE, run: finalizeCall },
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

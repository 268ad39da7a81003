// Invoice items: what waits for a customer's next invoice, or stands on a draft.
import { textOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, missingParameter } from "./errors.ts";
import { invoiceItemBody, itemOfLine, lineOfItem, sums } from "./invoice-body.ts";
import type { Ledger } from "./ledger.ts";
import { soldIn } from "./sold.ts";

const WRITE = "invoice_write";

export const invoiceItemEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/invoiceitems", permission: WRITE, run: create },
  { method: "POST", path: "/v1/invoiceitems/{id}", permission: WRITE, run: update },
  { method: "DELETE", path: "/v1/invoiceitems/{id}", permission: WRITE, run: remove },
];

function create({ ledger, params }: Call): Body {
  const customer = params.text("customer");
  if (!customer) throw missingParameter("customer");
  const invoice = params.text("invoice") ?? null;
  const given = params.text("currency")?.toLowerCase();
  const buyer = ledger.get("customer", customer, "customer");
  const sold = soldIn(ledger, params, given ?? textOf(buyer, "currency") ?? ledger.currency);
  params.finish();
  if (invoice !== null) editable(ledger, invoice);
  const item = invoiceItemBody(ledger, customer, invoice, sold);
  ledger.add("invoiceitem", item, "invoiceitem.created");
  if (invoice !== null) {
    ledger.lines.get(invoice)?.push(lineOfItem(ledger, item, invoice));
    ledger.change("invoice", invoice, sums(ledger, invoice), "invoice.updated");
  }
  return item;
}

function update(call: Call): Body {
  const { ledger, params } = call;
  const id = idOf(call);
  const before = ledger.get("invoiceitem", id);
  const invoice = textOf(before, "invoice");
  if (invoice !== undefined) editable(ledger, invoice);
  const isMoney = ["amount", "pricing", "price_data", "quantity", "unit_amount_decimal"].some((name) =>
    params.has(name),
  );
  const changes: Body = isMoney ? resold(ledger, call, before) : plainChanges(call, before);
  params.finish();
  const after = ledger.change("invoiceitem", id, changes);
  if (invoice !== undefined) {
    const lines = ledger.lines.get(invoice) ?? [];
    ledger.lines.set(
      invoice,
      lines.map((line) => (itemOfLine(line) === id ? { ...lineOfItem(ledger, after, invoice), id: line["id"] } : line)),
    );
    ledger.change("invoice", invoice, sums(ledger, invoice), "invoice.updated");
  }
  return after;
}

function resold(ledger: Ledger, { params }: Call, before: Body): Body {
  const onlyQuantity =
    params.has("quantity") &&
    !["amount", "pricing", "price_data", "unit_amount_decimal"].some((name) => params.has(name));
  if (onlyQuantity) throw missingParameter("unit_amount_decimal");
  const sold = soldIn(ledger, params, String(before["currency"]), before);
  const fresh = invoiceItemBody(ledger, String(before["customer"]), textOf(before, "invoice") ?? null, sold);
  const { id: _id, date: _date, ...changes } = fresh;
  return { ...changes, description: sold.description ?? before["description"] };
}

function plainChanges({ params }: Call, before: Body): Body {
  const changes: Body = {};
  const description = params.text("description");
  if (description !== undefined) changes["description"] = description;
  const discountable = params.flag("discountable");
  if (discountable !== undefined) changes["discountable"] = discountable;
  if (params.has("metadata")) changes["metadata"] = params.metadata(before["metadata"] as Body);
  return changes;
}

function remove(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const id = idOf(call);
  const invoice = textOf(ledger.get("invoiceitem", id), "invoice");
  if (invoice !== undefined) {
    editable(ledger, invoice);
    const lines = ledger.lines.get(invoice) ?? [];
    ledger.lines.set(
      invoice,
      lines.filter((line) => itemOfLine(line) !== id),
    );
  }
  const stub = ledger.remove("invoiceitem", id, "invoiceitem.deleted");
  if (invoice !== undefined) ledger.change("invoice", invoice, sums(ledger, invoice), "invoice.updated");
  return stub;
}

function editable(ledger: Ledger, invoice: string): void {
  if (ledger.get("invoice", invoice, "invoice")["status"] === "draft") return;
  throw invalid("This invoice is no longer editable.", { code: "invoice_not_editable", param: "invoice" });
}

// The lines of a draft: listed, added, changed and taken away, each with the invoice item behind it.
import { type Body } from "./body.ts";
import { idOf, type Call } from "./call.ts";
import { invalid, noSuch } from "./errors.ts";
import { invoiceItemBody, itemOfLine, lineOfItem, sums } from "./invoice-body.ts";
import type { Ledger } from "./ledger.ts";
import { pageOf } from "./lists.ts";
import { soldIn } from "./sold.ts";

const LINES_MAX = 250;

export function lines(call: Call): Body {
  const { ledger } = call;
  const id = idOf(call);
  ledger.get("invoice", id);
  const listed = { kind: "invoice", startingAfterDeletedFails: false } as const;
  return pageOf(ledger.lines.get(id) ?? [], `/v1/invoices/${id}/lines`, call, listed);
}

export function addLines(call: Call): Body {
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

export function updateLines(call: Call): Body {
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

export function removeLines(call: Call): Body {
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

export function dropItem(ledger: Ledger, line: Body): void {
  const item = itemOfLine(line);
  if (item !== undefined && ledger.find("invoiceitem", item) !== undefined) {
    ledger.remove("invoiceitem", item, "invoiceitem.deleted");
  }
}

function draft(call: Call): Body {
  const invoice = call.ledger.get("invoice", idOf(call));
  if (invoice["status"] !== "draft") throw notEditable();
  return invoice;
}

export function notEditable(): Error {
  return invalid("Finalized invoices can't be updated in this way.", { code: "invoice_not_editable" });
}

// One write to the books, whoever makes it: check it, settle it by the rules of its kind, put it down.
import type { Company } from "./company.ts";
import { isTrue, listOf, missing, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import { KINDS, type Body, type Kind } from "./kinds.ts";
import { settleCustomer, settleItem } from "./lists.ts";
import { releasedInvoices, releasedPayments, settlePayment, voidedPayment } from "./payments.ts";
import { settleSale, voidedSale } from "./sales.ts";

export interface WriteRequest {
  readonly kind: Kind;
  /** "save" creates what has no Id and updates what has one. */
  readonly operation: "save" | "delete" | "void";
  readonly body: Body;
  readonly warnDuplicates: boolean;
}

export function write(company: Company, request: WriteRequest): Body {
  const { kind, body, operation } = request;
  refuseUnknownFields(kind, body);
  const id = textOf(body, "Id");
  if (id === undefined) {
    if (operation !== "save") return missing("Id");
    return save(company, request, body, undefined);
  }
  const before = current(company, kind, id, body);
  if (operation === "delete") return remove(company, kind, before);
  if (operation === "void") return makeVoid(company, kind, before);
  return save(company, request, isTrue(body, "sparse") ? { ...before, ...given(body) } : body, before);
}

/** The object as it is, if the request knows its latest SyncToken. */
function current(company: Company, kind: Kind, id: string, body: Body): Body {
  const before = company.get(kind, id);
  const token = textOf(body, "SyncToken") ?? missing("SyncToken");
  if (token !== before["SyncToken"]) {
    const who = "You and another user were working on this at the same time; the other one was faster";
    refuse("5010", `Stale Object Error : ${who}. SyncToken ${token} is not the latest`, "");
  }
  return before;
}

function save(company: Company, request: WriteRequest, body: Body, before: Body | undefined): Body {
  const { kind, warnDuplicates } = request;
  const fields = writable(kind, body);
  const id = before === undefined ? company.nextId(kind) : String(before["Id"]);
  const verb = before === undefined ? "created" : "updated";
  if (kind === "Payment") {
    const { payment, invoices } = settlePayment(company, id, fields, before);
    const saved = company.put(kind, { ...payment, Id: id }, verb);
    for (const invoice of invoices) company.put("Invoice", invoice, "updated");
    return saved;
  }
  return company.put(kind, { ...settle(company, kind, fields, before, warnDuplicates), Id: id }, verb);
}

function settle(company: Company, kind: Kind, fields: Body, before: Body | undefined, warnDuplicates: boolean): Body {
  if (kind === "Customer") return settleCustomer(company, fields, before);
  if (kind === "Item") return settleItem(company, fields, before);
  if (kind === "Account" || kind === "Term") return refuse("6000", `${kind} cannot be written in this simulator`);
  return settleSale(company, fields, before, { kind, warnDuplicates });
}

function remove(company: Company, kind: Kind, before: Body): Body {
  if (KINDS[kind].list) refuse("6000", `${kind} cannot be deleted: set Active to false instead`);
  const id = String(before["Id"]);
  const [invoices, payments] = released(company, kind, before);
  company.remove(kind, id);
  for (const invoice of invoices) company.put("Invoice", invoice, "updated");
  for (const payment of payments) company.put("Payment", payment, "updated");
  return { domain: "QBO", status: "Deleted", Id: id };
}

function makeVoid(company: Company, kind: Kind, before: Body): Body {
  if (KINDS[kind].list || kind === "CreditMemo") refuse("6000", `${kind} cannot be voided`);
  const [invoices, payments] = released(company, kind, before);
  const voided = company.put(kind, kind === "Payment" ? voidedPayment(before) : voidedSale(before), "voided");
  for (const invoice of invoices) company.put("Invoice", invoice, "updated");
  for (const payment of payments) company.put("Payment", payment, "updated");
  return voided;
}

function released(company: Company, kind: Kind, body: Body): readonly [readonly Body[], readonly Body[]] {
  return [
    kind === "Payment" ? releasedInvoices(company, body) : [],
    kind === "Invoice" ? releasedPayments(company, body) : [],
  ];
}

/** A sparse request changes what it names; null names nothing. */
function given(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

function writable(kind: Kind, body: Body): Body {
  const facts = KINDS[kind];
  const kept = Object.entries(body).filter(([field, value]) => facts.writable.has(field) && value !== null);
  return Object.fromEntries(kept.filter(([, value]) => value !== ""));
}

function refuseUnknownFields(kind: Kind, body: Body): void {
  const { writable: known, readOnly } = KINDS[kind];
  for (const field of Object.keys(body)) {
    if (!known.has(field) && !readOnly.has(field)) {
      refuse("2010", `Property Name:${field} specified is unsupported or invalid`, field);
    }
  }
  if ("Line" in body) listOf(body, "Line");
}
